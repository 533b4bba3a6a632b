import { setImmediate as aTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type MergeResult, runMerge } from '../../../functions/merge/run-merge.ts';
import { blockMerge } from '../../../shared/aws/block-merge.ts';
import { keyDisposal } from '../../../shared/aws/key-disposal.ts';
import { decodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { entriesOf, scopeOf, withinScope } from '../../../shared/facts/find-records.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import type { Death } from '../../fakes/killed-process.ts';
import { type GatherWorld, gatherWorld, WHATSAPP_SECRET } from '../gather/gather-world.ts';

const GUEST = '8613800138000';
const OTHER = '8613900139000';
const HALF_DAY = 12 * 60;
const REGION = regionConfig('cn-north-1');

type World = GatherWorld & {
  merge(death?: Death): Promise<{ result: MergeResult | null; effects: number; broke: unknown[] }>;
};

async function world(): Promise<World> {
  const own = gatherWorld();
  await own.channel({ channel: 'whatsapp', secrets: { appSecret: WHATSAPP_SECRET, verifyToken: 'v' } });
  return Object.assign(own, {
    async merge(death?: Death) {
      const parts = own.process(death);
      const { dynamo, kms } = parts.process;
      const broke: unknown[] = [];
      const run = runMerge(['SHA01'], {
        ...parts,
        merge: blockMerge({ records: 'records', keys: 'keys' }, dynamo, parts.vault, parts.custody),
        periods: keyDisposal('keys', dynamo, kms, 'custody-key'),
        region: REGION,
        hasTime: () => true,
        continueLater: async () => undefined,
        broke: (error) => broke.push(error),
      });
      const result = await run.catch(() => null);
      return { result, effects: parts.process.effects(), broke };
    },
  });
}

/** A guest writes so often, and each message is sealed alone. */
async function blocksOfOneEach(own: World, count: number, guest = GUEST): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await own.whatsapp(guest, `wamid.${guest}.${n}`, `${guest === GUEST ? '甲' : '乙'}${n}`);
    await own.deliver();
    own.pass(HALF_DAY);
    await own.run({ kind: 'due' });
  }
}

