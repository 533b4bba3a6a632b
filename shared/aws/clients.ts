import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { MiddlewareStack } from '@smithy/types';
import { z } from 'zod';
import { countCall, countUnits } from '../runtime/call-counter.ts';
import { endpointIsReplaced } from '../runtime/environment.ts';

// Every call of every client is counted (shared/runtime/call-counter.ts): operations see what a retrieval costs.

export function dynamoClient(): DynamoDBDocumentClient {
  const client = new DynamoDBClient({});
  countCalls('dynamodb', client.middlewareStack);
  countCapacity(client);
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** `credentials` where a narrower role's session signs; the function's own role otherwise. */
export function s3Client(credentials?: {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}): S3Client {
  const client = new S3Client({
    // The embedded AWS serves buckets by path, not by host name.
    forcePathStyle: endpointIsReplaced(),
    ...(credentials === undefined ? {} : { credentials }),
  });
  countCalls('s3', client.middlewareStack);
  return client;
}

/** Signs links by which others put parts. The SDK would sign the checksum of an empty body into them: here it doesn't. */
export function uploadSigningClient(): S3Client {
  return new S3Client({
    forcePathStyle: endpointIsReplaced(),
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

export function kmsClient(): KMSClient {
  const client = new KMSClient({});
  countCalls('kms', client.middlewareStack);
  return client;
}

export function sfnClient(): SFNClient {
  const client = new SFNClient({});
  countCalls('states', client.middlewareStack);
  return client;
}

export function lambdaClient(): LambdaClient {
  const client = new LambdaClient({});
  countCalls('lambda', client.middlewareStack);
  return client;
}

export function sqsClient(): SQSClient {
  const client = new SQSClient({});
  countCalls('sqs', client.middlewareStack);
  return client;
}

export function snsClient(): SNSClient {
  const client = new SNSClient({});
  countCalls('sns', client.middlewareStack);
  return client;
}

export function stsClient(): STSClient {
  const client = new STSClient({});
  countCalls('sts', client.middlewareStack);
  return client;
}

function countCalls<Input extends object, Output extends object>(
  service: string,
  stack: MiddlewareStack<Input, Output>,
): void {
  stack.add(
    (next, context) => (args) => {
      countCall(`${service}.${context.commandName?.replace(/Command$/, '') ?? 'unknown'}`);
      return next(args);
    },
    { step: 'initialize', name: 'countCalls' },
  );
}

const consumed = z.object({ CapacityUnits: z.number() });
const consumedCapacity = z.object({
  ConsumedCapacity: z.union([consumed.transform((one) => [one]), z.array(consumed)]),
});

function countCapacity(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const capacity = consumedCapacity.safeParse(result.output);
      if (capacity.success) {
        const units = capacity.data.ConsumedCapacity.reduce((sum, one) => sum + one.CapacityUnits, 0);
        countUnits(
          /^(Get|BatchGet|Query|Scan|TransactGet)/.test(context.commandName ?? '') ? 'read' : 'write',
          units,
        );
      }
      return result;
    },
    { step: 'initialize', name: 'countCapacity' },
  );
}
