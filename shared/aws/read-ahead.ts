import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Row, RowKey } from './table-reader.ts';

/** A row that will be asked for, in whichever table. */
export type PlacedKey = { table: string; key: RowKey };

/** As the document client calls them, and the client below it. */
const GET = /^Get(Item)?Command$/;
const BATCH_GET = /^BatchGet(Item)?Command$/;

const keySchema = z.looseObject({ pk: z.string(), sk: z.string() });
const oneSchema = z.object({ TableName: z.string(), Key: keySchema });
const manySchema = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(keySchema) })),
});

/**
 * Has what one invocation will read of several tables read at once, consistently: a call of BatchGetItem instead of one for
 * each row. The reads themselves stay where they are and find their row here, once; a second read of it, after somebody else's write, asks
 * the table again. What an answer leaves out is read as if nothing had been read ahead.
 */
export function readAhead(dynamo: DynamoDBDocumentClient): (keys: readonly PlacedKey[]) => Promise<void> {
  const found = new Map<string, Row | null>();
  let reading = false;

  function take(names: readonly string[]): (Row | null)[] | null {
    if (names.length === 0 || !names.every((name) => found.has(name))) return null;
    return names.map((name) => {
      const row = found.get(name) ?? null;
      found.delete(name);
      return row;
    });
  }

  dynamo.middlewareStack.add(
    (next, context) => async (args) => {
      if (reading || found.size === 0) return next(args);
      const one = GET.test(context.commandName ?? '') ? oneSchema.safeParse(args.input).data : undefined;
      if (one !== undefined) {
        const rows = take([nameOf(one.TableName, one.Key)]);
        const [Item] = rows ?? [];
        if (rows !== null) return answered(Item === null ? {} : { Item });
      }
      const many = BATCH_GET.test(context.commandName ?? '')
        ? manySchema.safeParse(args.input).data
        : undefined;
      const [table, ...others] = Object.entries(many?.RequestItems ?? {});
      if (table !== undefined && others.length === 0) {
        const [name, { Keys }] = table;
        const rows = take(Keys.map((key) => nameOf(name, key)));
        if (rows !== null)
          return answered({ Responses: { [name]: rows.filter((row) => row !== null) }, UnprocessedKeys: {} });
      }
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'readAhead' },
  );

  return async (keys) => {
    // What an earlier invocation of this process left is of no use to this one.
    found.clear();
    const byTable = Map.groupBy(keys, ({ table }) => table);
    reading = true;
    try {
      const { Responses, UnprocessedKeys } = await dynamo.send(
        new BatchGetCommand({
          RequestItems: Object.fromEntries(
            [...byTable].map(([table, some]) => [
              table,
              { Keys: some.map(({ key }) => key), ConsistentRead: true },
            ]),
          ),
        }),
      );
      const left = Object.entries(UnprocessedKeys ?? {}).flatMap(([table, { Keys = [] }]) =>
        Keys.map((key) => nameOf(table, keySchema.parse(key))),
      );
      for (const { table, key } of keys) {
        const name = nameOf(table, key);
        const rows = (Responses?.[table] ?? []).map((row) => keySchema.parse(row));
        const row = rows.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
        if (!left.includes(name)) found.set(name, row ?? null);
      }
    } finally {
      reading = false;
    }
  };
}

function answered(output: object) {
  return { output: { $metadata: {}, ...output }, response: {} };
}

function nameOf(table: string, { pk, sk }: RowKey): string {
  return JSON.stringify([table, pk, sk]);
}