async function standing(own: World) {
  const rows = await own.reader.records.visible(await own.blocks());
  const records = await own.records();
  return {
    texts: records.map(({ text }) => text).sort(),
    scope: scopeOf(rows.map((block) => ({ block, entries: decodeBlockIndex(block.index) }))).digest,
    blocks: rows.length,
    vault: own.aws.buckets.keysIn('vault').length,
    pointers: own.rows('').filter((row) => / BLOCK#/.test(row)).length,
    leftovers: own.rows('MERGE#'),
  };
}

async function origins(own: World) {
  const rows = await own.reader.records.visible(await own.blocks());
  const found = await Promise.all(
    rows.map(async (row) =>
      (await own.opened(row)).map(({ text, batchId }) => [text, batchId ?? row.batchId] as const),
    ),
  );
  return new Map(found.flat());
}

describe('a merge', () => {
  it('makes the blocks of each conversation one, with the same words, commitments and batches of origin', async () => {
    const own = await world();
    await blocksOfOneEach(own, 6);
    await blocksOfOneEach(own, 3, OTHER);
    const [before, from] = [await standing(own), await origins(own)];
    expect(before.blocks).toBe(9);
    const { result, broke } = await own.merge();
    expect(broke).toEqual([]);
    expect(result).toEqual({ before: 9, after: 2, conversations: 2, continued: false });
    const after = await standing(own);
    expect(after).toMatchObject({
      texts: before.texts,
      scope: before.scope,
      blocks: 2,
      vault: 2,
      leftovers: [],
    });
    expect(await origins(own)).toEqual(from);
    expect(new Set(from.values()).size).toBe(9);
    const events = await own.reader.custody.events('merge/SHA01');
    expect(faultInChain(events)).toBeNull();
    expect(events.map(({ type, data }) => [type, data['before'], data['after'], data['records']])).toEqual(
      expect.arrayContaining([
        ['blocks-merged', 6, 1, 6],
        ['blocks-merged', 3, 1, 3],
      ]),
    );
  });

  it('done again, with more come since, keeps the batches of origin; done once more, changes nothing', async () => {
    const own = await world();
    await blocksOfOneEach(own, 3);
    await own.merge();
    for (const n of [10, 11]) {
      await own.whatsapp(GUEST, `wamid.${n}`, `甲${n}`);
      await own.deliver();
      own.pass(HALF_DAY);
      await own.run({ kind: 'due' });
    }
    const from = await origins(own);
    expect((await own.merge()).result).toMatchObject({ before: 3, after: 1 });
    expect(await origins(own)).toEqual(from);
    expect(new Set(from.values()).size).toBe(5);
    expect((await own.merge()).result).toEqual({ before: 0, after: 0, conversations: 0, continued: false });
  });

  it('goes on in runs where there are more blocks than a transaction takes', async () => {
    const own = await world();
    await blocksOfOneEach(own, 40);
    const before = await standing(own);
    expect((await own.merge()).result).toMatchObject({ before: 40 });
    const after = await standing(own);
    expect(after).toMatchObject({ texts: before.texts, scope: before.scope, leftovers: [] });
    // Twenty days of one month, or of two where they part.
    expect(after.blocks).toBeLessThanOrEqual(2);
    expect(after.vault).toBe(after.blocks);
  }, 60_000);

  it('leaves blocks that are full as they are', async () => {
    const own = await world();
    const long = 'y'.repeat(40_000);
    for (let n = 0; n < 5; n += 1) {
      await own.whatsapp(GUEST, `wamid.${n}`, `${n}${long}`);
      await own.deliver();
      await own.run({ kind: 'due' });
      own.pass(1);
    }
    await own.merge();
    const rows = await own.reader.records.visible(await own.blocks());
    expect(rows.every(({ bytes }) => bytes <= LIMITS.blockPlaintextBytes)).toBe(true);
    expect(rows).toHaveLength(2);
    expect(await own.records()).toHaveLength(5);
  });

  it('takes no block of a period whose deletion has begun', async () => {
    const own = await world();
    await blocksOfOneEach(own, 3);
    const [row] = await own.blocks();
    if (row === undefined) throw new Error('There is no block');
    const { process } = own.process();
    const disposal = keyDisposal('keys', process.dynamo, process.kms, 'custody-key');
    const period = { hotel: row.hotel, recordClass: row.recordClass, period: row.period };
    await disposal.disablePeriod(period);
    await disposal.disableGuest(period, row.guestId);
    await own.merge();
    expect(await own.blocks()).toHaveLength(3);
    expect(own.aws.buckets.keysIn('vault')).toHaveLength(3);
  });

  it('finds an approved scope again in the merged block', async () => {
    const own = await world();
    await blocksOfOneEach(own, 4);
    const found = async () =>
      (await own.reader.records.visible(await own.blocks())).map((block) => ({
        block,
        entries: entriesOf(block),
      }));
    const { scope, digest } = scopeOf((await found()).slice(0, 3));
    await own.merge();
    const again = withinScope(await found(), scope);
    expect(again).toHaveLength(1);
    expect(scopeOf(again).digest).toBe(digest);
  });

  it('finds the media of an approved scope again, too', async () => {
    const own = await world();
    for (let n = 0; n < 3; n += 1) {
      await own.whatsappPicture(GUEST, `wamid.picture.${n}`);
      await own.deliver();
      own.pass(HALF_DAY);
      await own.run({ kind: 'due' });
    }
    const scopeNow = async () => {
      const rows = await own.reader.records.visible(await own.blocks());
      return scopeOf(rows.map((block) => ({ block, entries: entriesOf(block) })));
    };
    const before = await scopeNow();
    expect(before).toMatchObject({ scope: { version: 2 }, media: { inCustody: 0, missing: 3 } });
    await own.merge();
    expect(await own.blocks()).toHaveLength(1);
    expect((await scopeNow()).digest).toBe(before.digest);
  });

  it('is seen whole or not at all by whoever reads the guest’s blocks at the same time', async () => {
    const own = await world();
    await blocksOfOneEach(own, 6);
    const expected = (await standing(own)).scope;
    const [row] = await own.blocks();
    let merging = true;
    const seen = new Set<string>();
    const reads = (async () => {
      while (merging) {
        const rows = await own
          .process()
          .records.blocksOf(row?.guestId ?? '', new Date(0), new Date('2100-01-01'));
        seen.add(scopeOf(rows.map((block) => ({ block, entries: decodeBlockIndex(block.index) }))).digest);
        await aTurn();
      }
    })();
    await own.merge();
    merging = false;
    await reads;
    expect([...seen]).toEqual([expected]);
  });
});

describe('a merge that dies', () => {
  it('at any effect, before or after it: nothing is lost, nothing doubled, and the next one finishes', async () => {
    const whole = await world();
    await blocksOfOneEach(whole, 3);
    const { effects } = await whole.merge();
    const expected = await standing(whole);
    expect(expected).toMatchObject({ blocks: 1, vault: 1 });
    for (let effect = 0; effect < effects; effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const own = await world();
        await blocksOfOneEach(own, 3);
        const before = await standing(own);
        await own.merge({ effect, when });
        // Every record can be found and read at once, whatever was left.
        const meanwhile = await standing(own);
        expect([effect, when, meanwhile.texts]).toEqual([effect, when, before.texts]);
        own.pass(60);
        await own.merge();
        own.pass(60);
        await own.merge();
        const { scope: _, ...rest } = await standing(own);
        const { scope: __, ...wanted } = expected;
        expect([effect, when, rest]).toEqual([effect, when, wanted]);
      }
    }
  }, 120_000);

  it('and two at once do not undo each other', async () => {
    const own = await world();
    await blocksOfOneEach(own, 5);
    const before = await standing(own);
    await Promise.all([own.merge(), own.merge()]);
    await own.merge();
    expect(await standing(own)).toMatchObject({
      texts: before.texts,
      scope: before.scope,
      blocks: 1,
      vault: 1,
      leftovers: [],
    });
  });
});
