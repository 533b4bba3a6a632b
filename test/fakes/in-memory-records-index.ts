import type { BlockRow, RecordsIndex } from '../../shared/ports/records-index.ts';

/** Block rows in memory, all of committed batches. `rows` is the table itself; blind indexes lead to `guests`. */
export function inMemoryRecordsIndex(): RecordsIndex & { rows: BlockRow[]; guests: Map<string, string> } {
  const rows: BlockRow[] = [];
  const guests = new Map<string, string>();
  return {
    rows,
    guests,
    async guestsOf(blindIndexes) {
      const found = blindIndexes.map((index) => guests.get(index)).filter((guest) => guest !== undefined);
      return [...new Set(found)].sort();
    },
    members: async (guestId) => [guestId],
    committedBatches: async (batchIds) => new Set(batchIds),
    async blocksOf(guestId, from, to) {
      return rows.filter(
        (row) => row.guestId === guestId && new Date(row.to) >= from && new Date(row.from) <= to,
      );
    },
    async blocksOfPeriod(hotel, recordClass, period) {
      return rows.filter(
        (row) => row.hotel === hotel && row.recordClass === recordClass && row.period === period,
      );
    },
  };
}
