import type { BlockContent, BlockPlan } from '../aws/block-writer.ts';
import type { PlannedMedium } from '../aws/media-writer.ts';
import { inRecordOrder } from '../crypto/record-order.ts';
import { derivedId } from '../domain/identifiers.ts';
import { LIMITS } from '../domain/limits.ts';
import type { StoredRecord } from '../domain/record.ts';
import { tupleKey } from '../domain/tuple-key.ts';

/** A record of a conversation, with the media that lie beside it. */
export type ConversationRecord<Medium extends { mediaId: string } = { mediaId: string }> = Pick<
  BlockContent,
  'guestId' | 'conversationId' | 'recordClass' | 'period'
> & {
  record: StoredRecord;
  /** Bytes that it takes in a block. */
  bytes: number;
  timeKnown: boolean;
  media?: readonly Medium[];
  staff: string[];
};

/** A record ready to be sealed into a conversation for the first time. */
export type PlacedRecord = ConversationRecord<PlannedMedium> & Pick<BlockPlan, 'foundBy'>;

type Origin = Pick<BlockContent, 'batchId' | 'hotel' | 'platform'> & { segment: number };

/** The blocks of a segment's records, grouped as `groupIntoBlocks` does. */
export function planBlocks(placed: readonly PlacedRecord[], origin: Origin): BlockPlan[] {
  return groupIntoBlocks(placed, origin).map(({ run, content }) => ({
    ...content,
    foundBy: run[0].foundBy,
    media: run.flatMap(({ media = [] }) => media),
  }));
}

/** The blocks of records that are in custody already: their media stay where they lie. */
export function planAgain(records: readonly ConversationRecord[], origin: Origin): BlockContent[] {
  return groupIntoBlocks(records, origin).map(({ run, content }) => ({
    ...content,
    media: run.flatMap(({ media = [] }) => media),
  }));
}

type Run<Placed> = [Placed, ...Placed[]];

/**
 * Groups records into blocks: of one conversation, class and expiry period, in time order, at most LIMITS.blockRecords and
 * LIMITS.blockPlaintextBytes (a single record may exceed the latter), of LIMITS.blockStaff people at most. Records without a time keep to themselves, so that
 * the others' blocks stay narrow in time. The same records give the same blocks with the same ids, other records give
 * others: an id never stands for two contents.
 */
function groupIntoBlocks<Placed extends ConversationRecord>(
  placed: readonly Placed[],
  { batchId, hotel, platform, segment }: Origin,
): { run: Run<Placed>; content: Omit<BlockContent, 'media'> }[] {
  return groupsOf(placed).flatMap(([name, group]) =>
    runsOf(group).map((run) => {
      const { guestId, conversationId, recordClass, period } = run[0];
      const records = run.map(({ record }) => record);
      const staff = new Set<string>();
      for (const one of run) for (const index of one.staff) staff.add(index);
      const content = {
        blockId: derivedId('blk', batchId, String(segment), name, ...records.map(({ recordId }) => recordId)),
        batchId,
        guestId,
        conversationId,
        hotel,
        platform,
        recordClass,
        period,
        records,
        staff: [...staff].sort(),
      };
      return { run, content };
    }),
  );
}

/** Records that may lie in one block, with the name of their group. */
function groupsOf<Placed extends ConversationRecord>(
  placed: readonly Placed[],
): [name: string, group: Placed[]][] {
  const conversations = [...Map.groupBy(placed, ({ conversationId }) => conversationId).values()];
  return conversations.flatMap((records): [string, Placed[]][] => {
    const [first] = records;
    if (first === undefined) return [];
    // All of a conversation as a rule: spelling a name for each of them would cost as much as sorting them.
    if (records.every((one) => isOfGroup(one, first))) return [[groupName(first), records]];
    return [...Map.groupBy(records, groupName)];
  });
}

function groupName({ guestId, conversationId, recordClass, period, timeKnown }: ConversationRecord): string {
  return tupleKey(guestId, conversationId, recordClass, period, timeKnown);
}

function isOfGroup(one: ConversationRecord, other: ConversationRecord): boolean {
  return (
    one.guestId === other.guestId &&
    one.conversationId === other.conversationId &&
    one.recordClass === other.recordClass &&
    one.period === other.period &&
    one.timeKnown === other.timeKnown
  );
}

function runsOf<Placed extends ConversationRecord>(group: readonly Placed[]): Run<Placed>[] {
  const sorted = [...group].sort((a, b) => inRecordOrder(a.record, b.record));
  const runs: Run<Placed>[] = [];
  let bytes = 0;
  let media = 0;
  let staff = new Set<string>();
  for (const placed of sorted) {
    const run = runs.at(-1);
    const own = placed.media?.length ?? 0;
    bytes += placed.bytes;
    media += own;
    for (const one of placed.staff) staff.add(one);
    if (
      run === undefined ||
      run.length >= LIMITS.blockRecords ||
      bytes > LIMITS.blockPlaintextBytes ||
      media > LIMITS.blockMedia ||
      staff.size > LIMITS.blockStaff
    ) {
      runs.push([placed]);
      bytes = placed.bytes;
      media = own;
      staff = new Set(placed.staff);
    } else {
      run.push(placed);
    }
  }
  return runs;
}
