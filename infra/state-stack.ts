import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Aws, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { LIMITS } from '../shared/domain/limits.ts';
import type { RegionConfig } from '../shared/domain/region-config.ts';
import { outputs } from './constructs/outputs.ts';
import { EvidenceBucket, ProductBucket } from './constructs/product-bucket.ts';
import { type KeyUser, ProductKey, sessionOf } from './constructs/product-key.ts';
import { ProductTable } from './constructs/product-table.ts';
import { StaffPool } from './constructs/staff-pool.ts';
import { FUNCTION_NAMES, FUNCTION_SPECS, productName } from './function-catalogue.ts';
import type { BucketName, KeyName, TableName } from './function-spec.ts';
import type { Differences } from './local-differences.ts';

export type StateStackProps = StackProps & { config: RegionConfig; differences: Differences };

/** What is kept: keys, tables, buckets and, where there is Cognito, the staff's user pool. */
export class StateStack extends Stack {
  readonly keys: Readonly<Record<KeyName | 'storage', ProductKey>>;
  readonly tables: Readonly<Record<TableName, ProductTable>>;
  readonly buckets: Readonly<Record<BucketName, Bucket>>;
  /** Who issues the tokens that the API takes, and for whom. */
  readonly identity: { issuer: string; audience: string };

  constructor(scope: Construct, id: string, props: StateStackProps) {
    const { config, differences, ...stackProps } = props;
    super(scope, id, stackProps);
    const { region } = config;

    const users = (name: KeyName): KeyUser[] =>
      FUNCTION_NAMES.flatMap((user) => {
        const uses = [FUNCTION_SPECS[user].keys?.[name] ?? []].flat();
        const actions = [...new Set(uses.flatMap((use) => use.actions))];
        return actions.length === 0 ? [] : [{ role: productName(region, user), actions }];
      });
    const storage = new ProductKey(this, 'StorageKey', {
      description: 'Dualkey: everything at rest in tables and in the inbox, vault and delivery buckets',
      kind: 'encrypt',
      users: [],
      statements: storageStatements(this, region, differences),
      differences,
    });
    this.keys = {
      custody: new ProductKey(this, 'CustodyKey', {
        description:
          'Dualkey: wraps the period keys, under which lie the guest keys of all records in custody',
        kind: 'encrypt',
        users: users('custody'),
        differences,
      }),
      index: new ProductKey(this, 'IndexKey', {
        description: 'Dualkey: wraps the key of the blind indexes by which guests are found',
        kind: 'encrypt',
        users: users('index'),
        differences,
      }),
      grant: new ProductKey(this, 'GrantKey', {
        description: 'Dualkey: wraps the keys of single requests (their personal data, their staged records)',
        kind: 'encrypt',
        users: users('grant'),
        differences,
      }),
      signing: new ProductKey(this, 'SigningKey', {
        description: 'Dualkey: signs packages, archives, certificates (Ed25519)',
        kind: 'sign',
        users: users('signing'),
        differences,
      }),
      channel: new ProductKey(this, 'ChannelKey', {
        description:
          'Dualkey: wraps the secrets of channels, and the keys under which pushes wait in the queue',
        kind: 'encrypt',
        users: users('channel'),
        differences,
      }),
      storage,
    };

    const recoveryDays = 35;
    this.tables = {
      records: new ProductTable(this, 'Records', { storageKey: storage, recoveryDays, differences }),
      // Shredded keys come back by recovery for as long as this lasts, so that it is short and the region's choice.
      keys: new ProductTable(this, 'Keys', {
        storageKey: storage,
        recoveryDays: config.keyTableRecoveryDays,
        differences,
      }),
      cases: new ProductTable(this, 'Cases', { storageKey: storage, recoveryDays, differences }),
      directory: new ProductTable(this, 'Directory', { storageKey: storage, recoveryDays, differences }),
      grants: new ProductTable(this, 'Grants', {
        storageKey: storage,
        recoveryDays,
        stream: true,
        indexes: [
          { name: 'due', partition: 'due', sort: 'dueAt', include: ['requestId'] },
          { name: 'byRequester', partition: 'requester', sort: 'requestedAt', include: ['requestId'] },
        ],
        differences,
      }),
      events: new ProductTable(this, 'Events', {
        storageKey: storage,
        recoveryDays,
        stream: true,
        indexes: [{ name: 'unsequenced', partition: 'unsequenced', sort: 'at' }],
        differences,
      }),
    };

    this.buckets = {
      inbox: new ProductBucket(this, 'Inbox', {
        storageKey: storage,
        expires: [{ days: 1 }],
        announces: true,
        differences,
      }),
      vault: new ProductBucket(this, 'Vault', { storageKey: storage, differences }),
      delivery: new ProductBucket(this, 'Delivery', {
        storageKey: storage,
        expires: [
          { prefix: 'copies/', days: 1 },
          // Staged records serve as long as the longest window, and a day for the archive to remove them first.
          { prefix: 'staged/', days: Math.ceil(LIMITS.windowHours / 24) + 1 },
        ],
        differences,
      }),
      evidence: new EvidenceBucket(this, 'Evidence', { archive: config.archive, differences }),
    };

    if (config.identity.kind === 'cognito') {
      const staff = new StaffPool(this, 'Staff', { differences });
      this.identity = { issuer: staff.issuer, audience: staff.client.userPoolClientId };
      outputs(this, {
        UserPool: staff.pool.userPoolId,
        UserPoolClient: staff.client.userPoolClientId,
      });
    } else {
      this.identity = { issuer: config.identity.issuer, audience: config.identity.audience };
    }

    outputs(this, {
      RecordsTable: this.tables.records.tableName,
      KeysTable: this.tables.keys.tableName,
      CasesTable: this.tables.cases.tableName,
      DirectoryTable: this.tables.directory.tableName,
      GrantsTable: this.tables.grants.tableName,
      EventsTable: this.tables.events.tableName,
      InboxBucket: this.buckets.inbox.bucketName,
      VaultBucket: this.buckets.vault.bucketName,
      DeliveryBucket: this.buckets.delivery.bucketName,
      EvidenceBucket: this.buckets.evidence.bucketName,
      SigningKey: this.keys.signing.keyArn,
      TokenIssuer: this.identity.issuer,
    });
  }
}

