import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { compareCommitments } from '../../../functions/provision/compare-commitments.ts';
import { commitRecords } from '../../../shared/aws/commit-records.ts';
import { recordsKeys } from '../../../shared/aws/records-index.ts';
import { decodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { commitmentKeys, committedPageSchema } from '../../../shared/domain/batch-commitment.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import type { FoundRecord } from '../../../shared/package/staged-records.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { GUEST, type IngestWorld, ingestWorld, message, OTHER_GUEST } from '../ingest/ingest-world.ts';

const AGES = { from: new Date(0), to: new Date('2100-01-01') };

async function rowsOf(world: IngestWorld): Promise<BlockRow[]> {
  const [guestId = ''] = await world.guestsOf({ kind: 'wecom', value: GUEST });
  return world.reader.records.blocksOf(guestId, AGES.from, AGES.to);
}

/** A package that has one record of the conversation; all of the conversation is compared. */
async function compared(world: IngestWorld, digests: Map<string, string>, row?: BlockRow) {
  const block = row ?? (await rowsOf(world))[0];
  const [record] = block === undefined ? [] : await world.opened(block);
  const [entry] = block === undefined ? [] : decodeBlockIndex(block.index);
  if (block === undefined || record === undefined || entry === undefined) throw new Error('Nothing is there');
  const found: FoundRecord = { record, block, commitment: entry.commitment };
  return compareCommitments([found], digests, { ...world.reader, evidence: world.reader.evidence });
}

async function twoMonths() {
  const world = ingestWorld();
  const text = [message('1'), message('2'), message('3', { msgtime: Date.UTC(2026, 3, 2) })].join('\n');
  const batchId = await world.upload(text);
  await world.run(batchId);
  const { commitment } = await world.batch(batchId);
  return { world, batchId, digests: new Map([[batchId, commitment ?? '']]) };
}

const drop = (world: IngestWorld, row: BlockRow) =>
  world.reader.process.dynamo.send(new DeleteCommand({ TableName: 'records', Key: recordsKeys.block(row) }));

describe('what a batch committed to, against what is there', () => {
  it('is all there, whatever part of it a package has', async () => {
    const { world, batchId, digests } = await twoMonths();
    expect((await compared(world, digests)).get(batchId)).toEqual({
      digest: digests.get(batchId),
      state: 'read',
      committed: 3,
      present: 3,
      deleted: 0,
      lost: 0,
      conversations: 1,
      conversationsLost: 0,
    });
  });

  it('notices a conversation of which nothing is left, by the guest’s others that the batch brought', async () => {
    const world = ingestWorld();
    const text = [
      ...[message('1'), message('2', { roomid: 'room2', msgtime: Date.UTC(2026, 3, 2) })],
      ...[message('3', { roomid: 'room3' }), message('4', { from: OTHER_GUEST })],
    ].join('\n');
    const batchId = await world.upload(text);
    await world.run(batchId);
    const { commitment } = await world.batch(batchId);
    const digests = new Map([[batchId, commitment ?? '']]);
    const rows = await rowsOf(world);
    const lost = rows.find(({ period }) => period !== rows.at(-1)?.period);
    const kept = rows.find((row) => row.period !== lost?.period);
    if (lost === undefined || kept === undefined) throw new Error('There is one period');
    expect((await compared(world, digests, kept)).get(batchId)).toMatchObject({
      ...{ committed: 3, present: 3, lost: 0, conversations: 3, conversationsLost: 0 },
    });
    await drop(world, lost);
    expect((await compared(world, digests, kept)).get(batchId)).toMatchObject({
      ...{ committed: 3, present: 2, lost: 1, conversations: 3, conversationsLost: 1 },
    });
    await world.beginDeletion(lost);
    expect((await compared(world, digests, kept)).get(batchId)).toMatchObject({
      ...{ present: 2, deleted: 1, lost: 0, conversations: 3, conversationsLost: 0 },
    });
  });

  it('ties a guest’s conversations together wherever they stand on pages, and no two guests’', async () => {
    const evidence = inMemoryObjectStore();
    const world = await twoMonths();
    const [row] = await rowsOf(world.world);
    if (row === undefined) throw new Error('Nothing is there');
    const count = LIMITS.committedConversationsPerPage + 10;
    const all = Array.from({ length: count }, (_, index) => ({
      ...row,
      blockId: `blk_${index}`,
      conversationId: `cnv_${((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}`,
      guestId: index % 1_000 === 7 ? 'gst_often' : `gst_${index}`,
    }));
    async function* blocks() {
      yield* all;
    }
    const wanted = (some: readonly { blockId: string }[]) => {
      const ids = new Set(some.map(({ blockId }) => blockId));
      return Promise.resolve(all.filter(({ blockId }) => ids.has(blockId)));
    };
    const batch = { batchId: world.batchId, hotel: 'SHA01', source: 'wecom' as const, blocks: all.length };
    await commitRecords(batch, blocks, wanted, evidence);
    const next = new Map<string, string>();
    for (const [key, bytes] of evidence.objects) {
      if (!/\/\d{6}\.json$/.test(key)) continue;
      for (const one of committedPageSchema.parse(JSON.parse(Buffer.from(bytes).toString())).conversations) {
        if (one.next !== undefined) next.set(one.conversationId, one.next);
      }
    }
    const often = all.filter(({ guestId }) => guestId === 'gst_often').map((one) => one.conversationId);
    expect([...next.keys()].sort()).toEqual(often.toSorted());
    const reached = [often[0] ?? ''];
    while (reached.length < often.length) reached.push(next.get(reached.at(-1) ?? '') ?? '');
    expect(reached.toSorted()).toEqual(often.toSorted());
    expect(next.get(reached.at(-1) ?? '')).toBe(often[0]);
  });

  it('is the same however few blocks are held at once', async () => {
    const world = await twoMonths();
    const [row] = await rowsOf(world.world);
    if (row === undefined) throw new Error('Nothing is there');
    const all = Array.from({ length: 60 }, (_, index) => ({
      ...row,
      blockId: `blk_${String(index).padStart(2, '0')}`,
      conversationId: `cnv_${(((index % 40) * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}`,
      guestId: `gst_${index % 8}`,
    }));
    async function* blocks() {
      yield* all;
    }
    const wanted = (some: readonly { blockId: string }[]) => {
      const ids = new Set(some.map(({ blockId }) => blockId));
      return Promise.resolve(all.filter(({ blockId }) => ids.has(blockId)));
    };
    const batch = { batchId: world.batchId, hotel: 'SHA01', source: 'wecom' as const, blocks: 60 };
    const committed = await Promise.all(
      [1_000, 7, 1].map((atOnce) => commitRecords(batch, blocks, wanted, inMemoryObjectStore(), atOnce)),
    );
    expect(committed[0]).toMatchObject({ blocks: 60, conversations: 40, guests: 8 });
    expect(committed[1]).toEqual(committed[0]);
    expect(committed[2]).toEqual(committed[0]);
  });

  it('says what was lost: rows that are gone although their key is there', async () => {
    const { world, batchId, digests } = await twoMonths();
    const [kept, lost] = (await rowsOf(world)).sort((a, b) => b.records - a.records);
    if (lost === undefined) throw new Error('There is one block');
    await drop(world, lost);
    expect((await compared(world, digests, kept)).get(batchId)).toMatchObject({
      committed: 3,
      present: 2,
      deleted: 0,
      lost: 1,
    });
  });

  it('tells apart what retention deleted, key and all', async () => {
    const { world, batchId, digests } = await twoMonths();
    const [kept, gone] = (await rowsOf(world)).sort((a, b) => b.records - a.records);
    if (kept === undefined || gone === undefined) throw new Error('There is one block');
    await world.beginDeletion(gone);
    await drop(world, gone);
    expect((await compared(world, digests, kept)).get(batchId)).toMatchObject({
      committed: 3,
      present: 2,
      deleted: 1,
      lost: 0,
    });
  });

  it('knows records by their ids in whatever block they lie, such as one that was merged', async () => {
    const { world, batchId, digests } = await twoMonths();
    const [row] = await rowsOf(world);
    if (row === undefined) throw new Error('Nothing is there');
    const [record] = await world.opened(row);
    const [entry] = decodeBlockIndex(row.index);
    if (record === undefined || entry === undefined) throw new Error('Nothing is there');
    const merged = { ...row, batchId: 'bat_merge' };
    const found = { record: { ...record, batchId }, block: merged, commitment: entry.commitment };
    const records = {
      blocksOf: async () => (await rowsOf(world)).map((one) => ({ ...one, batchId: 'bat_merge' })),
    };
    const facts = await compareCommitments([found], digests, { ...world.reader, records });
    expect(facts.get(batchId)).toMatchObject({ state: 'read', committed: 3, present: 3, lost: 0 });
  });

  it('says where the commitment itself is gone, or is another', async () => {
    const { world, batchId, digests } = await twoMonths();
    const key = `evidence/${commitmentKeys.commitment(batchId)}`;
    world.aws.buckets.objects.set(key, Buffer.from('{}'));
    expect((await compared(world, digests)).get(batchId)).toMatchObject({ state: 'altered', committed: 0 });
    world.aws.buckets.objects.delete(key);
    expect((await compared(world, digests)).get(batchId)).toMatchObject({ state: 'missing' });
  });

  it('finds a conversation on its page where a batch has very many', async () => {
    const { world, batchId } = await twoMonths();
    const rows = await rowsOf(world);
    const [row] = rows;
    if (row === undefined) throw new Error('Nothing is there');
    const evidence = inMemoryObjectStore();
    const many = Array.from({ length: LIMITS.committedConversationsPerPage + 10 }, (_, index) => ({
      ...row,
      blockId: `blk_${index}`,
      conversationId: `cnv_${(index * 7919).toString(16).padStart(8, '0')}`,
      guestId: `gst_${index}`,
    }));
    const own = rows.map((one) => ({ ...one }));
    const all = [...many, ...own];
    async function* blocks() {
      yield* all;
    }
    const wanted = (some: readonly { blockId: string }[]) => {
      const ids = new Set(some.map(({ blockId }) => blockId));
      return Promise.resolve(all.filter(({ blockId }) => ids.has(blockId)));
    };
    const committed = await commitRecords(
      { batchId, hotel: 'SHA01', source: 'wecom', blocks: all.length },
      blocks,
      wanted,
      evidence,
    );
    expect(committed.conversations).toBe(many.length + 1);
    expect([...evidence.objects.keys()]).toHaveLength(3);
    const [record] = await world.opened(row);
    const [entry] = decodeBlockIndex(row.index);
    if (record === undefined || entry === undefined) throw new Error('Nothing is there');
    const found = { record, block: row, commitment: entry.commitment };
    const digests = new Map([[batchId, committed.digest]]);
    const facts = await compareCommitments([found], digests, { ...world.reader, evidence });
    expect(facts.get(batchId)).toMatchObject({ state: 'read', committed: 3, present: 3 });
    for (const page of [1, 2]) evidence.objects.set(commitmentKeys.page(batchId, page), Buffer.from('{}'));
    const altered = await compareCommitments([found], digests, { ...world.reader, evidence });
    expect(altered.get(batchId)).toMatchObject({ state: 'altered' });
  });
});
