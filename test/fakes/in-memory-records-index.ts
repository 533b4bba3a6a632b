import { hotelDays } from '../../shared/domain/expiry-period.ts';
import type { BlockRow, RecordsIndex } from '../../shared/ports/records-index.ts';

/**
 * Block rows in memory, all of committed batches. `rows` is the table itself; blind indexes lead to `guests`; `linked` are
 * guests who are one person; days are those of Shanghai.
 */
export function inMemoryRecordsIndex(): RecordsIndex & {
  rows: BlockRow[];
  guests: Map<string, string>;
  linked: string[][];
} {
  const rows: BlockRow[] = [];
  const guests = new Map<string, string>();
  const linked: string[][] = [];
  return {
    rows,
    guests,
    linked,
    async guestsOf(blindIndexes) {
      const found = blindIndexes.map((index) => guests.get(index)).filter((guest) => guest !== undefined);
      return [...new Set(found)].sort();
    },
    members: async (guestId) => linked.find((ids) => ids.includes(guestId)) ?? [guestId],
    committedBatches: async (batchIds) => new Set(batchIds),
    async blocksOf(guestId, from, to) {
      return rows.filter(
        (row) => row.guestId === guestId && new Date(row.to) >= from && new Date(row.from) <= to,
      );
    },
    async blocksOfDay(hotel, day) {
      return rows.filter(
        (row) =>
          row.hotel === hotel &&
          hotelDays(new Date(row.from), new Date(row.to), 'Asia/Shanghai').includes(day),
      );
    },
    async blocksOfPeriod(hotel, recordClass, period) {
      return rows.filter(
        (row) => row.hotel === hotel && row.recordClass === recordClass && row.period === period,
      );
    },
  };
}
