import type { IdentifierIndex, LinkEvent, LinkOutcome } from '../aws/identifier-index.ts';
import { actingFor, type Batch } from '../domain/batch.ts';
import { newId } from '../domain/identifiers.ts';
import { LIMITS } from '../domain/limits.ts';
import { tupleKey } from '../domain/tuple-key.ts';
import { type IndexedDrafts, type IndexedPlacement, leadingTo, namesSomebody } from './index-placements.ts';
import { ATTEMPTS, IdentifierContentionError, type KnownGuests } from './known-guests.ts';

type LinkingContext = {
  batch: Pick<Batch, 'batchId' | 'by'>;
  identifiers: IdentifierIndex;
  now: Date;
};

/** What is one person's own rather than a phone number, and how many of each one person may have beside it. */
const OWN_KINDS = [
  { kind: 'document', most: LIMITS.documentsByPhone },
  { kind: 'email', most: LIMITS.emailsByPhone },
] as const;

/** Who a row's guest is, and what must be written for it; null where all of it is written. */
type PlannedLink = { guestId: string; change: (() => Promise<LinkOutcome>) | null };

/**
 * Finds the guests of a source of record: the identifiers of a row are linked to one guest, and the guest of a conversation
 * is remembered for rows that name none; two guests named by identifiers are never joined for sharing a conversation alone,
 * nor for a number that joins nobody: such a number finds its first guest where a row has nothing else. A phone number that
 * many give joins nobody to a guest who has a document of the own.
 * A row that would join more guests than one person can be is moved to the rejected. What it learns goes into `guests`.
 */
export async function linkedGuests(
  { indexed, rejected }: IndexedDrafts,
  { known, fresh }: KnownGuests,
  { batch, identifiers, now }: LinkingContext,
): Promise<(one: IndexedPlacement) => string | undefined> {
  const found = new Map<string, string>();
  /** Guests who were seen to be one person. */
  const settled = new Set<string>();
  // Rows that name their guest come first: those that don't then find the conversation's guest, wherever they stand.
  for (const naming of [true, false]) {
    for (const [draft, placements] of indexed) {
      for (const one of placements) {
        const name = nameOf(one);
        if (namesSomebody(one) !== naming || found.has(name)) continue;
        const guestId = await guestOf(one);
        if (guestId === null) {
          rejected.push({ draft, reason: 'too-many-linked-guests' });
          indexed.delete(draft);
          break;
        }
        found.set(name, guestId);
      }
    }
  }
  return (one) => found.get(nameOf(one));

  /** Null where the row would join more guests than one person can be. */
  async function guestOf(one: IndexedPlacement): Promise<string | null> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { guestId, change } = await planned(one);
      const outcome = change === null ? 'linked' : await change();
      if (outcome === 'linked') return guestId;
      if (outcome === 'too-many-linked-guests') return null;
      const current = await identifiers.guestsOf(leadingTo(one));
      for (const [index, guest] of current) known.set(index, guest);
    }
    throw new IdentifierContentionError('Identifiers of a row were written by others each time');
  }

  /** The same rows give the same guest when it is done again. */
  async function planned(row: IndexedPlacement): Promise<PlannedLink> {
    const one = await withoutSharedPhone(row);
    const owner = one.anchor === null ? undefined : known.get(one.anchor);
    const joins = one.indexes.length > 0;
    const finding = joins ? one.indexes : one.weak.flat();
    const [named, ...others] = [...new Set(finding.flatMap((index) => known.get(index) ?? []))];
    // Of whom nothing but the conversation is known may turn out to be the one whom this row names.
    const anonymous = owner !== undefined && owner !== named && !(await identifiers.identified(owner));
    if (named === undefined) {
      if (owner === undefined || (namesSomebody(one) && !anonymous)) return newGuest(one);
      return linkTo(owner, [], one);
    }
    if (!joins) return linkTo(named, [], one);
    return linkTo(named, anonymous ? [...others, owner] : others, one);
  }

  /**
   * The row without its phone number, where that number alone leads to a guest who has a document or addresses of their
   * own already: an agency, a driver or a family gives one number for many guests.
   */
  async function withoutSharedPhone(one: IndexedPlacement): Promise<IndexedPlacement> {
    const { indexes, kinds } = one;
    const leading = indexes.filter((index) => known.has(index));
    const [phone] = leading;
    if (phone === undefined || leading.some((index) => kinds.get(index) !== 'phone')) return one;
    const stated = OWN_KINDS.filter(({ kind }) => indexes.some((index) => kinds.get(index) === kind));
    if (stated.length === 0) return one;
    const there = await identifiers.kindsOf(known.get(phone) ?? '');
    if (stated.every(({ kind, most }) => (there.get(kind) ?? 0) < most)) return one;
    return { ...one, indexes: indexes.filter((index) => kinds.get(index) !== 'phone') };
  }

  function newGuest(one: IndexedPlacement): PlannedLink {
    const { indexes, weak, kinds, anchor } = one;
    const guestId = newId('gst', now);
    const free = weak.flatMap((places) => freeOf(places));
    const added = [...indexes, ...free, ...(anchor === null || known.has(anchor) ? [] : [anchor])];
    return {
      guestId,
      change: async () => {
        const outcome = await identifiers.create(guestId, added, {
          identified: namesSomebody(one),
          kinds,
          link: indexes.length + free.length > 1 ? eventOf(one) : null,
        });
        if (outcome === 'linked') {
          fresh.add(guestId);
          for (const index of added) known.set(index, guestId);
        }
        return outcome;
      },
    };
  }

  /** `same`: other guests who are this one. */
  async function linkTo(guestId: string, same: string[], one: IndexedPlacement): Promise<PlannedLink> {
    const unknown = [
      ...one.indexes.filter((index) => !known.has(index)),
      ...(await weakPlacesFor(guestId, one)),
    ];
    const settling = tupleKey(...[guestId, ...same].sort());
    const members =
      same.length === 0 || settled.has(settling) ? new Set(same) : await identifiers.members(guestId);
    const joined = same.filter((other) => !members.has(other));
    const added = one.anchor !== null && !known.has(one.anchor) ? [...unknown, one.anchor] : unknown;
    if (joined.length === 0) settled.add(settling);
    if (added.length === 0 && joined.length === 0) return { guestId, change: null };
    return {
      guestId,
      change: async () => {
        const links = unknown.length > 0 || joined.length > 0;
        const outcome = await identifiers.link(
          guestId,
          added,
          joined,
          links ? eventOf(one) : null,
          one.kinds,
        );
        if (outcome === 'linked') {
          for (const index of added) known.set(index, guestId);
          settled.add(settling);
        }
        return outcome;
      },
    };
  }

  /** Of each number that joins nobody, the place under which it is still to lead to this guest. */
  async function weakPlacesFor(guestId: string, { weak }: IndexedPlacement): Promise<string[]> {
    if (weak.length === 0) return [];
    const members = await identifiers.members(guestId);
    const leads = (index: string) => members.has(known.get(index) ?? '');
    return weak.flatMap((places) => (places.some(leads) ? [] : freeOf(places)));
  }

  function freeOf(places: readonly string[]): string[] {
    return places.filter((index) => !known.has(index)).slice(0, 1);
  }

  function eventOf({ placement }: IndexedPlacement): LinkEvent {
    return {
      at: now,
      actor: actingFor(batch),
      batchId: batch.batchId,
      kinds: placement.identifiers.map(({ kind }) => kind),
    };
  }
}

function nameOf({ indexes, weak, anchor }: IndexedPlacement): string {
  return tupleKey(anchor, ...indexes, ...weak.map(([first = '']) => first));
}
