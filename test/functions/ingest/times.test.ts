import { describe, expect, it } from '@jest/globals';
import { GUEST, ingestWorld, message } from './ingest-world.ts';

// The world's clock stands at 2026-06-01T00:00:00Z.
const HOUR_MS = 60 * 60 * 1000;
const RECEIVED = Date.UTC(2026, 5, 1);

describe('a record’s time', () => {
  it('may lie no more than a day after its receipt: whatever is later is quarantined, and makes no period', async () => {
    const world = ingestWorld();
    const times = [253402214399000, Date.UTC(3000, 0, 1), RECEIVED + 25 * HOUR_MS, RECEIVED + 23 * HOUR_MS];
    const lines = times.map((msgtime, index) => message(`m${index}`, { msgtime })).join('\n');
    const batchId = await world.upload(lines);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({
      accepted: 1,
      quarantined: 3,
      rejected: [1, 2, 3].map((line) => ({ line, reason: 'time-in-future' })),
    });
    const periods = world.rows('PERIOD#').join('\n');
    expect(periods).toContain('#2026-12');
    expect(periods).not.toMatch(/#(?:[3-9]\d{3}|\d{5,})-/);
  });

  it('is the receipt where it is of an arrival ahead; the same row is the same record after the arrival too', async () => {
    const world = ingestWorld();
    const stay = { source: 'stay', category: 'stay', timezone: 'Asia/Shanghai' } as const;
    const rows =
      'arrival,departure,phone\n2026-07-01,2026-07-03,13800138000\n9999-12-30,9999-12-31,13900139000\n';
    const first = await world.upload(rows, stay);
    expect(await world.run(first)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(first)).toMatchObject({ accepted: 2, rejectedLines: 0 });
    const phone = { kind: 'phone', value: '13800138000' } as const;
    const [record] = await world.recordsFor(phone);
    expect(record).toMatchObject({ at: new Date(RECEIVED).toISOString() });
    expect(record?.text).toContain('2026-07-01');
    expect(world.rows('PERIOD#').join('\n')).not.toContain('9999');

    world.pass(60 * 24 * 60);
    const second = await world.upload(rows, stay);
    expect(await world.run(second)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(second)).toMatchObject({ accepted: 0, duplicates: 2, conflicts: 0 });
    expect(await world.recordsFor(phone)).toHaveLength(1);
  });

  it('is not made up where the platform gave none: the record says so, and its batch counts it', async () => {
    const world = ingestWorld();
    const batchId = await world.upload([message('m1', { msgtime: 0 }), message('m2')].join('\n'));
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
    expect(await world.batch(batchId)).toMatchObject({ accepted: 2, completeness: { undated: 1 } });
    const records = await world.recordsFor({ kind: 'wecom', value: GUEST });
    expect(records.map(({ timeKnown }) => timeKnown)).toEqual([false, true]);
    const dated = await world.upload(message('m3'));
    await world.run(dated);
    expect((await world.batch(dated)).completeness).not.toHaveProperty('undated');
  });
});
