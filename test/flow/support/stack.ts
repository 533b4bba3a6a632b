import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { localFolder } from '../../../cli/deployment.ts';

const names = z.object({
  apiUrl: z.string(),
  region: z.string(),
  endpointUrl: z.string(),
  stateMachineArn: z.string(),
  noticesTopicArn: z.string(),
  buckets: z.object({ inbox: z.string(), vault: z.string(), delivery: z.string(), evidence: z.string() }),
  tables: z.object({
    records: z.string(),
    keys: z.string(),
    cases: z.string(),
    directory: z.string(),
    grants: z.string(),
    events: z.string(),
  }),
});

/** The private deployment that the flow project's set-up brought up (jest.config.ts). */
export const stack = names.parse(JSON.parse(readFileSync(resolve(localFolder(), 'outputs.json'), 'utf8')));

const users = z
  .record(z.string(), z.array(z.object({ username: z.string(), hotel: z.string() })))
  .parse(JSON.parse(readFileSync(resolve(localFolder(), 'users.json'), 'utf8')));

/** The username of the `index`th demo person of a role. */
export function userOf(role: string, index = 0): string {
  const user = users[role]?.[index];
  if (user === undefined) throw new Error(`users.json has no ${role} number ${index}`);
  return user.username;
}

// The account's own administrator: tests look at what is left, and take rights away to make a step fail.
export const administrator = {
  region: stack.region,
  endpoint: stack.endpointUrl,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
export const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(administrator));
export const s3 = new S3Client({ ...administrator, forcePathStyle: true });
export const states = new SFNClient(administrator);
export const lambda = new LambdaClient(administrator);
export const iam = new IAMClient(administrator);
export const sqs = new SQSClient(administrator);
export const sns = new SNSClient(administrator);

/** Functions and their roles have one name: `dualkey-<region>-<function>`. */
export function functionName(name: string): string {
  return `dualkey-cn-north-1-${name}`;
}

/** The execution of a request: its name is the request's id. */
export function executionArn(requestId: string): string {
  return `${stack.stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`;
}

export function tableArn(name: keyof typeof stack.tables): string {
  return `arn:aws:dynamodb:*:*:table/${stack.tables[name]}`;
}

export function objectArn(bucket: keyof typeof stack.buckets, keys: string): string {
  return `arn:aws:s3:::${stack.buckets[bucket]}/${keys}`;
}
