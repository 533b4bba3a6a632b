import { setImmediate as aTurn } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { custodyKeyRows } from '../../../shared/aws/custody-key-rows.ts';
import { custodyKeys } from '../../../shared/aws/custody-keys.ts';
import { ChainContentionError, custodyLog } from '../../../shared/aws/custody-log.ts';
import { ReadThrottledError, tableReader } from '../../../shared/aws/table-reader.ts';
import { ROW_CHANGED, transact } from '../../../shared/aws/transact.ts';
import { keyCache } from '../../../shared/aws/wrapping-keys.ts';
import { WriteConflictError, writeRow } from '../../../shared/aws/write-through-conflicts.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import type { Period } from '../../../shared/ports/keys.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';

const row = { pk: 'ROW', sk: 'ROW' };
const other = { pk: 'OTHER', sk: 'ROW' };
const event = { at: new Date('2026-05-01T00:00:00Z'), actor: 'function:test', data: {} };
const period: Period = { hotel: 'SHA01', recordClass: 'ordinary', period: '2026-11' };

function put(key: { pk: string; sk: string }, by: string) {
  return { Put: { TableName: 'records', Item: { ...key, by } } };
}
function putNew(key: { pk: string; sk: string }, by: string) {
  return {
    Put: { TableName: 'records', Item: { ...key, by }, ConditionExpression: 'attribute_not_exists(pk)' },
  };
}
function check(key: { pk: string; sk: string }) {
  return { ConditionCheck: { TableName: 'records', Key: key, ConditionExpression: 'attribute_exists(pk)' } };
}

/** A table whose transactions end when they are told to, and a way of waiting that takes no time. */
function world() {
  const underWay: (() => void)[] = [];
  let held = true;
  const aws = inMemoryAws(() =>
    held ? new Promise<void>((resolve) => underWay.push(resolve)) : Promise.resolve(),
  );
  const { dynamo, calls } = aws.aProcess();
  const pauses: number[] = [];
  let endAfter = Number.POSITIVE_INFINITY;
  let theirs: Promise<unknown> = Promise.resolve();
  async function end(): Promise<void> {
    held = false;
    for (const resolve of underWay.splice(0)) resolve();
    await theirs;
  }
  return {
    dynamo,
    calls,
    pauses,
    waiting: {
      random: () => 0.5,
      pause: async (milliseconds: number) => {
        pauses.push(milliseconds);
        if (pauses.length === endAfter) await end();
      },
    },
    /** Somebody's transaction on these items, under way until so many pauses were made. */
    async occupied(items: Parameters<typeof transact>[1], pausesUntilItEnds: number): Promise<void> {
      endAfter = pausesUntilItEnds;
      theirs = transact(aws.aProcess().dynamo, items);
      while (underWay.length === 0) await aTurn();
    },
    end,
    async by(key: { pk: string; sk: string }): Promise<unknown> {
      const { Item } = await dynamo.send(new GetCommand({ TableName: 'records', Key: key }));
      return Item?.['by'];
    },
  };
}

describe('a write that meets another’s transaction', () => {
  it.each([
    ['changes the same row', [put(row, 'them')]],
    ['only checks the same row', [check(row), put(other, 'them')]],
  ])('is tried again until that ends, where it %s', async (_, items) => {
    const { dynamo, waiting, pauses, occupied, by } = world();
    await preset(dynamo);
    await occupied(items, 3);
    expect(await transact(dynamo, [put(row, 'us')], waiting)).toBe('done');
    expect(await by(row)).toBe('us');
    expect(pauses).toEqual([10, 20, 40]);
  });

  it('of one row is tried again too', async () => {
    const { dynamo, waiting, pauses, occupied, by } = world();
    await occupied([put(row, 'them')], 2);
    await writeRow(dynamo, new PutCommand({ TableName: 'records', Item: { ...row, by: 'us' } }), waiting);
    expect(await by(row)).toBe('us');
    expect(pauses).toHaveLength(2);
  });

  it('finds its condition failed where the other one made it so', async () => {
    const { dynamo, waiting, occupied, by } = world();
    await occupied([putNew(row, 'them')], 1);
    expect(await transact(dynamo, [put(other, 'us'), putNew(row, 'us')], waiting)).toEqual({
      [ROW_CHANGED]: [1],
    });
    expect([await by(row), await by(other)]).toEqual(['them', undefined]);
  });

  it('gives up with its own error where the other one never ends, having waited no longer than it may', async () => {
    const { dynamo, waiting, pauses, calls, occupied, end } = world();
    await occupied([put(row, 'them')], Number.POSITIVE_INFINITY);
    const update = new UpdateCommand({
      TableName: 'records',
      Key: row,
      UpdateExpression: 'SET #by = :us',
      ExpressionAttributeNames: { '#by': 'by' },
      ExpressionAttributeValues: { ':us': 'us' },
    });
    await expect(transact(dynamo, [put(row, 'us')], waiting)).rejects.toThrow(WriteConflictError);
    await expect(writeRow(dynamo, update, waiting)).rejects.toThrow(WriteConflictError);
    expect(calls).toEqual({ 'dynamodb.TransactWriteItems': 14, 'dynamodb.UpdateItem': 14 });
    expect(Math.max(...pauses)).toBe(320);
    await end();
  });

  it('throws what is neither a conflict nor a failed condition', async () => {
    const { dynamo, waiting, pauses } = world();
    await expect(transact(dynamo, [put(row, 'us'), put(row, 'us')], waiting)).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(pauses).toEqual([]);
  });
});

