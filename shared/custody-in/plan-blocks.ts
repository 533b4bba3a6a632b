import type { BlockPlan } from '../aws/block-writer.ts';
import type { PlannedMedium } from '../aws/media-writer.ts';
import { inIndexOrder } from '../crypto/block-index.ts';
import { derivedId } from '../domain/identifiers.ts';
import { LIMITS } from '../domain/limits.ts';
import type { StoredRecord } from '../domain/record.ts';
import { tupleKey } from '../domain/tuple-key.ts';

/** A record ready to be sealed into a conversation. */
export type PlacedRecord = Pick<
  BlockPlan,
  'guestId' | 'foundBy' | 'conversationId' | 'recordClass' | 'period'
> & {
  record: StoredRecord;
  /** Bytes that it takes in a block. */
  bytes: number;
  timeKnown: boolean;
  media?: readonly PlannedMedium[];
  staff: string[];
};

/**
 * Groups the records of a segment into blocks: of one conversation, class and expiry period, in time order, at most
 * LIMITS.blockRecords and LIMITS.blockPlaintextBytes (a single record may exceed the latter). Records without a time keep
 * to themselves, so that the others' blocks stay narrow in time. The same records give the same blocks with the same ids,
 * other records give others: an id never stands for two contents.
 */
export function planBlocks(
  placed: readonly PlacedRecord[],
  origin: Pick<BlockPlan, 'batchId' | 'hotel' | 'platform'> & { segment: number },
): BlockPlan[] {
  const { batchId, hotel, platform, segment } = origin;
  const groups = Map.groupBy(placed, ({ guestId, conversationId, recordClass, period, timeKnown }) =>
    tupleKey(guestId, conversationId, recordClass, period, timeKnown),
  );
  return [...groups].flatMap(([name, group]) =>
    runsOf(group).map((run) => {
      const { guestId, foundBy, conversationId, recordClass, period } = run[0];
      return {
        blockId: derivedId(
          'blk',
          batchId,
          String(segment),
          name,
          ...run.map(({ record }) => record.recordId),
        ),
        batchId,
        guestId,
        foundBy,
        conversationId,
        hotel,
        platform,
        recordClass,
        period,
        records: run.map(({ record }) => record),
        staff: [...new Set(run.flatMap(({ staff }) => staff))].sort(),
        media: run.flatMap(({ media = [] }) => media),
      };
    }),
  );
}

type Run = [PlacedRecord, ...PlacedRecord[]];

function runsOf(group: PlacedRecord[]): Run[] {
  const sorted = group
    .map((placed) => ({ placed, at: new Date(placed.record.at), recordId: placed.record.recordId }))
    .sort(inIndexOrder);
  const runs: Run[] = [];
  let bytes = 0;
  let media = 0;
  for (const { placed } of sorted) {
    const run = runs.at(-1);
    const own = placed.media?.length ?? 0;
    bytes += placed.bytes;
    media += own;
    if (
      run === undefined ||
      run.length >= LIMITS.blockRecords ||
      bytes > LIMITS.blockPlaintextBytes ||
      media > LIMITS.blockMedia
    ) {
      runs.push([placed]);
      bytes = placed.bytes;
      media = own;
    } else {
      run.push(placed);
    }
  }
  return runs;
}
