import path from 'node:path';
import { z } from 'zod';
import { identitySchema } from '../cli/sign-in.ts';
import { ROLE_NAMES } from '../shared/domain/roles.ts';
import type { Settings } from './settings.ts';

const BUCKETS = ['inbox', 'vault', 'delivery', 'evidence'] as const;
const TABLES = ['records', 'keys', 'cases', 'directory', 'grants', 'events'] as const;

/** `outputs.json`: what programs need to use the deployment. No secret. */
export const outputsSchema = z.object({
  apiUrl: z.url(),
  /** Null until there is a console. */
  consoleUrl: z.url().nullable(),
  region: z.string(),
  /** Where AWS clients find the embedded AWS. */
  endpointUrl: z.url(),
  account: z.string(),
  buckets: z.record(z.enum(BUCKETS), z.string()),
  tables: z.record(z.enum(TABLES), z.string()),
  stateMachineArn: z.string(),
  /** The SNS topic of notices: subscribe with a filter policy by role (docs/operations.md). */
  noticesTopicArn: z.string(),
  signingKeyId: z.string(),
  userPoolId: z.string(),
  identity: identitySchema,
});
export type Outputs = z.infer<typeof outputsSchema>;

/** `users.json`: the demo's people by role. */
export const usersSchema = z.record(
  z.enum(ROLE_NAMES),
  z.array(
    z.object({
      username: z.string(),
      displayName: z.string(),
      hotel: z.string(),
      department: z.string(),
      personId: z.string(),
    }),
  ),
);
export type Users = z.infer<typeof usersSchema>;

/** `credentials.json`: passwords by user name, readable by the owner only. */
export const passwordsSchema = z.record(z.string(), z.string());

/** `keys.json`: the deployment's public signing keys; `spki` is base64 of the DER. */
export const publicKeysSchema = z.object({
  keys: z.array(
    z.object({
      keyId: z.string(),
      fingerprint: z.string().regex(/^sha256:[0-9a-f]{64}$/),
      spki: z.base64(),
      region: z.string(),
    }),
  ),
});
export type PublicKeys = z.infer<typeof publicKeysSchema>;

/** The outputs of both stacks, by their names in the templates, put together with the embedded AWS's own addresses. */
export function outputsFrom(stackOutputs: Record<string, string>, settings: Settings): Outputs {
  const output = (name: string): string => {
    const value = stackOutputs[name];
    if (value === undefined) throw new MissingOutputError(name);
    return value;
  };
  const named = <Name extends string>(names: readonly Name[], kind: string): Record<string, string> =>
    Object.fromEntries(
      names.map((name) => [name, output(`${name[0]?.toUpperCase()}${name.slice(1)}${kind}`)]),
    );
  return outputsSchema.parse({
    apiUrl: `${settings.endpoint}/_aws/execute-api/${output('ApiId')}/$default`,
    consoleUrl: null,
    region: settings.region,
    endpointUrl: settings.endpoint,
    account: settings.account,
    buckets: named(BUCKETS, 'Bucket'),
    tables: named(TABLES, 'Table'),
    stateMachineArn: output('StateMachine'),
    noticesTopicArn: output('NoticesTopic'),
    signingKeyId: output('SigningKey'),
    userPoolId: output('UserPool'),
    identity: {
      issuer: output('TokenIssuer'),
      clientId: output('UserPoolClient'),
      authorizationEndpoint: `${settings.endpoint}/oauth2/authorize`,
      tokenEndpoint: `${settings.endpoint}/oauth2/token`,
      redirectUri: 'http://localhost/callback',
      scope: 'openid dualkey/api',
    },
  });
}

/** A stack lacks an output that the local deployment relies on. */
export class MissingOutputError extends Error {
  override name = 'MissingOutputError';
  constructor(name: string) {
    super(`Neither stack has the output ${name}: the stacks in infra/ must state it`);
  }
}

/** The files that `npm run up` writes. */
export function filesOf({ directory }: Settings) {
  return {
    outputs: path.join(directory, 'outputs.json'),
    users: path.join(directory, 'users.json'),
    credentials: path.join(directory, 'credentials.json'),
    keys: path.join(directory, 'keys.json'),
    deployment: path.join(directory, 'deployment.json'),
    sessions: path.join(directory, 'session'),
  };
}