describe('a chain of custody with many writers', () => {
  it('takes every event, without fork or gap', async () => {
    const aws = inMemoryAws();
    const waiting = { pause: () => aTurn(), random: () => 0 };
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () =>
        custodyLog('events', aws.aProcess().dynamo, waiting).record('batch/bat_1', 'batch-received', event),
      ),
    );
    expect(outcomes).toEqual(Array.from({ length: 6 }, () => 'recorded'));
    const events = await custodyLog('events', aws.aProcess().dynamo).events('batch/bat_1');
    expect(events).toHaveLength(6);
    expect(faultInChain(events)).toBeNull();
  });

  it('gives up with its own error where others come first each time, and pauses between', async () => {
    const aws = inMemoryAws();
    const pauses: number[] = [];
    const rival = custodyLog('events', aws.aProcess().dynamo);
    const { dynamo, calls } = aws.aProcess();
    // Somebody writes the next event whenever this writer has read the chain's end.
    dynamo.middlewareStack.add(
      (next, context) => async (args) => {
        if (
          context.commandName === 'TransactWriteItemsCommand' ||
          context.commandName === 'TransactWriteCommand'
        ) {
          await rival.record('batch/bat_1', 'batch-received', event);
        }
        return next(args);
      },
      { step: 'initialize' },
    );
    const log = custodyLog('events', dynamo, {
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
      random: () => 1,
    });
    await expect(log.record('batch/bat_1', 'batch-received', event)).rejects.toThrow(ChainContentionError);
    expect(calls['dynamodb.TransactWriteItems']).toBe(12);
    expect(pauses).toEqual([20, 40, 80, 160, 320, 640, 640, 640, 640, 640, 640]);
  });
});

describe('a batch of rows of which DynamoDB leaves some unread', () => {
  function leaving(unread: (answer: number) => number) {
    const { dynamo } = inMemoryAws().aProcess();
    let answers = 0;
    dynamo.middlewareStack.add(
      (next) => async (args) => {
        const keys: unknown = Reflect.get(Object(Reflect.get(args.input, 'RequestItems')), 'records');
        const asked: unknown = Reflect.get(Object(keys), 'Keys');
        if (!Array.isArray(asked)) return next(args);
        const left = asked.slice(0, unread(answers));
        answers += 1;
        const read = asked.slice(left.length);
        return {
          response: {},
          output: {
            $metadata: {},
            Responses: { records: read },
            UnprocessedKeys: left.length === 0 ? {} : { records: { Keys: left } },
          },
        };
      },
      { step: 'initialize' },
    );
    const pauses: number[] = [];
    const waiting = {
      pause: async (milliseconds: number) => {
        pauses.push(milliseconds);
      },
      random: () => 1,
    };
    return { reader: tableReader('records', dynamo, waiting), pauses };
  }
  const keys = Array.from({ length: 10 }, (_, n) => ({ pk: `ROW#${n}`, sk: 'ROW' }));

  it('is read to its end, with pauses that grow while nothing comes', async () => {
    const { reader, pauses } = leaving((answer) => [10, 10, 10, 4, 2, 0][answer] ?? 0);
    expect(await reader.getAll(keys)).toHaveLength(10);
    expect(pauses).toEqual([40, 80, 160, 20, 20]);
  });

  it('fails with its own error where nothing comes any more', async () => {
    const { reader } = leaving(() => 10);
    await expect(reader.getAll(keys)).rejects.toThrow(ReadThrottledError);
  });
});

