import { recordsIndex, recordsKeys, rowsOfBlock } from '../shared/aws/records-index.ts';
import { encodeBlockIndex } from '../shared/crypto/block-index.ts';
import { derivedId } from '../shared/domain/identifiers.ts';
import type { BlockRow } from '../shared/ports/records-index.ts';
import { countedTable } from './counted-table.ts';
import { type Measure, promised, reported } from './measure.ts';

const SIZES = [10_000, 1_000_000] as const;
/** Blocks of the guest who is looked up, whatever else the store holds; and of one who has more. */
const OWN_BLOCKS = 12;
const MORE_BLOCKS = 120;
const OTHERS_BLOCKS_EACH = 10;
const RECORDS_EACH = 4;
const HOTELS = 50;
const ZONE = 'Asia/Shanghai';
const BATCH = 'bat_bench';
const GUEST = 'gst_looked-up';
const INDEX = 'a'.repeat(64);
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST = Date.UTC(2026, 0, 1);

const MORE_REQUESTS = 'look-up-requests-more-among-1000000-blocks-than-among-10000';
const REQUESTS = 'look-up-requests-among-1000000-blocks';
const EACH_MORE = 'look-up-items-read-for-each-block-more-that-is-found';
const BESIDE = 'look-up-items-read-besides-the-blocks-found';
const MORE_READ = 'look-up-items-read-more-among-1000000-blocks-than-among-10000';
export const names = [MORE_REQUESTS, REQUESTS, EACH_MORE, BESIDE, MORE_READ];

/**
 * One guest's blocks found by an identifier among 10,000 and among 1,000,000, by the real index over the SDK's own client;
 * the rows lie in memory as DynamoDB keeps them. Counted are its requests, and the items that it would evaluate (and bill):
 * those before the filter, too. Items are in proportion to the answer where each block more costs one item more; besides the
 * blocks come the guest's identifier, who is one person with the guest, the batch's state, and whether a merge is under way.
 */
export async function measures(): Promise<Measure[]> {
  const [few, many] = [await lookUp(SIZES[0], OWN_BLOCKS), await lookUp(SIZES[1], OWN_BLOCKS)];
  const longer = await lookUp(SIZES[0], MORE_BLOCKS);
  return [
    promised(MORE_REQUESTS, many.requests - few.requests, 'requests', { atMost: 0 }),
    reported(REQUESTS, many.requests, 'requests'),
    promised(EACH_MORE, (longer.read - few.read) / (MORE_BLOCKS - OWN_BLOCKS), 'items', { atMost: 1 }),
    reported(BESIDE, many.read - OWN_BLOCKS, 'items'),
    promised(MORE_READ, many.read - few.read, 'items', { atMost: 0 }),
  ];
}

async function lookUp(blocks: number, own: number): Promise<{ requests: number; read: number }> {
  const table = countedTable();
  table.put({ ...recordsKeys.batch(BATCH), state: 'committed' });
  table.put({ ...recordsKeys.identifier(INDEX), guestId: GUEST });
  for (let n = 0; n < own; n += 1) table.put(blockRow(n, GUEST, 30 + n));
  for (let n = own; n < blocks; n += 1) {
    table.put(blockRow(n, `gst_${Math.floor(n / OTHERS_BLOCKS_EACH)}`, n % 300));
  }
  const index = recordsIndex('records', table.client);
  const guests = await index.guestsOf([INDEX]);
  const found = await Promise.all(
    guests.map((guestId) => index.blocksOf(guestId, new Date(FIRST), new Date(FIRST + 365 * DAY_MS))),
  );
  if (found.flat().length !== own) throw new Error(`${found.flat().length} blocks were found`);
  return table.counted();
}

const index = encodeBlockIndex(
  Array.from({ length: RECORDS_EACH }, (_, n) => ({
    recordId: n.toString(16).padStart(32, '0'),
    at: new Date(FIRST),
    category: 'enquiry' as const,
    commitment: 'b'.repeat(64),
  })),
);

/** The block's own row. The rows that point to it have partitions of their own, which a look-up doesn't touch. */
function blockRow(n: number, guestId: string, day: number) {
  const from = new Date(FIRST + day * DAY_MS).toISOString();
  const blockId = derivedId('blk', String(n));
  const row: BlockRow = {
    blockId,
    guestId,
    conversationId: `cnv_${n}`,
    hotel: `H${n % HOTELS}`,
    platform: 'wecom',
    categories: ['enquiry'],
    recordClass: 'ordinary',
    period: '2026-11',
    from,
    to: from,
    records: RECORDS_EACH,
    bytes: 2_000,
    objectKey: `H${n % HOTELS}/ordinary/2026-11/${blockId}`,
    objectDigest: `sha256:${'c'.repeat(64)}`,
    batchId: BATCH,
    index,
    staff: [],
  };
  return rowsOfBlock(row, ZONE)[0];
}
