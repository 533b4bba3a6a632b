import type { RecordClass } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { tupleKey } from '../../shared/domain/tuple-key.ts';
import type { KeyDisposal } from '../../shared/ports/key-disposal.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import { type MergeDependencies, mergeConversation } from './merge-conversation.ts';

export type RunMergeDependencies = MergeDependencies & {
  records: Pick<RecordsIndex, 'blocksOfPeriod'>;
  periods: Pick<KeyDisposal, 'periods'>;
  region: RegionConfig;
  hasTime: () => boolean;
  /** The blocks of a conversation could not be merged; they stay as they are. */
  broke(error: unknown): void;
  /** Goes on in another invocation. */
  continueLater(hotels: readonly string[]): Promise<void>;
};

export type MergeResult = { before: number; after: number; conversations: number; continued: boolean };

/** What lies in quarantine is nobody's record, and goes soon. */
const LEFT_ALONE: readonly string[] = ['quarantine'];

/**
 * Month end: makes the small blocks of each conversation of these hotels as few as they can be. A conversation whose blocks
 * are as few already is passed over by its rows alone, so that whoever does it again does no more than look.
 */
export async function runMerge(
  hotels: readonly string[],
  dependencies: RunMergeDependencies,
): Promise<MergeResult> {
  const { merge, periods, region, clock, hasTime, broke, continueLater } = dependencies;
  const result: MergeResult = { before: 0, after: 0, conversations: 0, continued: false };
  for (const [position, hotel] of hotels.entries()) {
    const zone = region.hotels.find(({ code }) => code === hotel)?.zone;
    if (zone === undefined) continue;
    await merge.settleLeftovers(hotel, clock());
    for (const { recordClass, period, state } of await periods.periods(hotel)) {
      if (state !== 'active' || LEFT_ALONE.includes(recordClass)) continue;
      for (const rows of await conversations(hotel, recordClass, period, dependencies)) {
        if (!hasTime()) {
          await continueLater(hotels.slice(position));
          return { ...result, continued: true };
        }
        try {
          const { before, after } = await mergeConversation(rows, zone, dependencies);
          if (after === before) continue;
          result.conversations += 1;
          result.before += before;
          result.after += after;
        } catch (error) {
          broke(error);
        }
      }
    }
  }
  return result;
}

async function conversations(
  hotel: string,
  recordClass: RecordClass,
  period: string,
  { records }: RunMergeDependencies,
) {
  const rows = await records.blocksOfPeriod(hotel, recordClass, period);
  const groups = Map.groupBy(rows, ({ guestId, conversationId, platform }) =>
    tupleKey(guestId, conversationId, platform),
  );
  return [...groups.values()].filter((group) => group.length > 1);
}
