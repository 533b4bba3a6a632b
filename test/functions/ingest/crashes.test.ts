import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import type { Death } from '../../fakes/killed-process.ts';
import { GUEST, type IngestWorld, ingestWorld, message, OTHER_GUEST } from './ingest-world.ts';

const ARCHIVE = [
  message('1'),
  message('2', { from: 'frontdesk01', tolist: [GUEST, OTHER_GUEST], roomid: 'wr1' }),
  'not json',
  message('3', { from: OTHER_GUEST }),
  message('4', { msgtime: Date.UTC(2026, 3, 2) }),
  message('1'),
].join('\n');

const TABLE = [
  'message_id,at,conversation,from_role,text,phone,email,booking',
  '1,2026-05-01T09:00:00Z,c1,staff,Welcome,,,',
  '2,2026-05-01T09:01:00Z,c1,guest,Hello,13800138000,,B1',
  '3,2026-05-01T09:02:00Z,c2,guest,Again me,,me@example.cn,B2',
  '4,2026-05-01T09:03:00Z,c2,guest,Both are me,13800138000,me@example.cn,',
  '5,2026-05-01T09:04:00Z,c3,guest,Somebody else,13900139000,,',
].join('\n');

/** What must stand in the end, however often it was interrupted on the way. */
async function standing(world: IngestWorld, batchId: string) {
  const { state, accepted, duplicates, rejected, conversations, blocks } = await world.batch(batchId);
  const blockRows = world.aws.tables
    .rows('records')
    .filter((row) => String(row['sk']?.['S']).startsWith('AT#'));
  const guests = [...new Set(blockRows.map((row) => String(row['pk']?.['S']).slice('GUEST#'.length)))];
  const records = (await world.recordsOf(guests)).filter(({ sourceType }) => sourceType !== 'quarantined');
  const events = await world.reader.custody.events(`batch/${batchId}`);
  return {
    state,
    accepted,
    duplicates,
    rejected,
    conversations,
    blocks,
    guests: guests.length,
    records: records.map(({ line, text }) => [line, text]).sort(),
    events: events.map(({ type }) => type),
    chainFault: faultInChain(events),
    blockRows: blockRows.length,
    vault: world.aws.buckets.keysIn('vault').length,
    inbox: world.aws.buckets.keysIn('inbox').length,
    leftovers: world.rows('').filter((row) => /^BATCHES#|^LANE#|SEGMENT#/.test(row)),
  };
}

/** Runs to the end, however many invocations it takes, as the platform's retries and reconcile would. */
async function finish(world: IngestWorld, batchId: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    world.pass(3);
    const { error } = await world.run(batchId);
    if (error === null && world.rows('BATCHES#').length === 0) return;
  }
  throw new Error('The batch did not come to its end');
}

describe.each([
  ['a WeCom archive', 'wecom', ARCHIVE],
  ['an internal table', 'internal', TABLE],
] as const)('a process that dies while it ingests %s', (_, source, text) => {
  it('at any effect, before or after it: the next one finishes, nothing is lost and nothing doubled', async () => {
    const whole = ingestWorld();
    const undisturbed = await whole.upload(text, { source });
    const { process } = await whole.run(undisturbed);
    const expected = await standing(whole, undisturbed);
    expect(expected).toMatchObject({ state: 'committed', chainFault: null, inbox: 0, leftovers: [] });
    expect(expected.vault).toBe(expected.blockRows);
    expect(expected.events).toEqual(['batch-received', 'batch-committed']);

    for (let effect = 0; effect < process.effects(); effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = ingestWorld();
        const batchId = await world.upload(text, { source });
        const killed = await world.run(batchId, { death: { effect, when } });
        expect(killed.process.died()).toBe(true);
        await finish(world, batchId);
        expect([effect, when, await standing(world, batchId)]).toEqual([effect, when, expected]);
      }
    }
  }, 120_000);

  it('again and again, at any effects: the same', async () => {
    const whole = ingestWorld();
    const undisturbed = await whole.upload(text, { source });
    const effects = (await whole.run(undisturbed)).process.effects();
    const expected = await standing(whole, undisturbed);
    const death: fc.Arbitrary<Death> = fc.record({
      effect: fc.nat({ max: effects }),
      when: fc.constantFrom('before' as const, 'after' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(death, { minLength: 2, maxLength: 6 }), async (deaths) => {
        const world = ingestWorld();
        const batchId = await world.upload(text, { source });
        for (const next of deaths) {
          await world.run(batchId, { death: next });
          world.pass(3);
        }
        if (world.rows('BATCHES#').length > 0) await finish(world, batchId);
        expect(await standing(world, batchId)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});

describe('two workers on one batch', () => {
  it('do not undo or double each other’s work: the one whose lease is over changes nothing', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(ARCHIVE);
    let second: Promise<unknown> | null = null;
    const first = await world.run(batchId, {
      // While the first one works, its lease runs out and a second one takes over and finishes.
      remaining: () => {
        world.pass(3);
        second ??= world.run(batchId);
        return 900_000;
      },
    });
    await second;
    expect(['busy', 'committed']).toContain(first.outcome);
    const batch = await standing(world, batchId);
    expect(batch).toMatchObject({
      state: 'committed',
      accepted: 4,
      duplicates: 1,
      leftovers: [],
      chainFault: null,
    });
    expect(batch.vault).toBe(batch.blockRows);
    expect(batch.records.map(([line]) => line)).toEqual([1, 2, 2, 4, 5]);
  });

  it('on two files with the same messages at once: one takes them, the other finds duplicates', async () => {
    const world = ingestWorld();
    const [one, two] = [await world.upload(ARCHIVE), await world.upload(ARCHIVE)];
    const outcomes = await Promise.all([world.run(one), world.run(two)]);
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'waiting']);
    for (const batchId of world.continued) await world.run(batchId);
    for (const batchId of [one, two]) await world.run(batchId);
    const counts = await Promise.all([one, two].map((batchId) => world.batch(batchId)));
    expect(counts.map(({ accepted }) => accepted).sort()).toEqual([0, 4]);
    expect(await world.recordsFor({ kind: 'wecom', value: GUEST })).toHaveLength(3);
  });
});
