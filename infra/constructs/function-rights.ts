import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { isFunctionName, productName } from '../function-catalogue.ts';
import { BUCKET_NAMES, type FunctionSpec, KEY_NAMES, type KeyUse, TABLE_NAMES } from '../function-spec.ts';
import type { Differences } from '../local-differences.ts';
import { STORED_UNDER_KEY, type StateStack, viaService } from '../state-stack.ts';
import { roleArn } from './product-key.ts';
import type { ProductTopic } from './product-topic.ts';

/** The statements of a function's role, from its entry in the catalogue alone. */
export function functionRights(
  scope: Construct,
  spec: FunctionSpec,
  {
    state,
    notices,
    region,
    differences,
  }: { state: StateStack; notices: ProductTopic; region: string; differences: Differences },
): PolicyStatement[] {
  return [
    ...tableRights(spec, state, differences),
    ...bucketRights(spec, state, differences),
    ...keyRights(spec, state, differences),
    ...callRights(scope, spec, region, differences),
    ...(spec.sendsNotices ? noticeRights(notices, differences) : []),
  ];
}

function tableRights(spec: FunctionSpec, state: StateStack, differences: Differences): PolicyStatement[] {
  const uses = present(TABLE_NAMES, spec.tables);
  const statements = uses.flatMap(([name, one]) =>
    [one].flat().map(
      ({ actions, rows }) =>
        new PolicyStatement({
          actions: actions.map((action) => `dynamodb:${action}`),
          resources: [state.tables[name].tableArn],
          ...(rows !== undefined
            ? { conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...rows] } } }
            : {}),
        }),
    ),
  );
  const indexes = present(TABLE_NAMES, spec.indexes).flatMap(([name, names]) =>
    names.map(
      (index) =>
        new PolicyStatement({
          actions: ['dynamodb:Query'],
          resources: [`${state.tables[name].tableArn}/index/${index}`],
        }),
    ),
  );
  const storage =
    uses.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
            resources: [state.keys.storage.keyArn],
            ...(differences.encryptionContextConditions
              ? { conditions: { StringLike: { 'kms:ViaService': viaService('dynamodb') } } }
              : {}),
          }),
        ];
  const stream = state.tables.grants.tableStreamArn;
  const streamRights =
    spec.readsGrantsStream && stream !== undefined
      ? [
          new PolicyStatement({
            actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
            resources: [stream],
          }),
          // Streams are listed for the account; the action takes no resource (IAM service authorization reference).
          new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }),
        ]
      : [];
  const backups =
    spec.checksBackupsOf?.map(
      (name) =>
        new PolicyStatement({
          actions: ['dynamodb:DescribeContinuousBackups', 'dynamodb:DescribeTable'],
          resources: [state.tables[name].tableArn],
        }),
    ) ?? [];
  return [...statements, ...indexes, ...storage, ...streamRights, ...backups];
}

function bucketRights(spec: FunctionSpec, state: StateStack, differences: Differences): PolicyStatement[] {
  const uses = present(BUCKET_NAMES, spec.buckets);
  const objects = uses.flatMap(([name, entries]) =>
    entries.map(
      ({ actions, objects: keys }) =>
        new PolicyStatement({
          actions: actions.map((action) => `s3:${action}`),
          resources: [state.buckets[name].arnForObjects(keys)],
        }),
    ),
  );
  const lists = present(BUCKET_NAMES, spec.lists).map(
    ([name, prefixes]) =>
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [state.buckets[name].bucketArn],
        ...(prefixes.includes('*') ? {} : { conditions: { StringLike: { 's3:prefix': [...prefixes] } } }),
      }),
  );
  const missing =
    spec.knowsMissing?.map(
      (name) =>
        new PolicyStatement({ actions: ['s3:ListBucket'], resources: [state.buckets[name].bucketArn] }),
    ) ?? [];
  const uploads =
    spec.listsUploads?.map(
      (name) =>
        new PolicyStatement({
          actions: ['s3:ListBucketMultipartUploads'],
          resources: [state.buckets[name].bucketArn],
        }),
    ) ?? [];
  const stored = uses.map(([name]) => name).filter((name) => STORED_UNDER_KEY.includes(name));
  const storage =
    stored.length === 0
      ? []
      : [
          new PolicyStatement({
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [state.keys.storage.keyArn],
            ...(differences.encryptionContextConditions
              ? {
                  conditions: {
                    StringLike: { 'kms:ViaService': viaService('s3') },
                    // With bucket keys the context is the bucket, not the object (S3 user guide, "Bucket Keys").
                    ArnEquals: {
                      'kms:EncryptionContext:aws:s3:arn': stored.map((name) => state.buckets[name].bucketArn),
                    },
                  },
                }
              : {}),
          }),
        ];
  return [...objects, ...lists, ...missing, ...uploads, ...storage];
}

