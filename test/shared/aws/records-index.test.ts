import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordsIndex, recordsKeys, rowsOfBlock } from '../../../shared/aws/records-index.ts';
import { derivedId } from '../../../shared/domain/identifiers.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

function block(name: string, change: Partial<BlockRow> = {}): BlockRow {
  const blockId = derivedId('blk', name);
  return {
    blockId,
    guestId: 'gst_1',
    conversationId: 'cnv_1',
    hotel: 'SHA01',
    platform: 'wecom',
    categories: ['enquiry'],
    recordClass: 'ordinary',
    period: '2026-11',
    from: '2026-05-10T00:00:00.000Z',
    to: '2026-05-12T00:00:00.000Z',
    records: 2,
    bytes: 900,
    objectKey: `SHA01/ordinary/2026-11/${blockId}`,
    objectDigest: 'sha256:00',
    batchId: 'bat_1',
    index: Uint8Array.of(1, 2, 3),
    staff: [],
    ...change,
  };
}

describe('the records index', () => {
  let aws: EmbeddedAwsOfTest;
  let table: string;

  beforeAll(async () => {
    aws = await embeddedAwsOfTest();
  }, 300_000);
  afterAll(() => aws.stop());
  beforeEach(async () => {
    table = await aws.table();
    await put({ ...recordsKeys.batch('bat_1'), state: 'committed' });
    await put({ ...recordsKeys.batch('bat_2'), state: 'ingesting' });
  });

  const index = () => recordsIndex(table, aws.dynamo);
  async function put(...items: Record<string, unknown>[]): Promise<void> {
    for (const Item of items) await aws.dynamo.send(new PutCommand({ TableName: table, Item }));
  }
  const store = (row: BlockRow) => put(...rowsOfBlock(row, 'Asia/Shanghai'));
  const found = async (guestId: string, from: string, to: string) =>
    (await index().blocksOf(guestId, new Date(from), new Date(to))).map((row) => row.blockId);

  it('gives rows back as they were, however they lie in the table', async () => {
    const plain = block('a', { staff: ['d'.repeat(64), 'e'.repeat(64)] });
    const odd = block('b', { objectKey: 'somewhere/else', staff: ['no index'] });
    const { pk, sk } = recordsKeys.block(block('c'));
    await store(plain);
    await store(odd);
    // As rows were written before: every attribute spelled out.
    await put({ pk, sk, ...block('c') });
    const found = await index().blocksOf(plain.guestId, new Date(plain.from), new Date(plain.to));
    const sorted = (rows: BlockRow[]) => rows.toSorted((a, b) => (a.blockId < b.blockId ? -1 : 1));
    expect(sorted(found)).toEqual(sorted([plain, odd, block('c')]));
    const [item] = rowsOfBlock(plain, 'Asia/Shanghai');
    for (const name of ['guestId', 'blockId', 'from', 'objectKey']) expect(item).not.toHaveProperty(name);
  });

  it('gives back a block’s row as it was stored', async () => {
    const row = block('a');
    await store(row);
    expect(await index().blocksOf('gst_1', new Date(row.from), new Date(row.to))).toEqual([row]);
  });

  it.each([
    ['around it', '2026-05-01T00:00:00Z', '2026-05-31T00:00:00Z', 1],
    ['inside it', '2026-05-11T00:00:00Z', '2026-05-11T01:00:00Z', 1],
    ['touching its first record', '2026-05-01T00:00:00Z', '2026-05-10T00:00:00Z', 1],
    ['touching its last record', '2026-05-12T00:00:00Z', '2026-05-31T00:00:00Z', 1],
    ['just before', '2026-05-01T00:00:00Z', '2026-05-09T23:59:59.999Z', 0],
    ['just after', '2026-05-12T00:00:00.001Z', '2026-05-31T00:00:00Z', 0],
  ])('finds a block by a time range %s', async (_, from, to, count) => {
    await store(block('a'));
    expect(await found('gst_1', from, to)).toHaveLength(count);
  });

  it('finds a block of a whole month by its last day', async () => {
    await store(block('a', { from: '2026-05-01T00:00:00.000Z', to: '2026-05-31T23:00:00.000Z' }));
    expect(await found('gst_1', '2026-05-31T22:00:00Z', '2026-06-30T00:00:00Z')).toHaveLength(1);
  });

  it('shows blocks of committed batches only, and of this guest only', async () => {
    await store(block('a'));
    await store(block('b', { batchId: 'bat_2' }));
    await store(block('c', { batchId: 'bat_unknown' }));
    await store(block('d', { guestId: 'gst_2' }));
    const one = block('a').blockId;
    expect(await found('gst_1', '2026-05-01T00:00:00Z', '2026-05-31T00:00:00Z')).toEqual([one]);
    const ofPeriod = await index().blocksOfPeriod('SHA01', 'ordinary', '2026-11');
    expect(ofPeriod.map((row) => row.blockId).sort()).toEqual([one, block('d').blockId].sort());
    expect(await index().blocksOfPeriod('SHA01', 'ordinary', '2026-12')).toEqual([]);
    expect(await index().blocksOfPeriod('HGH02', 'ordinary', '2026-11')).toEqual([]);
  });

  it('finds more blocks than one page or batch holds', async () => {
    const rows = Array.from({ length: 130 }, (_, position) =>
      block(`many ${position}`, { index: new Uint8Array(12_000) }),
    );
    for (const row of rows) await put(...rowsOfBlock(row, 'Asia/Shanghai').slice(0, 2));
    expect(await index().blocksOfPeriod('SHA01', 'ordinary', '2026-11')).toHaveLength(rows.length);
    expect(await found('gst_1', '2026-05-01T00:00:00Z', '2026-05-31T00:00:00Z')).toHaveLength(rows.length);
  });

  it('leads from identifiers to guests, linked guests all together', async () => {
    await put(
      { ...recordsKeys.identifier('phone'), guestId: 'gst_1' },
      { ...recordsKeys.identifier('email'), guestId: 'gst_2' },
      { ...recordsKeys.identifier('alone'), guestId: 'gst_9' },
      { ...recordsKeys.person('gst_1'), canonical: 'gst_1', members: new Set(['gst_1', 'gst_2', 'gst_3']) },
      { ...recordsKeys.person('gst_2'), canonical: 'gst_1' },
    );
    expect(await index().guestsOf(['phone'])).toEqual(['gst_1', 'gst_2', 'gst_3']);
    expect(await index().guestsOf(['email'])).toEqual(['gst_1', 'gst_2', 'gst_3']);
    expect(await index().guestsOf(['alone', 'alone', 'phone'])).toEqual(['gst_1', 'gst_2', 'gst_3', 'gst_9']);
    expect(await index().guestsOf(['unknown'])).toEqual([]);
    expect(await index().guestsOf([])).toEqual([]);
  });

  it('ends where links of persons go in a circle', async () => {
    await put(
      { ...recordsKeys.identifier('phone'), guestId: 'gst_1' },
      { ...recordsKeys.person('gst_1'), canonical: 'gst_2' },
      { ...recordsKeys.person('gst_2'), canonical: 'gst_1' },
    );
    expect(await index().guestsOf(['phone'])).toEqual(['gst_1', 'gst_2']);
  });

  it('names a block on each of the hotel’s days that it touches', () => {
    const days = rowsOfBlock(block('a'), 'Asia/Shanghai')
      .map((row) => row.pk)
      .filter((pk) => pk.startsWith('DAY#'));
    expect(days).toHaveLength(3);
    for (const [position, day] of days.entries()) {
      expect(day).toMatch(new RegExp(`^DAY#SHA01#2026-05-1${position}#[0-7]$`));
    }
  });
});
