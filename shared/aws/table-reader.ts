import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { backOff, REAL_WAITING, type Waiting } from './back-off.ts';

export type Row = Record<string, unknown>;
export type RowKey = { pk: string; sk: string };

/** A query as DynamoDB has it. Of an index it is eventually consistent: it finds, it never decides. */
export type RowQuery = {
  condition: string;
  values: Record<string, unknown>;
  index?: string;
  filter?: { expression: string; names: Record<string, string> };
  newestFirst?: boolean;
  /** Brings `pk` and `sk` alone: for rows whose content is large and of no interest. */
  keysOnly?: boolean;
  /** Stops after so many rows. */
  limit?: number;
};

const keySchema = z.object({ pk: z.string(), sk: z.string() });
/** BatchGetItem takes at most so many keys (Amazon DynamoDB API reference). */
const KEYS_AT_ONCE = 100;

/** Answers in a row that gave not one of the rows asked for, after which DynamoDB is taken to be out of capacity. */
const EMPTY_ANSWERS = 12;

/** DynamoDB kept leaving rows of a batch unread. */
export class ReadThrottledError extends Error {
  override name = 'ReadThrottledError';
}

/** Reads of one table: consistent, and page by page to the end. */
export function tableReader(table: string, dynamo: DynamoDBDocumentClient, waiting: Waiting = REAL_WAITING) {
  async function get(key: RowKey): Promise<Row | null> {
    const { Item } = await dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return Item ?? null;
  }

  async function* rows(query: RowQuery): AsyncGenerator<Row> {
    let start: Row | undefined;
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    do {
      const page = await dynamo.send(
        new QueryCommand({
          TableName: table,
          IndexName: query.index,
          KeyConditionExpression: query.condition,
          ExpressionAttributeValues: query.values,
          FilterExpression: query.filter?.expression,
          ExpressionAttributeNames: query.filter?.names,
          ProjectionExpression: query.keysOnly === true ? 'pk, sk' : undefined,
          ConsistentRead: query.index === undefined,
          ScanIndexForward: query.newestFirst !== true,
          ExclusiveStartKey: start,
          Limit: query.limit,
        }),
      );
      const items = (page.Items ?? []).slice(0, left);
      yield* items;
      left -= items.length;
      start = page.LastEvaluatedKey;
    } while (start !== undefined && left > 0);
  }

  /** The rows of one partition whose sort key begins with `prefix`, in its order. */
  function under(pk: string, prefix: string): AsyncGenerator<Row> {
    return rows(underQuery(pk, prefix));
  }

  async function list(query: RowQuery): Promise<Row[]> {
    const found: Row[] = [];
    for await (const row of rows(query)) found.push(row);
    return found;
  }

  /** `under`, all at once; the first `limit` of them where one is given. */
  function listUnder(pk: string, prefix: string, limit?: number): Promise<Row[]> {
    return list({ ...underQuery(pk, prefix), ...(limit === undefined ? {} : { limit }) });
  }

  /**
   * Whichever of these rows there are, in no order. Rows that an answer leaves out are asked for again after a pause
   * (BatchGetItem, Amazon DynamoDB API reference); throws ReadThrottledError where nothing comes any more.
   */
  async function getAll(keys: readonly RowKey[]): Promise<Row[]> {
    const found: Row[] = [];
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      let wanted = keys.slice(at, at + KEYS_AT_ONCE);
      for (let empty = 0; wanted.length > 0; ) {
        const page = await dynamo.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys: [...wanted], ConsistentRead: true } } }),
        );
        found.push(...(page.Responses?.[table] ?? []));
        const left = (page.UnprocessedKeys?.[table]?.Keys ?? []).map((key) => keySchema.parse(key));
        empty = left.length < wanted.length ? 0 : empty + 1;
        wanted = left;
        if (empty === EMPTY_ANSWERS)
          throw new ReadThrottledError('Rows of a batch were left unread each time');
        if (wanted.length > 0) await backOff(empty + 1, waiting);
      }
    }
    return found;
  }

  return { get, rows, list, under, listUnder, getAll };
}

function underQuery(pk: string, prefix: string): RowQuery {
  return {
    condition: 'pk = :pk AND begins_with(sk, :prefix)',
    values: { ':pk': pk, ':prefix': prefix },
  };
}
