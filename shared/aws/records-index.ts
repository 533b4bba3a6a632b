import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { hotelDays } from '../domain/expiry-period.ts';
import type { RecordClass } from '../domain/record.ts';
import type { BlockRow, RecordsIndex } from '../ports/records-index.ts';
import { backOff, REAL_WAITING } from './back-off.ts';
import { blockPointerSchema, blockRowSchema, packedBlock, packedPointer, reachesTo } from './block-rows.ts';
import { type RowKey, tableReader } from './table-reader.ts';

const DAY_SHARDS = 8;
/** A block lies in one expiry period, so its records are at most a month of days apart, whatever the month and zone. */
export const LONGEST_BLOCK_MS = 33 * 24 * 60 * 60 * 1000;

/** Blocks of a guest were merged each time that they were read. */
export class BlocksUnsteadyError extends Error {
  override name = 'BlocksUnsteadyError';
}

const identifierSchema = z.object({ guestId: z.string() });
const personSchema = z.object({
  members: z.set(z.string()).default(new Set()),
  canonical: z.string().optional(),
});
const mergingSchema = z.object({ version: z.number() });
/** Reads of a guest's blocks while a merge of them is under way, or was broken off, until two agree. */
const STEADY_READS = 8;
const batchSchema = z.object({ batchId: z.string().optional(), pk: z.string(), state: z.string() });

function dayShard(hotel: string, day: string, shard: number): string {
  return `DAY#${hotel}#${day}#${shard}`;
}

/** Keys of the records table: the one place that spells them. */
export const recordsKeys = {
  identifier: (blindIndex: string): RowKey => ({ pk: `ID#${blindIndex}`, sk: 'GUEST' }),
  /** Which identifiers lead to a guest: what deletion of the guest's last block follows. */
  identifierOfGuest: (guestId: string, blindIndex: string): RowKey => ({
    pk: `GUEST#${guestId}`,
    sk: `ID#${blindIndex}`,
  }),
  /** Odd while blocks of the guest are being put in others' places (shared/aws/block-merge.ts), and another number after. */
  merging: (guestId: string): RowKey => ({ pk: `GUEST#${guestId}`, sk: 'MERGING' }),
  person: (guestId: string): RowKey => ({ pk: `GUEST#${guestId}`, sk: 'PERSON' }),
  block: (row: { guestId: string; from: string; blockId: string }): RowKey => ({
    pk: `GUEST#${row.guestId}`,
    sk: `AT#${row.from}#${row.blockId}`,
  }),
  period: (hotel: string, recordClass: string, period: string): string =>
    `PERIOD#${hotel}#${recordClass}#${period}`,
  batch: (batchId: string): RowKey => ({ pk: `BATCH#${batchId}`, sk: 'BATCH' }),
  batchBlock: (batchId: string, blockId: string): RowKey => ({
    pk: `BATCH#${batchId}`,
    sk: `BLOCK#${blockId}`,
  }),
  day: (hotel: string, day: string, blockId: string): RowKey => ({
    pk: dayShard(hotel, day, Number.parseInt(blockId.slice(-2), 16) % DAY_SHARDS),
    sk: `BLOCK#${blockId}`,
  }),
};

/**
 * Every row of a block: what ingest writes and what retention deletes. `zone` is the hotel's. The first is the block's
 * own row; the others point to it, by period, by the hotel's days, and by batch (for the sweep of orphans).
 */
export function rowsOfBlock(
  row: BlockRow,
  zone: string,
): [RowKey & Record<string, unknown>, ...(RowKey & Record<string, unknown>)[]] {
  const pointer = packedPointer(row);
  return [
    { ...recordsKeys.block(row), ...packedBlock(row) },
    {
      pk: recordsKeys.period(row.hotel, row.recordClass, row.period),
      sk: `BLOCK#${row.blockId}`,
      ...pointer,
    },
    // What lies in quarantine is nobody's record: no list of a day leads to it.
    ...(row.recordClass === 'quarantine'
      ? []
      : hotelDays(new Date(row.from), new Date(row.to), zone).map((day) => ({
          ...recordsKeys.day(row.hotel, day, row.blockId),
          ...pointer,
        }))),
    { ...recordsKeys.batchBlock(row.batchId, row.blockId), guestId: row.guestId, from: row.from },
  ];
}