function keyRights(spec: FunctionSpec, state: StateStack, differences: Differences): PolicyStatement[] {
  return present(KEY_NAMES, spec.keys).flatMap(([name, uses]) =>
    [uses].flat().map(
      (use) =>
        new PolicyStatement({
          actions: use.actions.map((action) => `kms:${action}`),
          resources: [state.keys[name].keyArn],
          ...(differences.encryptionContextConditions ? { conditions: contextConditions(use) } : {}),
        }),
    ),
  );
}

/** A key is used for what the function is for, or not at all: the context says what a wrapped key is. */
function contextConditions({ purposes, contextKeys }: KeyUse): Record<string, Record<string, unknown>> {
  return {
    ...(purposes === undefined ? {} : { StringEquals: { 'kms:EncryptionContext:purpose': [...purposes] } }),
    ...(contextKeys === undefined
      ? {}
      : {
          'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': [...contextKeys] },
          // `ForAllValues` holds for no values too.
          Null: { 'kms:EncryptionContextKeys': 'false' },
        }),
  };
}

function callRights(
  scope: Construct,
  spec: FunctionSpec,
  region: string,
  differences: Differences,
): PolicyStatement[] {
  const machine = machineArn(scope, region);
  return [
    ...(spec.invokes ?? []).filter(isFunctionName).map(
      (name) =>
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: [functionArn(scope, productName(region, name))],
        }),
    ),
    ...(spec.sendsPushes
      ? [
          new PolicyStatement({
            actions: ['sqs:SendMessage'],
            resources: [queueArn(scope, productName(region, 'pushes'))],
          }),
        ]
      : []),
    ...(spec.takesPushes
      ? [
          new PolicyStatement({
            actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
            resources: [queueArn(scope, productName(region, 'pushes'))],
          }),
        ]
      : []),
    ...(spec.starts
      ? [new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine] })]
      : []),
    ...(spec.releases
      ? [
          new PolicyStatement({
            actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
            resources: [differences.taskResponsesOnMachine ? machine : '*'],
          }),
        ]
      : []),
    ...(spec.assumesReader
      ? [
          new PolicyStatement({
            actions: ['sts:AssumeRole'],
            resources: [roleArn(scope, productName(region, 'reader'))],
          }),
        ]
      : []),
    ...(spec.putsMetrics
      ? [new PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'] })]
      : []),
  ];
}

/** Whoever publishes to an encrypted topic uses its key (SNS developer guide, "Managing encryption keys"). */
function noticeRights({ topicArn, key }: ProductTopic, differences: Differences): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['sns:Publish'], resources: [topicArn] }),
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      ...(differences.encryptionContextConditions
        ? {
            conditions: {
              StringLike: { 'kms:ViaService': viaService('sns') },
              ArnEquals: { 'kms:EncryptionContext:aws:sns:topicArn': topicArn },
            },
          }
        : {}),
    }),
  ];
}

export function queueArn(scope: Construct, queueName: string): string {
  return Stack.of(scope).formatArn({
    service: 'sqs',
    resource: queueName,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
}

export function machineArn(scope: Construct, region: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: productName(region, 'retrieval'),
  });
}

export function functionArn(scope: Construct, functionName: string): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: functionName,
  });
}

function present<Name extends string, Use>(
  names: readonly Name[],
  map: Partial<Record<Name, Use>> | undefined,
): [Name, Use][] {
  return names.flatMap((name): [Name, Use][] => {
    const use = map?.[name];
    return use === undefined ? [] : [[name, use]];
  });
}
