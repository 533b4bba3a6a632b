import type { KeyObject } from 'node:crypto';
import type { IdentifierIndex, LinkEvent, LinkOutcome } from '../aws/identifier-index.ts';
import { blindIndexOf } from '../crypto/blind-index.ts';
import type { IdentifierPlace } from '../crypto/normalise-identifier.ts';
import { conversationIdOf } from '../crypto/record-fingerprint.ts';
import { actingFor, type Batch } from '../domain/batch.ts';
import { newId } from '../domain/identifiers.ts';
import type { Identifier } from '../domain/record.ts';
import { inParallel } from '../loop/in-parallel.ts';
import type { DraftRecord, Placement } from '../sources/importer.ts';
import { remembered } from './remembered.ts';

/** A record with the guest of each of its conversations. */
export type AddressedRecord = {
  draft: DraftRecord;
  placements: { conversation: string; guestId: string; foundBy: string }[];
};

export type Resolution = {
  addressed: AddressedRecord[];
  rejected: { line: number; reason: string }[];
  /** Guests who did not exist before: nothing of theirs can be stored yet. */
  fresh: Set<string>;
};

/** The rows of the identifier index were written by others each time that a guest was looked up. */
export class IdentifierContentionError extends Error {
  override name = 'IdentifierContentionError';
}

const AT_ONCE = 16;
const ATTEMPTS = 8;

/** A placement's blind indexes; `anchor` is its conversation's, for sources whose rows may leave the guest out. */
type Indexed = { placement: Placement; indexes: string[]; anchor: string | null };

/**
 * Finds the guest of every record, and makes those who are new. Where the source is one of record, the identifiers of a
 * row are linked to one guest, and the guest of a conversation is remembered for rows that name none; two guests known
 * by identifiers are never joined for sharing a conversation alone. Ids in chats link nothing.
 */
