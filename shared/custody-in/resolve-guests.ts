import type { KeyObject } from 'node:crypto';
import type { IdentifierIndex } from '../aws/identifier-index.ts';
import type { IdentifierPlace } from '../crypto/normalise-identifier.ts';
import type { Batch } from '../domain/batch.ts';
import type { DraftRecord } from '../sources/importer.ts';
import { guestsByIdentifier } from './guests-by-identifier.ts';
import { type IndexedPlacement, indexPlacements, leadingTo, type RejectedDraft } from './index-placements.ts';
import type { KnownGuests } from './known-guests.ts';
import { linkedGuests } from './linked-guests.ts';

/** A record with the guest of each of its conversations. */
export type AddressedRecord = {
  draft: DraftRecord;
  placements: { conversation: string; guestId: string; foundBy: string }[];
};

export type Resolution = {
  addressed: AddressedRecord[];
  rejected: RejectedDraft[];
  /** Guests who did not exist before: nothing of theirs can be stored yet. */
  fresh: ReadonlySet<string>;
};

/**
 * Finds the guest of every record, and makes those who are new. Where the source is one of record, the identifiers of a
 * row are linked to one guest, and the guest of a conversation is remembered for rows that name none. Ids in chats link
 * nothing, and neither do numbers that may be somebody else's elsewhere (isWeak). Throws IdentifierContentionError.
 */
export async function resolveGuests(
  drafts: readonly DraftRecord[],
  context: {
    /** Where the records come from, as the event of a link says it. */
    batch: Pick<Batch, 'batchId' | 'hotel' | 'source' | 'by'>;
    /** Whether the source is one of record, whose rows may link identifiers to one guest. */
    authoritative: boolean;
    place: IdentifierPlace;
    /** Names of the hotel on platforms, of which some are its numbers and addresses. */
    ownNames: readonly string[];
    indexKey: KeyObject;
    identifiers: IdentifierIndex;
    now: Date;
  },
): Promise<Resolution> {
  const found = indexPlacements(drafts, context);
  const placements = [...new Set(found.indexed.values())].flat();
  const known = await context.identifiers.guestsOf(placements.flatMap(leadingTo));
  const guests: KnownGuests = { known, fresh: new Set() };
  const guestOf = context.authoritative
    ? await linkedGuests(found, guests, context)
    : await guestsByIdentifier(placements, guests, context);
  const addressed = addressedRecords(found.indexed, (one) => addressOf(one, guestOf(one), known));
  return { addressed, rejected: found.rejected, fresh: guests.fresh };
}

type Address = AddressedRecord['placements'][number];

/** Drafts of one conversation share what is found for its placements. */
function addressedRecords(
  indexed: ReadonlyMap<DraftRecord, IndexedPlacement[]>,
  address: (one: IndexedPlacement) => Address,
): AddressedRecord[] {
  const found = new Map<IndexedPlacement[], Address[]>();
  const addressed: AddressedRecord[] = [];
  for (const [draft, placements] of indexed) {
    let addresses = found.get(placements);
    if (addresses === undefined) {
      addresses = placements.map(address);
      found.set(placements, addresses);
    }
    addressed.push({ draft, placements: addresses });
  }
  return addressed;
}

function addressOf(
  one: IndexedPlacement,
  guestId: string | undefined,
  known: ReadonlyMap<string, string>,
): Address {
  if (guestId === undefined) throw new Error('A record was left without its guest');
  const foundBy = leadingTo(one).find((index) => known.get(index) === guestId);
  if (foundBy === undefined) throw new Error('A guest was found by nothing');
  return { conversation: one.placement.conversation, guestId, foundBy };
}
