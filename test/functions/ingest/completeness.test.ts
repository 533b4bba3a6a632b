import { describe, expect, it } from '@jest/globals';
import { countCompleteness } from '../../../shared/custody-in/count-completeness.ts';
import { NOTHING_LACKS } from '../../../shared/domain/batch.ts';
import {
  batchCommitmentSchema,
  commitmentKeys,
  shortId,
  unpackIds,
} from '../../../shared/domain/batch-commitment.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { GUEST, type IngestWorld, ingestWorld, message, OTHER_GUEST } from './ingest-world.ts';

const NO_MEDIA = { present: 0, missing: 0, damaged: 0, reference: 0 };

const numbered = (...numbers: number[]) => numbers.map((seq) => message(String(seq), { seq })).join('\n');

async function ingested(world: IngestWorld, text: string) {
  const batchId = await world.upload(text);
  expect(await world.run(batchId)).toMatchObject({ outcome: 'committed', error: null });
  return world.batch(batchId);
}

describe('what a batch lacks', () => {
  it('is counted over all its segments: gaps, unknown types, rejected lines, a cut end', async () => {
    const world = ingestWorld();
    const text = [
      numbered(1, 2, 5),
      message('6', { seq: 6, msgtype: 'hologram', text: undefined, hologram: { beam: 'blue' } }),
      message('7', { seq: 7, msgtype: 'call13800138000', text: undefined }),
      ...['138-0013-8000', '6222-0212-3456-7894', 'Zhang.Wei', 'docmsg_x'].map((msgtype, index) =>
        message(`n${index}`, { msgtype, text: undefined }),
      ),
      'not json',
      '{"cut',
    ].join('\n');
    expect((await ingested(world, text)).completeness).toEqual({
      sequenceGaps: {
        messages: 2,
        ranges: [{ from: '3', to: '4' }],
        first: '1',
        last: '7',
        sinceLastBatch: null,
      },
      truncated: true,
      unknownTypes: { other: 6 },
      internalNotes: 0,
      media: NO_MEDIA,
      rejectedBy: { 'not-json': 2 },
    });
  });

  it('is also what lies between it and the batch before it, of the same hotel and source', async () => {
    const world = ingestWorld();
    const first = await ingested(world, numbered(1, 2, 3));
    expect(first.completeness.sequenceGaps.sinceLastBatch).toBeNull();
    const second = await ingested(world, numbered(6, 7));
    expect(second.completeness.sequenceGaps.sinceLastBatch).toEqual({
      batchId: first.batchId,
      from: '4',
      to: '5',
      messages: 2,
    });
    const committed = (await world.reader.custody.events(`batch/${second.batchId}`)).at(-1);
    expect(committed?.data).toMatchObject({ sequenceMissing: 0, sequenceMissingBefore: 2 });
    // An older file lacks nothing before it, and the highest number stays the highest.
    expect((await ingested(world, numbered(4, 5))).completeness.sequenceGaps.sinceLastBatch).toBeNull();
    expect((await ingested(world, message('n'))).completeness.sequenceGaps.sinceLastBatch).toBeNull();
    expect((await ingested(world, numbered(8))).completeness.sequenceGaps.sinceLastBatch).toBeNull();
  });

  it('has no number that may be somebody’s, nor loses count for one that is no number of a message', async () => {
    const world = ingestWorld();
    await ingested(world, message('a', { seq: 100 }));
    const strange = [
      '11010519491231002',
      '13800138000',
      '6222021234567894',
      '18446744073709551615',
      4294967295,
    ];
    const lines = strange.map((seq, index) => message(`s${index}`, { seq }));
    const { sequenceGaps } = (await ingested(world, [...lines, message('b', { seq: 103 })].join('\n')))
      .completeness;
    expect(JSON.stringify(sequenceGaps)).not.toMatch(/\d{11}/);
    const later = (await ingested(world, numbered(90_000))).completeness.sequenceGaps.sinceLastBatch;
    expect(later).toMatchObject({ from: '101', to: '89999' });
  });

  it('names a type that a platform documents', () => {
    const drafts = [{ sourceType: 'qydiskfile', typeKnown: false, internal: false, timeKnown: true }];
    const found = countCompleteness(NOTHING_LACKS, { lacks: [], drafts, media: NO_MEDIA, rejected: [] });
    expect(found.unknownTypes).toEqual({ qydiskfile: 1 });
  });

  it('stays open where a batch brought nothing in, until a package can state it', async () => {
    const world = ingestWorld();
    const first = await ingested(world, numbered(99, 100));
    const bad = await ingested(world, message('205', { seq: 205, msgtime: 'x' }));
    expect(bad.completeness.sequenceGaps.sinceLastBatch).toMatchObject({ from: '101', to: '204' });
    const gaps = (await ingested(world, numbered(206))).completeness.sequenceGaps;
    // What is to be corrected is not in custody either.
    expect(gaps.sinceLastBatch).toEqual({ batchId: first.batchId, from: '101', to: '205', messages: 105 });
    expect((await ingested(world, numbered(207))).completeness.sequenceGaps.sinceLastBatch).toBeNull();
  });

  it('is not what is in custody already, where exports overlap', async () => {
    const world = ingestWorld();
    await ingested(world, numbered(...Array.from({ length: 20 }, (_, index) => 9100 + index)));
    const { sequenceGaps } = (await ingested(world, numbered(9100, 9101, 9125))).completeness;
    expect(sequenceGaps).toMatchObject({ messages: 5, ranges: [{ from: '9120', to: '9124' }] });
    expect((await ingested(world, numbered(9100, 9119))).completeness.sequenceGaps.messages).toBe(0);
  });

  it('is not what was not to be collected: employees’ talk came, and lacks nowhere (R7)', async () => {
    const world = ingestWorld();
    const talk = (seq: number) => message(String(seq), { seq, from: 'lily', tolist: ['wang'] });
    await ingested(world, [numbered(1, 2), talk(3), talk(4)].join('\n'));
    const after = await ingested(world, numbered(5, 8));
    expect(after.completeness.sequenceGaps).toMatchObject({ messages: 2, sinceLastBatch: null });
    const { sequenceGaps } = (await ingested(world, [talk(10), talk(12)].join('\n'))).completeness;
    expect(sequenceGaps.sinceLastBatch).toMatchObject({ from: '9', to: '9' });
    expect((await ingested(world, numbered(14))).completeness.sequenceGaps.sinceLastBatch).toMatchObject({
      messages: 3,
      ranges: [
        { from: '9', to: '9' },
        { from: '11', to: '11' },
        { from: '13', to: '13' },
      ],
    });
  });

  it('is bounded, whatever a file names', () => {
    const drafts = Array.from({ length: 100 }, (_, index) => ({
      sourceType: `type-${String.fromCharCode(97 + (index % 26))}${index % 90}`,
      typeKnown: false,
      timeKnown: true,
      internal: index % 2 === 0,
    }));
    const lacks = Array.from({ length: 300 }, (_, index) => ({
      kind: 'sequence-gap' as const,
      from: BigInt(index * 10),
      to: 2n ** 63n,
    }));
    const found = countCompleteness(NOTHING_LACKS, { lacks, drafts, media: NO_MEDIA, rejected: [] });
    expect(Object.keys(found.unknownTypes).length).toBeLessThanOrEqual(LIMITS.unknownTypesListed + 1);
    expect(Object.values(found.unknownTypes).reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(found.internalNotes).toBe(50);
    expect(found.sequenceGaps.ranges).toHaveLength(LIMITS.sequenceGapsListed);
    expect(found.sequenceGaps.messages).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('what a batch commits to', () => {
  const ARCHIVE = [
    message('1'),
    message('2', { from: 'frontdesk01', tolist: [GUEST, OTHER_GUEST], roomid: 'wr1' }),
    message('3', { msgtime: Date.UTC(2026, 3, 2) }),
  ].join('\n');

  it('names the records of each conversation in time order, and stands in its event by digest', async () => {
    const world = ingestWorld();
    const { batchId, commitment } = await ingested(world, ARCHIVE);
    const object = world.aws.buckets.objects.get(`evidence/${commitmentKeys.commitment(batchId)}`);
    if (object === undefined) throw new Error('Nothing was committed to');
    expect(sha256(object)).toBe(commitment);
    const committed = (await world.reader.custody.events(`batch/${batchId}`)).at(-1);
    const stated = batchCommitmentSchema.parse(JSON.parse(object.toString()));
    expect(committed?.data).toMatchObject({
      commitment,
      records: 4,
      conversations: 3,
      blockRoot: stated.blockRoot,
    });
    expect(stated).toMatchObject({ batchId, records: 4, conversations: 3, pages: [] });
    const [guestId = ''] = await world.guestsOf({ kind: 'wecom', value: GUEST });
    const rows = await world.reader.records.blocksOf(guestId, new Date(0), new Date('2100-01-01'));
    for (const { conversationId } of rows) {
      const own = rows.filter((row) => row.conversationId === conversationId);
      const records = (await Promise.all(own.map((row) => world.opened(row)))).flat();
      const ids = records.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ recordId }) => recordId);
      const entry = stated.listed.find((one) => one.conversationId === conversationId);
      expect(entry?.records).toBe(ids.length);
      expect(entry?.sequence).toBe(sha256(ids.map((id) => `${id}\n`).join('')));
      expect(entry?.parts.flatMap((part) => unpackIds(part.ids)).sort()).toEqual(ids.map(shortId).sort());
    }
    expect(object.toString()).not.toContain(GUEST);
  });

  it('is the same where the process that wrote it died before its event', async () => {
    const world = ingestWorld();
    const batchId = await world.upload(ARCHIVE);
    const fails = (_: string, body: string) => body.includes('batch-committed');
    const { error } = await world.run(batchId, { fails });
    expect(error).not.toBeNull();
    const key = `evidence/${commitmentKeys.commitment(batchId)}`;
    const before = world.aws.buckets.objects.get(key);
    expect(before).toBeDefined();
    world.pass(5);
    expect(await world.run(batchId)).toMatchObject({ outcome: 'committed' });
    expect(world.aws.buckets.objects.get(key)).toEqual(before);
    expect((await world.batch(batchId)).commitment).toBe(sha256(before ?? ''));
  });

  it('of a file without a record is nothing, and says so', async () => {
    const world = ingestWorld();
    const { batchId } = await ingested(world, 'not json');
    const object = world.aws.buckets.objects.get(`evidence/${commitmentKeys.commitment(batchId)}`);
    expect(JSON.parse(object?.toString() ?? '')).toMatchObject({ records: 0, blocks: 0, listed: [] });
  });
});
