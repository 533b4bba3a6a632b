import { z } from 'zod';
import { type AttributeValue, holds, type Item, updated } from './expressions.ts';
import { itemSize } from './item-size.ts';

const value: z.ZodType<AttributeValue> = z.record(z.string(), z.unknown());
const item = z.record(z.string(), value);
const keySchema = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) });
const expressions = {
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
  ExpressionAttributeValues: z.record(z.string(), value).default({}),
  ConditionExpression: z.string().optional(),
};
const put = z.object({ TableName: z.string(), Item: item, ...expressions });
const keyed = z.object({ TableName: z.string(), Key: item, ...expressions });
const update = keyed.extend({ UpdateExpression: z.string() });
const query = z.object({
  TableName: z.string(),
  KeyConditionExpression: z.string(),
  FilterExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  ScanIndexForward: z.boolean().default(true),
  Limit: z.number().optional(),
  ExclusiveStartKey: item.optional(),
  IndexName: z.undefined().optional(),
  ...expressions,
});
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(item) })) });
const transaction = z.object({
  TransactItems: z.array(
    z.union([
      z.strictObject({ Put: put }).transform(({ Put }) => ({ kind: 'put' as const, ...Put })),
      z.strictObject({ Delete: keyed }).transform(({ Delete }) => ({ kind: 'delete' as const, ...Delete })),
      z.strictObject({ Update: update }).transform(({ Update }) => ({ kind: 'update' as const, ...Update })),
      z
        .strictObject({ ConditionCheck: keyed })
        .transform(({ ConditionCheck }) => ({ kind: 'check' as const, ...ConditionCheck })),
    ]),
  ),
});

/** What DynamoDB answers where it refuses: the exception's name, and what it says besides. */
export class Refusal extends Error {
  readonly exception: string;
  readonly details: object;
  constructor(exception: string, details: object = {}) {
    super(exception);
    this.exception = exception;
    this.details = details;
  }
}

type Write = z.infer<typeof transaction>['TransactItems'][number];

/** Limits of the service (Amazon DynamoDB Developer Guide, "Quotas"). */
const ITEM_BYTES = 400 * 1024;
const TRANSACTION = { items: 100, bytes: 4 * 1024 ** 2 };

function projected(row: Item, attributes: string | undefined): Item {
  if (attributes === undefined) return row;
  const wanted = attributes.split(',').map((name) => name.trim());
  return Object.fromEntries(Object.entries(row).filter(([name]) => wanted.includes(name)));
}

/** Items of a page; small, so that paging is exercised. */
const PAGE_ITEMS = 50;

/**
 * DynamoDB tables with `pk` and `sk`, in memory: conditions, transactions, paged queries. No indexes. A transaction is
 * under way while `underWay` lasts; until then every other transaction that names one of its items, were it only in a
 * condition, and every single write of one is refused (DynamoDB Developer Guide, Transactional conflicts).
 */
