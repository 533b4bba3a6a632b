import { Validations } from 'aws-cdk-lib/core';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';
import type { FlowStack } from './flow-stack.ts';
import { FUNCTION_SPECS } from './function-catalogue.ts';
import { BUCKET_NAMES, type BucketName } from './function-spec.ts';
import type { StateStack } from './state-stack.ts';

/*
 * Findings of cdk-nag (AwsSolutions) that stand, and every wildcard in a policy: each with its reason, here and nowhere
 * else. test/infra refuses a wildcard that isn't in one of these tables.
 */

/** Objects that functions reach by pattern: `bucket/pattern`. Keys are ids made at run time, so that none can be named. */
export const OBJECT_WILDCARDS: Readonly<Record<string, string>> = {
  'inbox/*': 'each upload has the random id of its batch as its key, and the bucket holds uploads only',
  'vault/*':
    'each block has hotel, class, period and a random id as its key, and the bucket holds blocks only',
  'delivery/staged/*': 'each staged object has the id of its request as its key',
  'delivery/copies/*':
    'each copy has the ids of its request and opening, and a random one, as its key; links are narrowed to one by a session policy',
  'inbox/staff-imports/*': 'each directory file waits under the id of its import',
  'inbox/provider-answers/*':
    'each file of an answer waits under the id of its provider request and its own digest',
  'evidence/provider-answers/*':
    'each part of an answer has the id of its provider request and the file’s digest in its key',
  'evidence/scopes/*': 'each frozen scope has its digest as its key',
  'evidence/batches/*': 'each batch has its id in the keys of what it commits to',
  'evidence/rule-sets/*': 'each rule set has its digest as its key',
  'evidence/step-ups/*': 'each step-up has the digest of what was signed as its key',
  'evidence/archives/*': 'each archive has the id of its request as its key',
  'evidence/certificates/*': 'each certificate has its own id as its key',
  'evidence/deletion-ledger/*': 'each entry of the ledger has its year and id as its key',
};

/** Actions that take no resource, so that IAM knows only `*`. */
export const UNSCOPED_ACTIONS: Readonly<Record<string, string>> = {
  'dynamodb:ListStreams': 'lists the account’s streams by name; the event source mapping asks for it',
  'logs:CreateLogDelivery':
    'log delivery is an account-wide setting; Step Functions needs it to write execution logs',
  'logs:GetLogDelivery': 'as logs:CreateLogDelivery',
  'logs:UpdateLogDelivery': 'as logs:CreateLogDelivery',
  'logs:DeleteLogDelivery': 'as logs:CreateLogDelivery',
  'logs:ListLogDeliveries': 'as logs:CreateLogDelivery',
  'logs:PutResourcePolicy': 'as logs:CreateLogDelivery',
  'logs:DescribeResourcePolicies': 'as logs:CreateLogDelivery',
  'logs:DescribeLogGroups': 'as logs:CreateLogDelivery',
  'xray:PutTraceSegments': 'traces have no resource; they carry state names and times, no data',
  'xray:PutTelemetryRecords': 'as xray:PutTraceSegments',
  'xray:GetSamplingRules': 'as xray:PutTraceSegments',
  'xray:GetSamplingTargets': 'as xray:PutTraceSegments',
};

const BUCKET_LOGS =
  'S3 access logs hold visitors’ addresses and, of presigned links, whole query strings. Who reached what is a custody ' +
  'event; data events belong in the account’s own CloudTrail (docs/operations.md)';

/** Tells cdk-nag what stands, exactly: another wildcard of the same policy is still a finding. */
export function acknowledgeFindings(state: StateStack, flow: FlowStack): void {
  for (const bucket of BUCKET_NAMES) acknowledge(state.buckets[bucket], 'AwsSolutions-S1', BUCKET_LOGS);
  acknowledge(flow.deadLetters, 'AwsSolutions-SQS3', 'This is the dead-letter queue itself');
  acknowledge(flow.pushes.deadLetters, 'AwsSolutions-SQS3', 'This is the dead-letter queue itself');
  for (const route of flow.openRoutes) {
    acknowledge(
      route,
      'AwsSolutions-APIG4',
      'Platforms have no token: each push proves itself by its signature over its exact bytes',
    );
  }
  acknowledge(
    flow.retrieval,
    'AwsSolutions-SF1',
    'Failures are logged, every event is not: each step’s outcome is a custody event, and executions keep their history',
  );
  acknowledge(
    flow.retrieval.policy,
    'AwsSolutions-IAM5[Resource::*]',
    'Log delivery and traces: UNSCOPED_ACTIONS',
  );
  for (const { name, policy } of flow.functions) {
    const { buckets, readsGrantsStream } = FUNCTION_SPECS[name];
    for (const bucket of BUCKET_NAMES) {
      for (const { objects } of buckets?.[bucket] ?? []) {
        acknowledgeObjects(policy, { state, flow, bucket, objects });
      }
    }
    if (readsGrantsStream) {
      acknowledge(policy, 'AwsSolutions-IAM5[Resource::*]', 'dynamodb:ListStreams: UNSCOPED_ACTIONS');
    }
  }
  acknowledgeObjects(flow.readerPolicy, { state, flow, bucket: 'delivery', objects: 'copies/*' });
}

function acknowledgeObjects(
  policy: IConstruct,
  {
    state,
    flow,
    bucket,
    objects,
  }: { state: StateStack; flow: FlowStack; bucket: BucketName; objects: string },
): void {
  const reason = OBJECT_WILDCARDS[`${bucket}/${objects}`];
  if (reason === undefined) return;
  const arn = flattenCfnReference(flow.resolve(state.exportValue(state.buckets[bucket].bucketArn)));
  acknowledge(policy, `AwsSolutions-IAM5[Resource::${arn}/${objects}]`, reason);
}

function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
