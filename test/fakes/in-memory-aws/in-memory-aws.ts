import { Readable } from 'node:stream';
import { setImmediate as aTurn } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HttpRequest, HttpResponse } from '@smithy/types';
import { type Death, KilledError } from '../killed-process.ts';
import { inMemoryBuckets } from './buckets.ts';
import { inMemoryTables, Refusal } from './tables.ts';
import { inMemoryWrappingService } from './wrapping-service.ts';

/** The service broke off a call, as `fails` said. */
export class ServiceBrokenError extends Error {
  override name = 'ServiceBrokenError';
}

/** Operations that change something: where a process may die. */
const READS = /\.(Get|Head|Query|BatchGet|Decrypt)/;

/**
 * DynamoDB, S3 and KMS in memory, behind the real SDK clients: requests are serialised and answers parsed as always,
 * nothing goes over a network. State outlives processes; each process has clients of its own, counts its calls, and may
 * be killed at one of its effects, after which none of its calls succeeds. A transaction is under way while
 * `transactionLasts` does, a turn of the event loop unless told otherwise: what names its items meanwhile conflicts.
 */
export function inMemoryAws(transactionLasts: () => Promise<unknown> = () => aTurn()) {
  const tables = inMemoryTables(transactionLasts);
  const buckets = inMemoryBuckets();
  const wrapping = inMemoryWrappingService();

  /** `fails` names calls that the service breaks off, by operation and body. */
  function aProcess(death?: Death, fails?: (operation: string, body: string) => boolean) {
    const calls: Record<string, number> = {};
    let effects = 0;
    let dead = false;

    async function handle(service: string, request: HttpRequest): Promise<{ response: HttpResponse }> {
      if (dead) throw new KilledError();
      const operation = operationOf(service, request);
      calls[operation] = (calls[operation] ?? 0) + 1;
      if (fails?.(operation, bodyOf(request).toString()) === true) throw new ServiceBrokenError(operation);
      if (READS.test(operation)) return { response: await answer(service, request) };
      const effect = effects;
      effects += 1;
      if (death?.effect === effect && death.when === 'before') die();
      const response = await answer(service, request);
      if (death?.effect === effect && death.when === 'after') die();
      return { response };
    }
    function die(): never {
      dead = true;
      throw new KilledError();
    }
    function config(service: string) {
      return {
        region: 'cn-north-1',
        credentials: { accessKeyId: 'in-memory', secretAccessKey: 'in-memory' },
        maxAttempts: 1,
        requestHandler: {
          handle: (request: HttpRequest) => handle(service, request),
          updateHttpClientConfig: () => undefined,
          httpHandlerConfigs: () => ({}),
        },
      };
    }
    return {
      dynamo: DynamoDBDocumentClient.from(new DynamoDBClient(config('dynamodb')), {
        marshallOptions: { removeUndefinedValues: true },
      }),
      s3: new S3Client({ ...config('s3'), forcePathStyle: true }),
      kms: new KMSClient(config('kms')),
      /** How often each operation was called, as `service.Operation`. */
      calls,
      /** How many effects there were so far. */
      effects: () => effects,
      died: () => dead,
    };
  }

  async function answer(service: string, request: HttpRequest): Promise<HttpResponse> {
    const body = bodyOf(request);
    if (service === 's3') {
      const [, bucket = '', ...key] = decodeURIComponent(request.path).split('/');
      const {
        status,
        headers = {},
        body: content,
      } = buckets.call({
        method: request.method,
        bucket,
        key: key.join('/'),
        query: Object.fromEntries(
          Object.entries(request.query ?? {}).map(([name, value]) => [name, String(value)]),
        ),
        headers: request.headers,
        body,
      });
      return {
        statusCode: status,
        headers,
        body: Readable.from(content === undefined ? [] : [Buffer.from(content)]),
      };
    }
    const input: unknown = JSON.parse(body.toString());
    const operation = operationOf(service, request).slice(service.length + 1);
    try {
      return json(200, await (service === 'kms' ? wrapping : tables).call(operation, input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return json(400, { __type: `com.amazonaws.dynamodb.v20120810#${error.exception}`, ...error.details });
    }
  }

  return { aProcess, tables, buckets };
}
export type InMemoryAws = ReturnType<typeof inMemoryAws>;

function operationOf(service: string, request: HttpRequest): string {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return `${service}.${target.split('.').at(-1)}`;
  const name = { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' }[
    request.method
  ];
  const upload = request.query?.['uploadId'] !== undefined || request.query?.['uploads'] !== undefined;
  return `${service}.${upload ? `${request.method}Upload` : (name ?? request.method)}`;
}

function bodyOf({ body }: HttpRequest): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  // The SDK hands over a Uint8Array that minds being read as a string, as Buffer.from(body) would.
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError('A streamed body is not known here');
}

function json(status: number, content: object): HttpResponse {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Readable.from([Buffer.from(JSON.stringify(content))]),
  };
}