/** The records table as readers see it. Base tables and consistent reads only: what is found here is decided upon. */
export function recordsIndex(table: string, dynamo: DynamoDBDocumentClient) {
  const reader = tableReader(table, dynamo);

  /** Blocks become visible by their batch's commit marker alone. */
  async function visible(rows: BlockRow[]): Promise<BlockRow[]> {
    const committed = await committedBatches([...new Set(rows.map((row) => row.batchId))]);
    return rows.filter((row) => committed.has(row.batchId));
  }

  async function committedBatches(batchIds: readonly string[]): Promise<Set<string>> {
    const committed = new Set(
      (await reader.getAll(batchIds.map(recordsKeys.batch)))
        .map((item) => batchSchema.parse(item))
        .filter((batch) => batch.state === 'committed')
        .map((batch) => batch.pk),
    );
    return new Set(batchIds.filter((batchId) => committed.has(recordsKeys.batch(batchId).pk)));
  }

  async function members(guestId: string): Promise<string[]> {
    const seen = new Set([guestId]);
    let next: string | undefined = guestId;
    while (next !== undefined) {
      const item = await reader.get(recordsKeys.person(next));
      const person: z.infer<typeof personSchema> = personSchema.parse(item ?? {});
      for (const member of person.members) seen.add(member);
      const canonical: string | undefined = person.canonical;
      next = canonical !== undefined && !seen.has(canonical) ? canonical : undefined;
      if (canonical !== undefined) seen.add(canonical);
    }
    return [...seen];
  }

  /** Every block row that points from this period, whether its batch was committed or not: what retention deletes. */
  async function allBlocksOfPeriod(
    hotel: string,
    recordClass: RecordClass,
    period: string,
  ): Promise<BlockRow[]> {
    const pointers = (await reader.listUnder(recordsKeys.period(hotel, recordClass, period), 'BLOCK#')).map(
      (item) => blockPointerSchema.parse(item),
    );
    const rows = await reader.getAll(pointers.map(recordsKeys.block));
    return rows.map((item) => blockRowSchema.parse(item));
  }

  /** Every block row of a guest that touches these times, whether its batch was committed or not: what ingest compares. */
  async function allBlocksOf(guestId: string, from: Date, to: Date): Promise<BlockRow[]> {
    let before = await mergingVersion(guestId);
    let last: string | null = null;
    for (let attempt = 1; ; attempt += 1) {
      const rows = await blocksAsTheyStand(guestId, from, to);
      const after = await mergingVersion(guestId);
      const names = rows.map(({ blockId }) => blockId).join(' ');
      // A query isn't one look at one moment: what is merged meanwhile could be missed, or seen twice.
      if (before === after && (after % 2 === 0 || names === last)) return rows;
      if (attempt === STEADY_READS) throw new BlocksUnsteadyError('The blocks of a guest kept being merged');
      before = after;
      last = names;
      await backOff(attempt, REAL_WAITING);
    }
  }

  async function mergingVersion(guestId: string): Promise<number> {
    const item = await reader.get(recordsKeys.merging(guestId));
    return item === null ? 0 : mergingSchema.parse(item).version;
  }

  async function blocksAsTheyStand(guestId: string, from: Date, to: Date): Promise<BlockRow[]> {
    const earliest = new Date(from.getTime() - LONGEST_BLOCK_MS);
    const reaches = reachesTo(from);
    const items = await reader.list({
      condition: 'pk = :pk AND sk BETWEEN :earliest AND :latest',
      values: {
        ':pk': `GUEST#${guestId}`,
        ':earliest': `AT#${earliest.toISOString()}`,
        // `~` sorts after every character of a block id.
        ':latest': `AT#${to.toISOString()}#~`,
        ...reaches.values,
      },
      filter: reaches.filter,
    });
    return items.map((item) => blockRowSchema.parse(item));
  }

  const port: RecordsIndex = {
    members,
    committedBatches,

    async guestsOf(blindIndexes: string[]): Promise<string[]> {
      const found = await reader.getAll([...new Set(blindIndexes)].map(recordsKeys.identifier));
      const guests = new Set(found.map((item) => identifierSchema.parse(item).guestId));
      return [...new Set((await Promise.all([...guests].map(members))).flat())].sort();
    },

    async blocksOf(guestId: string, from: Date, to: Date): Promise<BlockRow[]> {
      return visible(await allBlocksOf(guestId, from, to));
    },

    async blocksOfDay(hotel, day): Promise<BlockRow[]> {
      const shards = Array.from({ length: DAY_SHARDS }, (_, shard) => dayShard(hotel, day, shard));
      const pointers = await Promise.all(shards.map((shard) => reader.listUnder(shard, 'BLOCK#')));
      const keys = pointers.flat().map((item) => recordsKeys.block(blockPointerSchema.parse(item)));
      const rows = await reader.getAll(keys);
      return visible(rows.map((item) => blockRowSchema.parse(item)));
    },

    async blocksOfPeriod(hotel, recordClass, period): Promise<BlockRow[]> {
      return visible(await allBlocksOfPeriod(hotel, recordClass, period));
    },
  };

  return { ...port, allBlocksOf, allBlocksOfPeriod, visible };
}
