import { createHash } from 'node:crypto';
import { LIMITS } from '../../domain/limits.ts';
import type { Draft, Item, ResumePoint } from '../importer.ts';
import { canonicalContent } from './canonical-content.ts';

type Read = (from: ResumePoint) => AsyncIterable<Item>;

/** Records that stand one after the other under one time. */
type Moment = { at: number; begin: ResumePoint; items: number; bytes: number; counts: Counts };

/** How often each was said, by digests: not a word of it is held. */
export type Counts = Map<string, number>;

/**
 * The items that `read` gives, with records told apart that say the same in one conversation at one time: whoever says
 * 好的 twice in a minute said it twice. Counted are records without an id of their own.
 *
 * What was counted may not stand in a resume point: within a time, reading goes on from the first record of that time
 * again, as from the beginning of a document.
 */
export async function* countedRepeats(read: Read, from: ResumePoint): AsyncGenerator<Item> {
  let passedOver = from.items;
  let before: ResumePoint = { ...from, items: 0 };
  let moment: Moment | null = null;
  let held: Item | null = null;

  for await (const item of read(before)) {
    const known: Moment | null = moment;
    moment = momentOf(item, known);
    const within = moment !== null && moment === known;
    if (held !== null) {
      const last: Item = within ? { ...held, end: endWithin(moment) } : held;
      if (passedOver > 0) passedOver -= 1;
      else yield last;
    }
    held = item.kind === 'record' && moment !== null ? numbered(item, moment.counts) : item;
    if (moment !== null) {
      moment.items += 1;
      moment.bytes += sizeOf(item);
    }
    before = item.end;
  }
  if (held !== null && passedOver === 0) yield held;

  /** The moment to which an item belongs; null where nothing is counted. What is no record belongs to the one it stands in. */
  function momentOf(item: Item, known: Moment | null): Moment | null {
    const full =
      known !== null &&
      (known.items >= LIMITS.heldExportMessages || known.bytes + sizeOf(item) > LIMITS.documentBytes);
    if (item.kind !== 'record') return full ? null : known;
    if (item.sourceMessageId !== null) return null;
    const at = item.at.getTime();
    if (known?.at === at && !full) return known;
    return { at, begin: before, items: 0, bytes: 0, counts: new Map() };
  }
}

/** Where reading goes on behind so many items of a moment. */
function endWithin(moment: Moment | null): ResumePoint {
  if (moment === null) throw new Error('There is no moment to go on in');
  return { ...moment.begin, items: moment.begin.items + moment.items };
}

function sizeOf(item: Item): number {
  return item.kind === 'record' || item.kind === 'rejected' ? item.original.length : 0;
}

/**
 * A record that says in its conversation what was counted before, all with one time, with its number in `content`. The
 * first stays as it is, so that it is the record that it was in another file.
 */
export function numbered<Said extends Pick<Draft, 'content' | 'placements'>>(
  record: Said,
  counts: Counts,
): Said {
  const { content, placements } = record;
  const nth = occurrencesOf(JSON.stringify([placements[0].conversation, content]), counts);
  return nth === 1 ? record : { ...record, content: canonicalContent({ content, nth }) };
}

/** How many times this has come, of so many different ones that are told apart. */
export function occurrencesOf(content: string, counts: Counts): number {
  const key = createHash('sha256').update(content).digest('base64');
  const count = (counts.get(key) ?? 0) + 1;
  if (counts.size < LIMITS.heldExportMessages || count > 1) counts.set(key, count);
  return count;
}
