import { type BlockIndexEntry, decodeBlockIndex } from '../crypto/block-index.ts';
import { decodeMediaMarks } from '../crypto/media-marks.ts';
import type { AccessGrant } from '../domain/access-grant.ts';
import type { Digest } from '../domain/digest.ts';
import { isInCustody, type MediumMark } from '../domain/medium-mark.ts';
import type { Category } from '../domain/record.ts';
import { freezeScope, type Scope, type ScopeEntry } from '../domain/scope.ts';
import { isSensitive } from '../domain/sensitive-categories.ts';
import type { BlockRow, RecordsIndex } from '../ports/records-index.ts';
import type { ScopeFacts } from './scope-facts.ts';

/** A record as its block's row shows it; `media` are the marks of its attachments, absent where the row tells of none. */
export type FoundEntry = BlockIndexEntry & { media?: readonly MediumMark[] };

/** A block that holds records asked for, with those of its records alone (nothing is decrypted to know them). */
export type FoundBlock = { block: BlockRow; entries: FoundEntry[] };

type AskedFor = Pick<AccessGrant, 'hotels' | 'platforms' | 'categories' | 'from' | 'to'>;

/**
 * The records of these guests that a request asks for: its hotels, platforms, categories and times (both ends
 * included), oldest block first. The same store gives the same answer, in the same order.
 */
export async function findRecords(
  index: Pick<RecordsIndex, 'blocksOf'>,
  grant: AskedFor,
  guests: string[],
): Promise<FoundBlock[]> {
  if (grant.from === null || grant.to === null) return [];
  const [from, to] = [new Date(grant.from), new Date(grant.to)];
  const rows = await Promise.all(guests.map((guest) => index.blocksOf(guest, from, to)));
  return recordsAskedFor(rows.flat(), grant);
}

/** Of these blocks, the records that a request asks for, oldest block first. */
export function recordsAskedFor(rows: readonly BlockRow[], grant: AskedFor): FoundBlock[] {
  if (grant.from === null || grant.to === null) return [];
  const [from, to] = [new Date(grant.from), new Date(grant.to)];
  return rows
    .filter((block) => grant.hotels.includes(block.hotel) && grant.platforms.includes(block.platform))
    .sort(oldestFirst)
    .map((block) => ({ block, entries: entriesOf(block).filter(isAskedFor) }))
    .filter(({ entries }) => entries.length > 0);

  function isAskedFor({ at, category }: BlockIndexEntry): boolean {
    return at >= from && at <= to && grant.categories.includes(category);
  }
}

/** The records of a block with their media, as its row shows them. Throws SealedFormatError. */
export function entriesOf({ index, marks }: Pick<BlockRow, 'index' | 'marks'>): FoundEntry[] {
  const entries = decodeBlockIndex(index);
  if (marks === undefined) return entries;
  const media = decodeMediaMarks(marks);
  return entries.map((entry, place) => {
    const own = media.get(place);
    return own === undefined ? entry : { ...entry, media: own };
  });
}

/** How many media records refer to, by whether they are in custody. */
export type MediaCounts = { inCustody: number; missing: number };

/** What was found, frozen (each record once) and counted. */
export function scopeOf(found: FoundBlock[]): {
  scope: Scope;
  digest: Digest;
  guests: string[];
  /** All but who consented, which the records don't tell. */
  facts: Pick<ScopeFacts, 'guests' | 'conversations' | 'records' | 'sensitive' | 'categories'>;
  media: MediaCounts;
} {
  const frozen = freezeScope(found.flatMap(({ entries }) => entries));
  const categories = new Map<string, Category>();
  for (const { recordId, category } of found.flatMap(({ entries }) => entries)) {
    if (!categories.has(recordId)) categories.set(recordId, category);
  }
  const guests = [...new Set(found.map(({ block }) => block.guestId))].sort();
  return {
    ...frozen,
    guests,
    facts: {
      guests: guests.length,
      conversations: new Set(found.map(({ block }) => block.conversationId)).size,
      records: frozen.scope.records.length,
      sensitive: [...categories.values()].filter(isSensitive).length,
      categories: [...new Set(categories.values())].sort(),
    },
    media: countMedia(frozen.scope, found),
  };
}

/** Of a block whose row has no marks it isn't known which record a medium belongs to: all of its media are counted. */
function countMedia({ records }: Scope, found: readonly FoundBlock[]): MediaCounts {
  const marks = records.flatMap(({ media = [] }) => media);
  const inCustody = marks.filter(isInCustody).length;
  const unmarked = found.filter(({ block }) => block.marks === undefined);
  return {
    inCustody: unmarked.reduce((sum, { block }) => sum + (block.media?.length ?? 0), inCustody),
    missing: marks.length - inCustody,
  };
}

/**
 * A record of a frozen scope as it stands now, with those of its media alone that were in custody when the scope was frozen:
 * what came since is out of it (A7), and stands as it was then. `mediaLater`: how many came since. A medium that is gone, or
 * is another one, makes it differ from what was frozen, as another commitment does.
 */
export function asFrozen(frozen: ScopeEntry, now: ScopeEntry): { entry: ScopeEntry; mediaLater: number } {
  const { recordId, commitment, media } = now;
  // Whatever nothing told of then isn't compared; who opens the record tells what came with it from what came later.
  if (frozen.media === undefined || media === undefined) {
    return { entry: { recordId, commitment }, mediaLater: 0 };
  }
  const then = frozen.media;
  const compared = media.map((mark, position) => {
    const before = then[position];
    return before === undefined || isInCustody(before) ? mark : before;
  });
  const mediaLater = media.filter(
    (mark, position) => isInCustody(mark) && mark !== compared[position],
  ).length;
  return { entry: { recordId, commitment, media: compared }, mediaLater };
}

/** Whether a record is what was frozen, its media included. */
export function isAsFrozen(frozen: ScopeEntry, now: ScopeEntry): boolean {
  return (
    frozen.commitment === now.commitment && (frozen.media ?? []).join('\n') === (now.media ?? []).join('\n')
  );
}

/**
 * Of what is found now, what a frozen scope names: records that came since are out of scope (A7), and a record that is
 * missing or has another commitment makes the digest differ. A record that is found twice is the one that was approved.
 */
export function withinScope(found: FoundBlock[], frozen: Scope): FoundBlock[] {
  const named = new Map(frozen.records.map(({ recordId, commitment }) => [recordId, commitment]));
  const intact = new Set(
    found
      .flatMap(({ entries }) => entries)
      .filter(({ recordId, commitment }) => named.get(recordId) === commitment)
      .map(({ recordId }) => recordId),
  );
  return found
    .map(({ block, entries }) => ({
      block,
      entries: entries.filter(
        ({ recordId, commitment }) =>
          named.get(recordId) === commitment || (named.has(recordId) && !intact.has(recordId)),
      ),
    }))
    .filter(({ entries }) => entries.length > 0);
}

function oldestFirst(a: BlockRow, b: BlockRow): number {
  return a.from === b.from ? compare(a.blockId, b.blockId) : compare(a.from, b.from);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
