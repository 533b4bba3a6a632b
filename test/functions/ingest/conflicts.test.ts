import { setImmediate as aTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { custodyKeyRows } from '../../../shared/aws/custody-key-rows.ts';
import { transact } from '../../../shared/aws/transact.ts';
import { ingestWorld, message } from './ingest-world.ts';

/** Two messages each of so many guests, half of them in each of two months. */
function archive(guests: number, name: string): string {
  return Array.from({ length: 2 * guests }, (_, n) =>
    message(`${name}${n}`, {
      from: `wm${name}${String(n % guests).padStart(28, '0')}`,
      msgtime: Date.UTC(2026, n < guests ? 3 : 4, 5) + n * 1000,
    }),
  ).join('\n');
}

function kmsCalls(calls: Record<string, number>): number {
  return Object.entries(calls).reduce(
    (sum, [call, count]) => (call.startsWith('kms.') ? sum + count : sum),
    0,
  );
}

/** Six months after the messages' own. */
const PERIODS = ['2026-10', '2026-11'];
/** Of a process, besides its periods. */
const BESIDES = 2;

function stands(period: string) {
  return {
    ConditionCheck: {
      TableName: 'keys',
      Key: custodyKeyRows.period({ hotel: 'SHA01', recordClass: 'ordinary', period }),
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
}

describe('an ingest whose transactions cancel each other', () => {
  it('makes the keys of many new guests of one period without being in its own way', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(archive(60, 'a'));
    const { outcome, error, process } = await world.run(batchId);
    expect({ outcome, error }).toEqual({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({ accepted: 120, guests: 60, rejected: [] });
    expect(kmsCalls(process.calls)).toBeLessThanOrEqual(PERIODS.length + BESIDES);
    expect(world.aws.tables.conflicts()).toBe(0);
  });

  it('ends beside others who name the rows of its periods again and again, with no more KMS calls than alone', async () => {
    const world = ingestWorld();
    await world.run(await world.upload(archive(1, 'a')));
    const batchId = await world.upload(archive(60, 'b'));
    const running = world.run(batchId);
    let ended = false;
    const checking = (async () => {
      while (!ended) {
        expect(await transact(world.reader.process.dynamo, PERIODS.map(stands))).toBe('done');
        // Time for the others between two of these.
        for (let turn = 0; turn < 3; turn += 1) await aTurn();
      }
    })();
    const { outcome, error, process } = await running;
    ended = true;
    await checking;
    expect({ outcome, error }).toEqual({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({ accepted: 120, guests: 60, rejected: [] });
    expect(kmsCalls(process.calls)).toBeLessThanOrEqual(PERIODS.length + BESIDES);
    expect(world.aws.tables.conflicts()).toBeGreaterThan(0);
  });
});
