import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES, FUNCTION_SPECS } from '../../infra/function-catalogue.ts';
import { OBJECT_WILDCARDS, UNSCOPED_ACTIONS } from '../../infra/nag-reasons.ts';
import { identityStatements, rightsByRole, type Statement } from './support/policies.ts';
import { at, ofType, synthesise } from './support/synthesis.ts';

const { regions } = await synthesise({ local: false });
const local = await synthesise({ local: true });

/** Actions that take no resource, or take `*` for one, on the embedded AWS alone. */
const UNSCOPED_ACTIONS_LOCALLY: Readonly<Record<string, string>> = {
  'states:SendTaskSuccess': 'the embedded AWS does not match the state machine’s own ARN here',
  'states:SendTaskFailure': 'as states:SendTaskSuccess',
  'cloudwatch:PutMetricData':
    'metrics have no resource, and the embedded AWS denies the condition on the namespace',
};

const BUCKET = /GetAtt(Inbox|Vault|Delivery|Evidence)[0-9A-F]{8}Arn[0-9A-F]*\}/;
const TABLE = /GetAtt(Records|Keys|Cases|Directory|Grants|Events)[0-9A-F]{8}Arn[0-9A-F]*\}/;
const KEY = /GetAtt(Custody|Index|Grant|Signing|Channel|Storage)Key[0-9A-F]{8}Arn[0-9A-F]*\}/;

/** Resources as they are spoken of: `vault/*`, `grants`, `grants/index/due`, `custody key`, `function check`. */
function spoken(resource: string): string {
  const bucket = BUCKET.exec(resource);
  if (bucket !== null) return `${bucket[1]?.toLowerCase()}${resource.split('}').at(-1)}`;
  const table = TABLE.exec(resource);
  if (table !== null) return `${table[1]?.toLowerCase()}${resource.split('}').at(-1)}`;
  if (/^\$\{Notices[0-9A-F]{8}\}$/.test(resource)) return 'notices';
  if (/NoticeTopicKey[0-9A-F]{8}/.test(resource)) return 'notices key';
  const key = KEY.exec(resource);
  if (key !== null) return `${key[1]?.toLowerCase()} key`;
  return resource
    .replace(/^.*:function:dualkey-[a-z]+-[a-z]+-\d-/, 'function ')
    .replace(/^.*:role\/dualkey-[a-z]+-[a-z]+-\d-/, 'role ');
}

/** Which roles may do this to what: `action` exactly, `what` as it is spoken of. */
function who(rights: Map<string, Statement[]>, action: string, what: string): string[] {
  return [...rights]
    .filter(([, statements]) =>
      statements.some(
        ({ Effect, Action, Resource }) =>
          Effect === 'Allow' && Action.includes(action) && Resource.map(spoken).includes(what),
      ),
    )
    .map(([role]) => role)
    .sort();
}

const [china] = regions;
if (china === undefined) throw new Error('No region was synthesised');
const rights = rightsByRole(china);

/** Whoever answers people. */
const API_FUNCTIONS = FUNCTION_NAMES.filter((name) => FUNCTION_SPECS[name].routes !== undefined);