/** Buckets whose objects lie under the storage key. */
export const STORED_UNDER_KEY: readonly BucketName[] = ['inbox', 'vault', 'delivery'];

/** Roles that read or write objects under the storage key. */
export function storageUsers(region: string): string[] {
  const functions = FUNCTION_NAMES.filter((name) =>
    STORED_UNDER_KEY.some((bucket) => FUNCTION_SPECS[name].buckets?.[bucket] !== undefined),
  );
  return [...functions.map((name) => productName(region, name)), productName(region, 'reader')];
}

function storageStatements(stack: Stack, region: string, differences: Differences): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ObjectsOfNamedRolesThroughS3',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: {
        ...sessionOf(stack, storageUsers(region), differences),
        ...(differences.encryptionContextConditions
          ? { StringLike: { 'kms:ViaService': viaService('s3') } }
          : {}),
      },
    }),
    // DynamoDB uses the key on behalf of whoever may use the table, and of the deployment that creates it (DynamoDB
    // developer guide, "Encryption at rest: usage notes"). Rows hold no plaintext personal data.
    new PolicyStatement({
      sid: 'RowsThroughDynamoDB',
      principals: [new AccountRootPrincipal()],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:DescribeKey',
        'kms:CreateGrant',
      ],
      resources: ['*'],
      ...(differences.encryptionContextConditions
        ? {
            conditions: {
              StringEquals: { 'kms:CallerAccount': Aws.ACCOUNT_ID },
              StringLike: { 'kms:ViaService': viaService('dynamodb') },
            },
          }
        : {}),
    }),
  ];
}

/** Whatever suffix this partition gives its services. */
export function viaService(service: 's3' | 'dynamodb' | 'sns'): string {
  return `${service}.${Aws.REGION}.*`;
}
