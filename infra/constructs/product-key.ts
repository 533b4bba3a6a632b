import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Differences } from '../local-differences.ts';

/** Managing a key without being able to use it. An administrator may still change the policy itself: docs/threat-model.md. */
const ADMINISTRATION = [
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:EnableKeyRotation',
  'kms:DisableKeyRotation',
  'kms:RotateKeyOnDemand',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];

/** Which role may use a key, and how. */
export type KeyUser = { role: string; actions: readonly string[] };

export type ProductKeyProps = {
  description: string;
  /** `encrypt`: symmetric, rotated yearly. `sign`: Ed25519; KMS rotates no asymmetric key. */
  kind: 'encrypt' | 'sign';
  users: readonly KeyUser[];
  statements?: readonly PolicyStatement[];
  differences: Differences;
};

/**
 * A KMS key that only the named roles can use. Roles are named by condition, not as principals: the State stack is
 * deployed before they exist, and KMS refuses a principal that doesn't exist. The roles' own policies must allow the
 * use too (the account as principal delegates to IAM).
 */
export class ProductKey extends Key {
  constructor(
    scope: Construct,
    id: string,
    { description, kind, users, statements = [], differences }: ProductKeyProps,
  ) {
    const byActions = Map.groupBy(users, ({ actions }) => [...actions].sort().join(' '));
    super(scope, id, {
      description,
      keySpec: kind === 'sign' ? KeySpec.ECC_NIST_EDWARDS25519 : KeySpec.SYMMETRIC_DEFAULT,
      keyUsage: kind === 'sign' ? KeyUsage.SIGN_VERIFY : KeyUsage.ENCRYPT_DECRYPT,
      enableKeyRotation: kind === 'encrypt',
      pendingWindow: Duration.days(30),
      removalPolicy: differences.retainsState ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'AdministeredByTheAccount',
            principals: [new AccountRootPrincipal()],
            // A public key is no secret: whoever runs the account records it, so that packages can be checked against it.
            actions: kind === 'sign' ? [...ADMINISTRATION, 'kms:GetPublicKey'] : ADMINISTRATION,
            resources: ['*'],
          }),
          ...[...byActions.values()].map(
            (group, index) =>
              new PolicyStatement({
                sid: `UsedByNamedRoles${index}`,
                principals: [new AccountRootPrincipal()],
                actions: (group[0]?.actions ?? []).map((action) => `kms:${action}`),
                resources: ['*'],
                conditions: sessionOf(
                  scope,
                  group.map(({ role }) => role),
                  differences,
                ),
              }),
          ),
          ...statements,
        ],
      }),
    });
  }
}

/** The condition that the caller is a session of one of these roles. */
export function sessionOf(
  scope: Construct,
  roleNames: readonly string[],
  { principalIsRole }: Differences,
): Record<string, Record<string, string[]>> {
  const names = roleNames.toSorted();
  if (principalIsRole) {
    return { ArnEquals: { 'aws:PrincipalArn': names.map((name) => roleArn(scope, name)) } };
  }
  const stack = Stack.of(scope);
  const session = (name: string) =>
    stack.formatArn({ service: 'sts', region: '', resource: 'assumed-role', resourceName: `${name}/*` });
  return { ArnLike: { 'aws:PrincipalArn': names.map(session) } };
}

/** The ARN of a role by its fixed name, whether it exists yet or not. */
export function roleArn(scope: Construct, roleName: string): string {
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account: Aws.ACCOUNT_ID,
    resource: 'role',
    resourceName: roleName,
  });
}
