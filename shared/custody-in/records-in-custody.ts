import { decodeBlockIndex } from '../crypto/block-index.ts';
import type { Batch } from '../domain/batch.ts';
import { inParallel } from '../loop/in-parallel.ts';
import type { BlockRow } from '../ports/records-index.ts';
import type { RecordVersions } from './record-versions.ts';
import type { AddressedRecord } from './resolve-guests.ts';

export type CustodyReader = {
  allBlocksOf(guestId: string, from: Date, to: Date): Promise<BlockRow[]>;
  /** Those of committed batches. */
  visible(rows: BlockRow[]): Promise<BlockRow[]>;
};

const AT_ONCE = 12;
/** Every time that a record can have: a conflicting version may claim any. */
const AGES = { from: new Date(0), to: new Date('9999-12-31T23:59:59.999Z') };

/**
 * By guest, which records of a segment are in custody already: in committed batches of the hotel, and in what this batch
 * wrote in earlier segments. Notes every version of the segment's messages that is.
 */
export async function recordsInCustody(
  messages: ReadonlyMap<string, AddressedRecord>,
  context: {
    batch: Pick<Batch, 'batchId' | 'hotel'>;
    /** Objects that an attempt at this very segment wrote: not compared with. */
    ownAttempt: ReadonlySet<string>;
    /** Guests of whom nothing can be stored yet. */
    fresh: ReadonlySet<string>;
    /** Everybody who is the same person. */
    membersOf: (guestId: string) => Promise<Iterable<string>>;
    records: CustodyReader;
    versions: RecordVersions;
    beforeEach: () => Promise<void>;
  },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { batch, ownAttempt, fresh, membersOf, records, versions, beforeEach } = context;
  const guests = new Set<string>();
  for (const { placements } of messages.values()) {
    for (const { guestId } of placements) if (!fresh.has(guestId)) guests.add(guestId);
  }
  const ids = new Map<string, Set<string>>();
  await inParallel([...guests], AT_ONCE, async (guestId) => {
    await beforeEach();
    const known = new Set<string>();
    for (const { index } of await blocksOf(guestId)) {
      for (const { recordId } of decodeBlockIndex(index)) {
        versions.note(recordId);
        if (messages.has(recordId)) known.add(recordId);
      }
    }
    ids.set(guestId, known);
  });
  return ids;

  async function blocksOf(guestId: string): Promise<BlockRow[]> {
    const same = [...(await membersOf(guestId))];
    const rows = (await Promise.all(same.map((one) => records.allBlocksOf(one, AGES.from, AGES.to)))).flat();
    const own = rows.filter((row) => row.batchId === batch.batchId && !ownAttempt.has(row.objectKey));
    const others = rows.filter((row) => row.batchId !== batch.batchId && row.hotel === batch.hotel);
    return [...own, ...(await records.visible(others))];
  }
}