export async function resolveGuests(
  drafts: readonly DraftRecord[],
  context: {
    /** Where the records come from, as the event of a link says it. */
    batch: Pick<Batch, 'batchId' | 'hotel' | 'source' | 'by'>;
    /** Whether the source is one of record, whose rows may link identifiers to one guest. */
    authoritative: boolean;
    place: IdentifierPlace;
    indexKey: KeyObject;
    identifiers: IdentifierIndex;
    now: Date;
  },
): Promise<Resolution> {
  const { batch, authoritative, place, indexKey, identifiers, now } = context;
  // The same guests and conversations come again and again.
  const indexOf = remembered(
    ({ kind, value }: Identifier) => `${kind} ${value}`,
    (identifier) => blindIndexOf(indexKey, identifier, place),
  );
  const anchorOf = remembered(
    (conversation: string) => conversation,
    (conversation) => conversationIdOf(indexKey, { source: batch.source, hotel: batch.hotel, conversation }),
  );
  const fresh = new Set<string>();
  const rejected: Resolution['rejected'] = [];
  // Drafts of one conversation share their placements.
  const indexesOf = new Map<DraftRecord['placements'], Indexed[] | string>();
  const indexed = new Map<DraftRecord, Indexed[]>();
  for (const draft of drafts) {
    const found = indexesOf.get(draft.placements) ?? indexedOf(draft);
    indexesOf.set(draft.placements, found);
    if (typeof found === 'string') rejected.push({ line: draft.line, reason: found });
    else indexed.set(draft, found);
  }
  const all = [...new Set(indexed.values())].flat();
  const known = await identifiers.guestsOf(
    all.flatMap(({ indexes, anchor }) => (anchor === null ? indexes : [...indexes, anchor])),
  );

  if (!authoritative) {
    const unknown = [...new Set(all.flatMap(({ indexes }) => indexes))].filter((index) => !known.has(index));
    await inParallel(unknown, AT_ONCE, async (index) => {
      known.set(index, await guestUnder(index));
    });
    return { addressed: addressedBy((one) => known.get(one.indexes[0] ?? '')), rejected, fresh };
  }

  const guests = new Map<string, string>();
  const settled = new Set<string>();
  // Rows that name their guest come first: those that don't then find the conversation's guest, wherever they stand.
  for (const naming of [true, false]) {
    for (const [draft, placements] of indexed) {
      for (const one of placements) {
        const name = nameOf(one);
        if (one.indexes.length > 0 !== naming || guests.has(name)) continue;
        const guestId = await linkedGuest(one);
        if (guestId === null) {
          rejected.push({ line: draft.line, reason: 'too-many-linked-guests' });
          indexed.delete(draft);
        } else {
          guests.set(name, guestId);
        }
      }
    }
  }
  return { addressed: addressedBy((one) => guests.get(nameOf(one))), rejected, fresh };

  function indexedOf(draft: DraftRecord): Indexed[] | string {
    const found: Indexed[] = [];
    for (const placement of draft.placements) {
      const indexes: string[] = [];
      for (const identifier of placement.identifiers) {
        const index = indexOf(identifier);
        if (index === null) return `invalid-field:${identifier.kind}`;
        indexes.push(index);
      }
      if (indexes.length === 0 && !authoritative) return 'guest-not-identified';
      const anchor = authoritative ? anchorOf(placement.conversation) : null;
      found.push({ placement, indexes, anchor });
    }
    return found;
  }

  function addressedBy(guestOf: (one: Indexed) => string | undefined): AddressedRecord[] {
    const found = new Map<Indexed[], AddressedRecord['placements']>();
    return [...indexed].map(([draft, placements]) => {
      const known = found.get(placements) ?? placements.map((one) => addressOf(one, guestOf(one)));
      found.set(placements, known);
      return { draft, placements: known };
    });
  }

  function addressOf(one: Indexed, guestId: string | undefined): AddressedRecord['placements'][number] {
    if (guestId === undefined) throw new Error('A record was left without its guest');
    const foundBy = [...one.indexes, one.anchor ?? ''].find((index) => known.get(index) === guestId);
    if (foundBy === undefined) throw new Error('A guest was found by nothing');
    return { conversation: one.placement.conversation, guestId, foundBy };
  }

  async function guestUnder(index: string): Promise<string> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const guestId = newId('gst', now);
      if ((await identifiers.create(guestId, [index], { identified: true, link: null })) === 'linked') {
        fresh.add(guestId);
        return guestId;
      }
      const theirs = (await identifiers.guestsOf([index])).get(index);
      if (theirs !== undefined) return theirs;
    }
    throw new IdentifierContentionError('An identifier was written by others each time');
  }

  /** Null where the row would join more guests than one person can be. */
  async function linkedGuest(one: Indexed): Promise<string | null> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { guestId, change } = await planned(one);
      const outcome = change === null ? 'linked' : await change();
      if (outcome === 'linked') return guestId;
      if (outcome === 'too-many-linked-guests') return null;
      const current = await identifiers.guestsOf([...one.indexes, one.anchor ?? '']);
      for (const [index, guest] of current) known.set(index, guest);
    }
    throw new IdentifierContentionError('Identifiers of a row were written by others each time');
  }

  /** Who the row's guest is, and what must be written for it. The same rows give the same guest when it is done again. */
  async function planned(
    one: Indexed,
  ): Promise<{ guestId: string; change: (() => Promise<LinkOutcome>) | null }> {
    const { indexes, anchor } = one;
    const owner = anchor === null ? undefined : known.get(anchor);
    const [named, ...others] = [...new Set(indexes.flatMap((index) => known.get(index) ?? []))];
    const unknown = indexes.filter((index) => !known.has(index));
    const event: LinkEvent = {
      at: now,
      actor: actingFor(batch),
      batchId: batch.batchId,
      kinds: one.placement.identifiers.map(({ kind }) => kind),
    };

    if (named === undefined && owner === undefined) {
      const guestId = newId('gst', now);
      const added = anchor === null ? indexes : [...indexes, anchor];
      return {
        guestId,
        change: async () => {
          const outcome = await identifiers.create(guestId, added, {
            identified: indexes.length > 0,
            link: indexes.length > 1 ? event : null,
          });
          if (outcome === 'linked') {
            fresh.add(guestId);
            for (const index of added) known.set(index, guestId);
          }
          return outcome;
        },
      };
    }
    const guestId = named ?? owner ?? '';
    // A guest of whom nothing but the conversation was known turns out to be the one whom this row names.
    const same =
      named !== undefined && owner !== undefined && owner !== named && !(await identifiers.identified(owner))
        ? [...others, owner]
        : others;
    const settling = [guestId, ...same].sort().join(' ');
    const members =
      same.length === 0 || settled.has(settling) ? new Set(same) : await identifiers.members(guestId);
    const joined = same.filter((other) => !members.has(other));
    const added = anchor !== null && owner === undefined ? [...unknown, anchor] : unknown;
    if (joined.length === 0) settled.add(settling);
    if (added.length === 0 && joined.length === 0) return { guestId, change: null };
    return {
      guestId,
      change: async () => {
        const links = unknown.length > 0 || joined.length > 0;
        const outcome = await identifiers.link(guestId, added, joined, links ? event : null);
        if (outcome === 'linked') {
          for (const index of added) known.set(index, guestId);
          settled.add(settling);
        }
        return outcome;
      },
    };
  }
}

function nameOf({ indexes, anchor }: Indexed): string {
  return JSON.stringify([anchor, ...indexes]);
}
