import { randomBytes } from 'node:crypto';
import type { BlockMerge } from '../../shared/aws/block-merge.ts';
import { LONGEST_BLOCK_MS } from '../../shared/aws/records-index.ts';
import { encodeBlockContent } from '../../shared/crypto/block-content.ts';
import { openRecords } from '../../shared/crypto/record-block.ts';
import { type ConversationRecord, planAgain } from '../../shared/custody-in/plan-blocks.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { StoredRecord } from '../../shared/domain/record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CustodyKeys, GuestKey } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { BlockRow } from '../../shared/ports/records-index.ts';

export type MergeDependencies = {
  merge: BlockMerge;
  keys: Pick<CustodyKeys, 'forReading'>;
  vault: Pick<ObjectStore, 'get'>;
  clock: Clock;
};

/** A block's row is there and its object isn't. */
export class MergedBlockMissingError extends Error {
  override name = 'MergedBlockMissingError';
}

/** Blocks that are merged in one transaction, at most: each has a row or more for each day that it touches. */
const BLOCKS_AT_ONCE = 16;

export type Merged = { before: number; after: number };

/**
 * Makes the blocks of one conversation, class and period as few as LIMITS allow: opened and verified, sealed anew under the
 * same guest key, so that every record keeps its id, its commitment and the batch that it came with. Blocks that lie
 * further apart than a block may reach stay apart.
 */
export async function mergeConversation(
  rows: readonly BlockRow[],
  zone: string,
  dependencies: MergeDependencies,
): Promise<Merged> {
  const merged: Merged = { before: rows.length, after: rows.length };
  let left = rows.toSorted((a, b) => compare(a.from, b.from) || compare(a.blockId, b.blockId));
  for (let most = BLOCKS_AT_ONCE; left.length > 1; ) {
    const window = windowOf(left, most);
    if (fewest(window) >= window.length) {
      left = left.slice(1);
      most = BLOCKS_AT_ONCE;
      continue;
    }
    const swapped = await swap(window, zone, dependencies);
    if (swapped === 'too-large' && most > 2) {
      most = Math.ceil(most / 2);
      continue;
    }
    if (typeof swapped === 'string') {
      left = left.slice(swapped === 'none' || swapped === 'too-large' ? 1 : window.length);
      most = BLOCKS_AT_ONCE;
      continue;
    }
    merged.after += swapped.length - window.length;
    // The last of the new ones may have room for those that come after.
    left = [...swapped.slice(-1), ...left.slice(window.length)];
    most = BLOCKS_AT_ONCE;
  }
  return merged;
}

/** From the first on, those that a block can reach. */
function windowOf(rows: readonly BlockRow[], most: number): BlockRow[] {
  const start = new Date(rows[0]?.from ?? 0).getTime();
  const reached = rows.findIndex(({ to }) => new Date(to).getTime() - start >= LONGEST_BLOCK_MS);
  return rows.slice(0, Math.min(most, reached === -1 ? rows.length : Math.max(1, reached)));
}

/** The fewest blocks in which these can be. */
function fewest(rows: readonly BlockRow[]): number {
  const records = rows.reduce((sum, row) => sum + row.records, 0);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const media = rows.reduce((sum, row) => sum + (row.media?.length ?? 0), 0);
  return Math.max(
    Math.ceil(records / LIMITS.blockRecords),
    Math.ceil(bytes / LIMITS.blockPlaintextBytes),
    Math.ceil(media / LIMITS.blockMedia),
  );
}

/** The new rows; `none` where they would be no fewer, `gone` where the key is shredded or others changed the blocks. */
async function swap(
  old: readonly BlockRow[],
  zone: string,
  { merge, keys, vault, clock }: MergeDependencies,
): Promise<BlockRow[] | 'none' | 'gone' | 'too-large'> {
  const [first] = old;
  if (first === undefined) return 'none';
  const key = await keys.forReading(first, first.guestId);
  if (key.state === 'shredded') return 'gone';
  const placed: ConversationRecord[] = [];
  for (const row of old) {
    const sealed = await vault.get(row.objectKey);
    if (sealed === null) throw new MergedBlockMissingError(`Block ${row.blockId} has a row and no object`);
    const { index, marks } = row;
    for (const record of openRecords({ key: key.key, place: placeOf(row, key), index, marks, sealed })) {
      placed.push(placedAgain(record, row));
    }
  }
  const swapId = randomBytes(16).toString('hex');
  const { hotel, platform } = first;
  const staff = [...new Set(old.flatMap((row) => row.staff))].sort();
  if (staff.length > LIMITS.blockStaff) return 'too-large';
  const plans = planAgain(placed, { batchId: swapId, hotel, platform, segment: 0 }).map(
    ({ records, ...plan }) => {
      // The block is of its first record's batch; every other record says its own.
      const batchId = records[0]?.batchId ?? first.batchId;
      return {
        ...plan,
        batchId,
        staff,
        records: records.map((record) => ({
          ...record,
          batchId: record.batchId === batchId ? null : record.batchId,
        })),
      };
    },
  );
  if (plans.length >= old.length) return 'none';
  const swapped = await merge.swap({ swapId, old, plans }, key, zone, clock());
  if (swapped.outcome !== 'swapped') return swapped.outcome === 'changed' ? 'gone' : 'too-large';
  return swapped.rows;
}

function placeOf(row: BlockRow, key: Extract<GuestKey, { state: 'active' }>) {
  const { hotel, conversationId, blockId, recordClass } = row;
  return { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass };
}

function placedAgain(record: StoredRecord, row: BlockRow): ConversationRecord {
  const { guestId, conversationId, recordClass, period } = row;
  const own = { ...record, batchId: record.batchId ?? row.batchId };
  return {
    guestId,
    conversationId,
    recordClass,
    period,
    record: own,
    bytes: encodeBlockContent([own]).bytes,
    timeKnown: record.timeKnown,
    staff: [],
    media: [...new Set(record.attachments.map(({ mediaId }) => mediaId))].flatMap((mediaId) =>
      mediaId === null ? [] : [{ mediaId }],
    ),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