/** Who may do what: nobody else may. Read as promises; the entries in infra/functions must keep them. */
const ONLY: [action: string, what: string, roles: string[]][] = [
  // Uploads in the clear: who signs them cannot read them, and one function reads them.
  ['s3:PutObject', 'inbox/*', ['ingest', 'receive']],
  ['s3:GetObject', 'inbox/*', ['ingest']],
  ['s3:DeleteObject', 'inbox/*', ['ingest']],
  // A provider's answer waits in the clear for one function, which keeps it sealed and never reads it again.
  ['s3:PutObject', 'inbox/provider-answers/*', ['provider']],
  ['s3:GetObject', 'inbox/provider-answers/*', ['provider']],
  // A directory file waits in the clear for one function, and goes once it is planned.
  ['s3:PutObject', 'inbox/staff-imports/*', ['staff']],
  ['s3:GetObject', 'inbox/staff-imports/*', ['staff']],
  ['s3:DeleteObject', 'inbox/staff-imports/*', ['staff']],
  ['s3:PutObject', 'evidence/provider-answers/*', ['provider']],
  ['s3:GetObject', 'evidence/provider-answers/*', []],
  // Custody: written by ingest, opened by provision, and by views and break-glass (masked), deleted by retention (and by ingest, what a failed batch left).
  ['s3:PutObject', 'vault/*', ['gather', 'ingest', 'merge']],
  ['s3:GetObject', 'vault/*', ['emergency', 'gather', 'ingest', 'merge', 'provision', 'view']],
  ['s3:DeleteObject', 'vault/*', ['gather', 'ingest', 'merge', 'retain']],
  [
    'kms:Decrypt',
    'custody key',
    ['emergency', 'gather', 'hold', 'ingest', 'merge', 'provision', 'retain', 'view'],
  ],
  ['kms:GenerateDataKey', 'custody key', ['gather', 'hold', 'ingest', 'retain']],
  [
    'kms:Decrypt',
    'index key',
    ['case', 'check', 'consent', 'gather', 'hold', 'identity', 'ingest', 'staff', 'view'],
  ],
  ['kms:GenerateDataKey', 'index key', ['case', 'consent', 'gather', 'ingest']],
  // Secrets of channels: sealed by those who keep them, opened where pushes are verified; pushes: sealed there, opened by gather.
  ['kms:GenerateDataKey', 'channel key', ['channels', 'push']],
  ['kms:Decrypt', 'channel key', ['gather', 'push']],
  // Delivery: staged by provision, rendered by render, read through a link of the reader role and by nobody else.
  ['s3:PutObject', 'delivery/staged/*', ['provision']],
  ['s3:GetObject', 'delivery/staged/*', ['provision', 'render']],
  ['s3:PutObject', 'delivery/copies/*', ['render']],
  ['s3:GetObject', 'delivery/copies/*', ['reader', 'render']],
  [
    's3:DeleteObject',
    'delivery/copies/*',
    ['archive', 'compensate', 'end', 'open', 'provision', 'reconcile', 'render'],
  ],
  ['sts:AssumeRole', 'role reader', ['open']],
  ['lambda:InvokeFunction', 'function render', ['open']],
  ['lambda:InvokeFunction', 'function staff', ['staff']],
  ['lambda:InvokeFunction', 'function gather', ['channels', 'check', 'view']],
  // Keys of requests.
  ['kms:GenerateDataKey', 'grant key', ['provision', 'request', 'unlock']],
  [
    'kms:Decrypt',
    'grant key',
    ['approve', 'archive', 'check', 'end', 'print', 'provider', 'provision', 'render', 'request', 'unlock'],
  ],
  // Evidence: each kind of object has one writer; nobody deletes.
  ['s3:PutObject', 'evidence/scopes/*', ['check']],
  ['s3:PutObject', 'evidence/rule-sets/*', ['publish-rules']],
  // What people's devices signed: kept by whoever it served, read into packages by render alone.
  ['s3:PutObject', 'evidence/step-ups/*', ['approve', 'emergency', 'hold', 'open', 'unlock']],
  ['s3:GetObject', 'evidence/step-ups/*', ['emergency', 'open', 'provision', 'render']],
  ['s3:PutObject', 'evidence/archives/*', ['archive']],
  ['s3:PutObject', 'evidence/certificates/*', ['retain']],
  ['s3:PutObject', 'evidence/deletion-ledger/*', ['retain']],
  ['kms:Sign', 'signing key', ['archive', 'provider', 'render', 'retain']],
  // What decides: the rule set in force is moved by its publication alone; of the directory,
  // `staff` alone writes people: `channels` writes its own rows.
  // And whoever turns somebody away counts it, in rows of its own (R9).
  ['dynamodb:PutItem', 'directory', [...API_FUNCTIONS, 'check'].sort()],
  // Nonces and counters of steps-up are used up by what they serve, devices settled by `device` (rows of their own).
  ['dynamodb:UpdateItem', 'directory', ['approve', 'device', 'emergency', 'hold', 'open', 'staff', 'unlock']],
  ['dynamodb:DeleteItem', 'directory', ['channels', 'device', 'staff']],
  // Reconcile puts incidents of unfinished break-glass on file (L5).
  [
    'dynamodb:PutItem',
    'cases',
    ['case', 'consent', 'gather', 'hold', 'ingest', 'publish-rules', 'reconcile', 'retain'],
  ],
  ['dynamodb:UpdateItem', 'events', []],
  ['dynamodb:DeleteItem', 'events', []],
  ['dynamodb:UpdateItem', 'records', ['gather', 'ingest', 'merge']],
  ['dynamodb:DeleteItem', 'records', ['gather', 'identity', 'ingest', 'merge', 'retain']],
  ['dynamodb:DeleteItem', 'keys', ['retain']],
  // People are told by one function; what is to be told is left by whoever's change it follows from.
  ['sns:Publish', 'notices', ['reconcile']],
  ['kms:GenerateDataKey', 'notices key', ['reconcile']],
  ['dynamodb:Query', 'grants/index/due', ['reconcile']],
  ['dynamodb:Query', 'grants/index/byRequester', ['request']],
  ['dynamodb:Query', 'events/index/unsequenced', []],
];