describe('guest keys while transactions conflict', () => {
  it('cost one KMS call for a period, however many guests’ keys are made at once', async () => {
    const aws = inMemoryAws();
    const { dynamo, kms, calls } = aws.aProcess();
    const keys = custodyKeys('keys', dynamo, kms, 'custody-key', () => new Date(0));
    const made = await Promise.all(
      Array.from({ length: 60 }, (_, guest) => keys.forWriting(period, `gst_${guest}`)),
    );
    expect(made.filter(({ state }) => state === 'active')).toHaveLength(60);
    expect({ kms: calls['kms.GenerateDataKey'], decrypts: calls['kms.Decrypt'] ?? 0 }).toEqual({
      kms: 1,
      decrypts: 0,
    });
    expect(aws.tables.conflicts()).toBe(0);
  });

  it('cost each of several processes one KMS call, and are all made', async () => {
    const aws = inMemoryAws();
    const processes = Array.from({ length: 3 }, () => aws.aProcess());
    const made = await Promise.all(
      processes.flatMap(({ dynamo, kms }, nth) => {
        const keys = custodyKeys('keys', dynamo, kms, 'custody-key', () => new Date(0));
        return Array.from({ length: 10 }, (_, guest) => keys.forWriting(period, `gst_${nth}_${guest}`));
      }),
    );
    expect(made.filter(({ state }) => state === 'active')).toHaveLength(30);
    expect(aws.tables.conflicts()).toBeGreaterThan(0);
    for (const { calls } of processes) {
      // One that loses the race to make the period's key reads the winner's.
      expect(calls['kms.Decrypt'] ?? 0).toBeLessThanOrEqual(1);
      expect(calls['kms.GenerateDataKey'] ?? 0).toBeLessThanOrEqual(1);
    }
  });

  it('lift no bar where a transaction was only in the way', async () => {
    const aws = inMemoryAws();
    const { dynamo, kms, calls } = aws.aProcess();
    const keys = custodyKeys('keys', dynamo, kms, 'custody-key', () => new Date(0));
    await keys.forWriting(period, 'gst_1');
    const inTheWay = transact(aws.aProcess().dynamo, [
      {
        ConditionCheck: {
          TableName: 'keys',
          Key: custodyKeyRows.period(period),
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ]);
    expect(await keys.forWriting(period, 'gst_2')).toMatchObject({ state: 'active' });
    expect(await inTheWay).toBe('done');
    expect(calls['dynamodb.UpdateItem'] ?? 0).toBe(0);
  });
});

describe('a cache of keys', () => {
  const key = Uint8Array.of(1);
  const clock = () => new Date(0);

  it('loads a key once for all who ask at the same time', async () => {
    const cache = keyCache(clock);
    let loads = 0;
    const load = async () => {
      loads += 1;
      return key;
    };
    expect(await Promise.all([1, 2, 3].map(() => cache.get('a', load)))).toEqual([key, key, key]);
    expect(loads).toBe(1);
  });

  it('asks for itself where another’s load found none, or failed before it came', async () => {
    const cache = keyCache(clock);
    const absent = cache.get('a', async () => 'absent' as const);
    const made = cache.get('a', async () => key);
    expect([await absent, await made]).toEqual(['absent', key]);
    await expect(cache.get('b', () => Promise.reject(new Error('KMS is away')))).rejects.toThrow('KMS');
    expect(await cache.get('b', async () => key)).toEqual(key);
  });

  it('does not keep what was to be forgotten while it was being loaded', async () => {
    const cache = keyCache(clock);
    let arrive: (key: Uint8Array) => void = () => undefined;
    const early = cache.get('a', () => new Promise<Uint8Array>((resolve) => (arrive = resolve)));
    cache.forget('a');
    arrive(key);
    expect(await early).toEqual(key);
    const fresh = Uint8Array.of(2);
    expect(await cache.get('a', async () => fresh)).toEqual(fresh);
  });
});

async function preset(dynamo: DynamoDBDocumentClient): Promise<void> {
  await dynamo.send(new PutCommand({ TableName: 'records', Item: { ...row, by: 'nobody' } }));
}