export function inMemoryTables(underWay: () => Promise<unknown>) {
  const locked = new Set<string>();
  let conflicts = 0;
  const tables = new Map<string, Map<string, Map<string, Item>>>();

  function partition(table: string, pk: string): Map<string, Item> {
    const rows = tables.get(table) ?? new Map<string, Map<string, Item>>();
    tables.set(table, rows);
    const items = rows.get(pk) ?? new Map<string, Item>();
    rows.set(pk, items);
    return items;
  }
  function keyOf(from: Item): { pk: string; sk: string } {
    const { pk, sk } = keySchema.parse({ pk: from['pk'], sk: from['sk'] });
    return { pk: pk.S, sk: sk.S };
  }
  function nameOf(write: Write): string {
    const { pk, sk } = keyOf(write.kind === 'put' ? write.Item : write.Key);
    return JSON.stringify([write.TableName, pk, sk]);
  }
  function read(table: string, key: Item): Item | undefined {
    const { pk, sk } = keyOf(key);
    return partition(table, pk).get(sk);
  }
  function allowed(write: Write): boolean {
    return holds(
      write.ConditionExpression,
      read(write.TableName, write.kind === 'put' ? write.Item : write.Key),
      write.ExpressionAttributeNames,
      write.ExpressionAttributeValues,
    );
  }
  /** The item as it is after a write; for what leaves none, as it was. */
  function written(write: Write): Item | undefined {
    switch (write.kind) {
      case 'put':
        return write.Item;
      case 'update': {
        const { UpdateExpression, Key, ExpressionAttributeNames, ExpressionAttributeValues } = write;
        const before = read(write.TableName, Key) ?? Key;
        return updated(UpdateExpression, before, ExpressionAttributeNames, ExpressionAttributeValues);
      }
      default:
        return read(write.TableName, write.Key);
    }
  }
  function apply(write: Write): void {
    if (write.kind === 'check') return;
    const { pk, sk } = keyOf(write.kind === 'put' ? write.Item : write.Key);
    const items = partition(write.TableName, pk);
    const after = write.kind === 'delete' ? undefined : written(write);
    if (after === undefined) items.delete(sk);
    else items.set(sk, after);
  }
  /** Refuses items that are too large, before anything is looked at. */
  function measured(writes: readonly Write[]): number {
    const sizes = writes.map((write) => itemSize(written(write) ?? {}));
    if (sizes.some((size) => size > ITEM_BYTES)) {
      throw new Refusal('ValidationException', {
        message: 'Item size has exceeded the maximum allowed size',
      });
    }
    return sizes.reduce((sum, size) => sum + size, 0);
  }
  function writeOne(write: Write): object {
    if (locked.has(nameOf(write))) {
      conflicts += 1;
      throw new Refusal('TransactionConflictException');
    }
    if (!allowed(write)) throw new Refusal('ConditionalCheckFailedException');
    measured([write]);
    apply(write);
    return {};
  }

  const operations: Record<string, (input: unknown) => object | Promise<object>> = {
    GetItem(input) {
      const { TableName, Key } = keyed.parse(input);
      const found = read(TableName, Key);
      return found === undefined ? {} : { Item: found };
    },
    PutItem: (input) => writeOne({ kind: 'put', ...put.parse(input) }),
    DeleteItem: (input) => writeOne({ kind: 'delete', ...keyed.parse(input) }),
    UpdateItem: (input) => writeOne({ kind: 'update', ...update.parse(input) }),
    BatchGetItem(input) {
      const { RequestItems } = batchGet.parse(input);
      const Responses = Object.fromEntries(
        Object.entries(RequestItems).map(([table, { Keys }]) => {
          const names = new Set(Keys.map((key) => JSON.stringify(keyOf(key))));
          if (names.size !== Keys.length) throw new Refusal('ValidationException');
          return [table, Keys.flatMap((key) => read(table, key) ?? [])];
        }),
      );
      return { Responses, UnprocessedKeys: {} };
    },
    Query(input) {
      const asked = query.parse(input);
      const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = asked;
      const pkValue = values[/\bpk = (:\w+)/.exec(asked.KeyConditionExpression)?.[1] ?? ''];
      const pk = z.object({ S: z.string() }).parse(pkValue).S;
      const start = asked.ExclusiveStartKey === undefined ? null : keyOf(asked.ExclusiveStartKey).sk;
      const forward = asked.ScanIndexForward ? 1 : -1;
      const found = [...partition(asked.TableName, pk)]
        .sort(([a], [b]) => (a < b ? -forward : forward))
        .filter(([sk]) => start === null || (sk < start ? -forward : forward) > 0)
        .filter(([sk]) => sk !== start)
        .map(([, row]) => row)
        .filter((row) => holds(asked.KeyConditionExpression, row, names, values));
      const page = found.slice(0, asked.Limit ?? PAGE_ITEMS);
      const last = page.at(-1);
      return {
        Items: page
          .filter((row) => holds(asked.FilterExpression, row, names, values))
          .map((row) => projected(row, asked.ProjectionExpression)),
        ...(last === undefined || page.length === found.length
          ? {}
          : { LastEvaluatedKey: { pk: last['pk'], sk: last['sk'] } }),
      };
    },
    async TransactWriteItems(input) {
      const { TransactItems } = transaction.parse(input);
      const touched = TransactItems.map(nameOf);
      if (new Set(touched).size !== touched.length) throw new Refusal('ValidationException');
      if (touched.length > TRANSACTION.items) {
        throw new Refusal('ValidationException', {
          message: 'Too many items in the TransactWriteItems call',
        });
      }
      // Whether items that go or are only looked at count is not said anywhere: they do here.
      if (measured(TransactItems) > TRANSACTION.bytes) {
        throw new Refusal('ValidationException', { message: 'Transaction size exceeded' });
      }
      if (touched.some((name) => locked.has(name))) {
        conflicts += 1;
        throw new Refusal('TransactionCanceledException', {
          CancellationReasons: touched.map((name) => ({
            Code: locked.has(name) ? 'TransactionConflict' : 'None',
          })),
        });
      }
      for (const name of touched) locked.add(name);
      try {
        await underWay();
        const reasons = TransactItems.map((write) => ({
          Code: allowed(write) ? 'None' : 'ConditionalCheckFailed',
        }));
        if (reasons.some(({ Code }) => Code !== 'None')) {
          throw new Refusal('TransactionCanceledException', { CancellationReasons: reasons });
        }
        TransactItems.forEach(apply);
        return {};
      } finally {
        for (const name of touched) locked.delete(name);
      }
    },
  };

  return {
    call(operation: string, input: unknown): object | Promise<object> {
      const act = operations[operation];
      if (act === undefined) throw new Error(`DynamoDB's ${operation} is not known here`);
      return act(input);
    },
    /** Writes and transactions that were refused because a transaction under way named the same item. */
    conflicts: () => conflicts,
    /** Takes partitions away, as somebody else would. */
    drop(table: string, chosen: (pk: string) => boolean): void {
      for (const pk of [...(tables.get(table)?.keys() ?? [])].filter(chosen)) tables.get(table)?.delete(pk);
    },
    /** Every row of a table, for tests to look at. */
    rows: (table: string): Item[] =>
      [...(tables.get(table)?.values() ?? [])].flatMap((items) => [...items.values()]),
  };
}