describe('rights', () => {
  it.each(ONLY)('lets %s on %s: %j', (action, what, roles) => {
    expect(who(rights, action, what)).toEqual(roles);
  });

  it('starts a retrieval from the request, or from reconcile where a crash came between', () => {
    const allowed = (action: string) =>
      [...rights]
        .filter(([, all]) => all.some(({ Action }) => Action.includes(action)))
        .map(([role]) => role);
    expect(allowed('states:StartExecution').sort()).toEqual(['reconcile', 'request']);
    expect(allowed('states:SendTaskSuccess').sort()).toEqual(['compensate', 'end', 'reconcile', 'wait']);
    expect(allowed('cloudwatch:PutMetricData')).toEqual([]);
  });

  it('lets who is invoked without being waited for leave a dead letter, and the scheduler, and nobody else', () => {
    const allowed = [...rights]
      .filter(([, all]) => all.some(({ Action }) => Action.includes('sqs:SendMessage')))
      .map(([role]) => role);
    expect(allowed.sort()).toEqual([
      ...[
        'archive',
        'gather',
        'ingest',
        'merge',
        'push',
        'reconcile',
        'render',
        'retain',
        'scheduler',
        'staff',
      ],
    ]);
  });

  it('keeps a dead letter of every function that another one invokes', () => {
    const invoked = FUNCTION_NAMES.flatMap((name) => FUNCTION_SPECS[name].invokes ?? []);
    const kept: string[] = FUNCTION_NAMES.filter((name) => FUNCTION_SPECS[name].invokedLater === true);
    expect(invoked.filter((name) => !kept.includes(name))).toEqual([]);
  });

  it('lets the workflow invoke its five steps', () => {
    const invoked = (rights.get('retrieval') ?? [])
      .filter(({ Action }) => Action.includes('lambda:InvokeFunction'))
      .flatMap(({ Resource }) => Resource)
      .map((resource) => /Functions(\w+)Function[0-9A-F]{8}/.exec(resource)?.[1]);
    expect(invoked.sort()).toEqual(['Archive', 'Check', 'Compensate', 'Provision', 'Wait']);
  });

  it('lets whoever reads objects know that one is missing: S3 tells only who may list the whole bucket', () => {
    const readers = [...rights]
      // The reader role follows links; to whoever holds one, a missing copy and a forbidden one are the same.
      .filter(([role]) => role !== 'reader')
      .map(([role, all]) => {
        const buckets = (action: string, unconditional: boolean) =>
          all
            .filter(
              ({ Action, Condition }) =>
                Action.includes(action) && !(unconditional && Condition['StringLike']),
            )
            .flatMap(({ Resource }) => Resource.map((resource) => spoken(resource).split('/')[0]));
        const known = new Set(buckets('s3:ListBucket', true));
        return [role, buckets('s3:GetObject', false).filter((bucket) => !known.has(bucket))];
      });
    expect(readers.filter(([, unknown]) => unknown?.length !== 0)).toEqual([]);
  });

  it('has each function’s entry under the name of its code, and in the catalogue', () => {
    const root = join(import.meta.dirname, '../..');
    const entries = readdirSync(join(root, 'infra/functions')).map((file) => file.replace(/\.ts$/, ''));
    expect(entries.sort()).toEqual([...FUNCTION_NAMES].sort());
    expect(readdirSync(join(root, 'functions')).sort()).toEqual(entries);
  });

  it('gives each function a role of its own, by the name that key policies know', () => {
    for (const { region, flow } of regions) {
      const roles = ofType(flow, 'AWS::IAM::Role').map(([, { Properties }]) => Properties['RoleName']);
      const functions = FUNCTION_NAMES.filter((name) => name !== 'metrics-bridge');
      expect(roles.sort()).toEqual(
        [...functions, 'reader', 'retrieval', 'scheduler'].map((name) => `dualkey-${region}-${name}`).sort(),
      );
      for (const [, { Properties }] of ofType(flow, 'AWS::Lambda::Function')) {
        expect(at(Properties, 'Role', 'Fn::GetAtt', 0)).toBeDefined();
        expect(roles).toContain(Properties['FunctionName']);
      }
    }
  });

  it('lets only `open` assume the reader role', () => {
    for (const { flow } of regions) {
      const reader = ofType(flow, 'AWS::IAM::Role').find(([id]) => id.startsWith('Reader'));
      const trust = at(reader?.[1].Properties, 'AssumeRolePolicyDocument', 'Statement');
      expect(trust).toHaveLength(1);
      expect(at(trust, 0, 'Principal', 'AWS', 'Fn::GetAtt', 0)).toMatch(/^FunctionsOpenRole/);
    }
  });

  it('gives each role one policy: nothing adds to it on the way', () => {
    for (const { flow } of [...regions, ...local.regions]) {
      const roles = ofType(flow, 'AWS::IAM::Policy').map(([, { Properties }]) =>
        JSON.stringify(Properties['Roles']),
      );
      expect(roles.filter((role, index) => roles.indexOf(role) !== index)).toEqual([]);
    }
  });

  it('attaches no policy of the platform, which would grant what nobody listed', () => {
    for (const { flow } of [...regions, ...local.regions]) {
      const managed = ofType(flow, 'AWS::IAM::Role').filter(
        ([, { Properties }]) => Properties['ManagedPolicyArns'] !== undefined,
      );
      expect(managed).toEqual([]);
    }
  });

  it.each([
    ['the cloud', regions, UNSCOPED_ACTIONS],
    ['the local context', local.regions, { ...UNSCOPED_ACTIONS, ...UNSCOPED_ACTIONS_LOCALLY }],
  ])('has no wildcard without a written reason in %s', (_, synthesised, unscoped) => {
    const unexplained = synthesised.flatMap(({ flow, state }) =>
      [...identityStatements(flow), ...identityStatements(state)]
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action, Resource }) => [
          ...Action.filter((action) => action.includes('*')),
          ...Resource.filter((resource) => resource === '*').flatMap(() =>
            Action.filter((action) => unscoped[action] === undefined),
          ),
          ...Resource.filter((resource) => resource !== '*' && resource.includes('*'))
            .map(spoken)
            .filter((what) => OBJECT_WILDCARDS[what] === undefined),
        ]),
    );
    expect(unexplained).toEqual([]);
  });

  it('writes a reason for nothing that isn’t there', () => {
    const used = new Set(
      FUNCTION_NAMES.flatMap((name) =>
        Object.entries(FUNCTION_SPECS[name].buckets ?? {}).flatMap(([bucket, uses]) =>
          uses.map(({ objects }) => `${bucket}/${objects}`),
        ),
      ),
    );
    expect(Object.keys(OBJECT_WILDCARDS).filter((what) => !used.has(what))).toEqual([]);
    const all = [...regions, ...local.regions].flatMap(({ flow }) => identityStatements(flow));
    const unscoped = { ...UNSCOPED_ACTIONS, ...UNSCOPED_ACTIONS_LOCALLY };
    expect(
      Object.keys(unscoped).filter(
        (action) => !all.some(({ Action, Resource }) => Action.includes(action) && Resource.includes('*')),
      ),
    ).toEqual([]);
  });

  it('narrows rights on a table to its rows, and on a key to what is wrapped', () => {
    const check = rights.get('check') ?? [];
    const onKeys = check.find(({ Resource }) => Resource.map(spoken).includes('keys'));
    expect(onKeys?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['REQUEST#*', 'INDEX'] },
    });
    const withGrantKey = check.find(({ Resource }) => Resource.map(spoken).includes('grant key'));
    // Check reads what a request says; what was staged for its grant is none of its business.
    expect(withGrantKey?.Condition).toEqual({
      StringEquals: { 'kms:EncryptionContext:purpose': ['evidence'] },
    });
    for (const role of ['ingest', 'provision', 'retain', 'hold']) {
      const withCustodyKey = rights
        .get(role)
        ?.find(({ Resource }) => Resource.map(spoken).includes('custody key'));
      expect(withCustodyKey?.Condition).toMatchObject({ Null: { 'kms:EncryptionContextKeys': 'false' } });
    }
  });

  it('lets `push` seal what it queues and open the secrets by which it verifies, and neither the other way round', () => {
    const uses = (rights.get('push') ?? []).filter(({ Resource }) =>
      Resource.map(spoken).includes('channel key'),
    );
    expect(uses.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      [['kms:GenerateDataKey'], { StringEquals: { 'kms:EncryptionContext:purpose': ['push'] } }],
      [['kms:Decrypt'], { StringEquals: { 'kms:EncryptionContext:purpose': ['channel-secrets'] } }],
    ]);
  });

  it('lets `hold` use the custody key for keys of records and for evidence of holds, and for no other purpose', () => {
    const uses = (rights.get('hold') ?? []).filter(({ Resource }) =>
      Resource.map(spoken).includes('custody key'),
    );
    expect(
      uses.map(({ Condition }) => [Condition['StringEquals'], Condition['ForAllValues:StringEquals']]),
    ).toEqual([
      [undefined, { 'kms:EncryptionContextKeys': ['hotel', 'class', 'period', 'hold'] }],
      [
        { 'kms:EncryptionContext:purpose': ['evidence'] },
        { 'kms:EncryptionContextKeys': ['purpose', 'hold'] },
      ],
    ]);
  });

  it('uses the storage key through S3 and DynamoDB alone, for the buckets that a role has to do with', () => {
    for (const [role, all] of rights) {
      for (const { Condition } of all.filter(({ Resource }) =>
        Resource.map(spoken).includes('storage key'),
      )) {
        expect({ role, via: JSON.stringify(Condition['StringLike']?.['kms:ViaService']) }).toEqual({
          role,
          via: expect.stringMatching(/(s3|dynamodb)\./),
        });
      }
    }
  });
});
