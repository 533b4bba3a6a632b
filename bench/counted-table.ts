import { Readable } from 'node:stream';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HttpRequest } from '@smithy/types';
import { z } from 'zod';

type Row = Record<string, unknown> & { pk: string; sk: string };

const key = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) });
const requests = {
  GetItem: z.object({ Key: key }),
  BatchGetItem: z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(key) })) }),
  Query: z.object({
    KeyConditionExpression: z.literal('pk = :pk AND sk BETWEEN :earliest AND :latest'),
    ExpressionAttributeValues: z.object({
      ':pk': z.object({ S: z.string() }),
      ':earliest': z.object({ S: z.string() }),
      ':latest': z.object({ S: z.string() }),
    }),
  }),
};
/** A page of a query ends after so many bytes (Amazon DynamoDB API reference, Query). */
const PAGE_BYTES = 1024 ** 2;

/**
 * A table of a million rows for reading alone, behind the SDK's own client: partitions by hash, each sorted, as DynamoDB
 * has them. Counts requests, and the items that each of them evaluates. A filter is left to the reader: what it would
 * take off is counted as read all the same.
 */
export function countedTable() {
  const partitions = new Map<string, Row[]>();
  let [made, read] = [0, 0];
  const client = new DynamoDBClient({
    region: 'cn-north-1',
    credentials: { accessKeyId: 'in-memory', secretAccessKey: 'in-memory' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: HttpRequest) => ({
        response: {
          statusCode: 200,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: Readable.from([Buffer.from(JSON.stringify(answer(request)))]),
        },
      }),
      updateHttpClientConfig: () => undefined,
      httpHandlerConfigs: () => ({}),
    },
  });

  function answer({ headers, body }: HttpRequest): object {
    made += 1;
    const operation = headers['x-amz-target']?.split('.').at(-1);
    const input: unknown = JSON.parse(
      typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(),
    );
    switch (operation) {
      case 'GetItem': {
        const found = rowOf(requests.GetItem.parse(input).Key);
        return found === undefined ? {} : { Item: marshalled(found) };
      }
      case 'BatchGetItem': {
        const { RequestItems } = requests.BatchGetItem.parse(input);
        const Responses = Object.fromEntries(
          Object.entries(RequestItems).map(([table, { Keys }]) => [
            table,
            Keys.flatMap((one) => rowOf(one) ?? []).map(marshalled),
          ]),
        );
        return { Responses, UnprocessedKeys: {} };
      }
      case 'Query': {
        const values = requests.Query.parse(input).ExpressionAttributeValues;
        const [earliest, latest] = [values[':earliest'].S, values[':latest'].S];
        const rows = (partitions.get(values[':pk'].S) ?? [])
          .filter(({ sk }) => sk >= earliest && sk <= latest)
          .sort((a, b) => (a.sk < b.sk ? -1 : 1));
        const items = rows.map(marshalled);
        if (Buffer.byteLength(JSON.stringify(items)) > PAGE_BYTES) throw new Error('More than one page');
        read += items.length;
        return { Items: items };
      }
      default:
        throw new Error(`DynamoDB's ${operation} is not known here`);
    }
  }
  function rowOf({ pk, sk }: z.infer<typeof key>): Row | undefined {
    // What isn't there takes a read, too.
    read += 1;
    return partitions.get(pk.S)?.find((row) => row.sk === sk.S);
  }

  return {
    client: DynamoDBDocumentClient.from(client),
    put(row: Row): void {
      const rows = partitions.get(row.pk);
      if (rows === undefined) partitions.set(row.pk, [row]);
      else rows.push(row);
    },
    counted: () => ({ requests: made, read }),
  };
}

function marshalled(row: Row): object {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, attributeOf(value)]));
}

function attributeOf(value: unknown): object {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map(attributeOf) };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  throw new TypeError('A row of the index has no such attribute');
}
