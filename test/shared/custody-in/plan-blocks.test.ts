import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PlacedRecord, planBlocks } from '../../../shared/custody-in/plan-blocks.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { PLAIN_RECORD } from '../../../shared/domain/record.ts';

const ORIGIN = { batchId: 'bat_1', hotel: 'SHA01', platform: 'wecom', segment: 0 } as const;

function placed(n: number, changes: Partial<PlacedRecord> = {}): PlacedRecord {
  return {
    guestId: 'gst_1',
    foundBy: 'index',
    conversationId: 'cnv_1',
    recordClass: 'ordinary',
    period: '2026-11',
    bytes: 100,
    timeKnown: true,
    staff: [],
    record: {
      recordId: n.toString(16).padStart(32, '0'),
      platform: 'wecom',
      category: 'enquiry',
      at: new Date(n * 1000).toISOString(),
      from: { role: 'guest', id: null, name: null },
      text: '',
      ...PLAIN_RECORD,
      sourceType: 'text',
      line: n + 1,
      original: new Uint8Array(),
    },
    ...changes,
  };
}

const anyPlaced = fc
  .record({
    n: fc.nat({ max: 2_000 }),
    guestId: fc.constantFrom('gst_1', 'gst_2'),
    period: fc.constantFrom('2026-11', '2026-12'),
    timeKnown: fc.boolean(),
    bytes: fc.integer({ min: 1, max: LIMITS.blockPlaintextBytes * 2 }),
  })
  .map(({ n, ...changes }) => placed(n, changes));

describe('planning blocks', () => {
  it('puts every record in exactly one block of its own conversation and period, within the limits', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyPlaced, { maxLength: 60, selector: ({ record }) => record.recordId }),
        (records) => {
          const bytesOf = new Map(records.map(({ record, bytes }) => [record.recordId, bytes]));
          const plans = planBlocks(records, ORIGIN);
          const out = plans.flatMap((plan) =>
            plan.records.map(({ recordId }) => [plan.guestId, plan.period, recordId].join()),
          );
          expect(out.sort()).toEqual(
            records.map(({ guestId, period, record }) => [guestId, period, record.recordId].join()).sort(),
          );
          for (const plan of plans) {
            const bytes = plan.records.reduce((sum, { recordId }) => sum + (bytesOf.get(recordId) ?? 0), 0);
            expect(plan.records.length).toBeLessThanOrEqual(LIMITS.blockRecords);
            if (plan.records.length > 1) expect(bytes).toBeLessThanOrEqual(LIMITS.blockPlaintextBytes);
          }
        },
      ),
    );
  });

  it('gives the same ids for the same records in any order, and others for other records', () => {
    const records = Array.from({ length: LIMITS.blockRecords + 10 }, (_, n) => placed(n));
    const plans = planBlocks(records, ORIGIN);
    expect(plans.map((plan) => plan.records.length)).toEqual([LIMITS.blockRecords, 10]);
    expect(planBlocks([...records].reverse(), ORIGIN)).toEqual(plans);
    const ids = plans.map(({ blockId }) => blockId);
    for (const other of [
      planBlocks(records.slice(1), ORIGIN),
      planBlocks(records, { ...ORIGIN, segment: 1 }),
      planBlocks(records, { ...ORIGIN, batchId: 'bat_2' }),
    ]) {
      expect(other.some(({ blockId }) => ids.includes(blockId))).toBe(false);
    }
  });
});
