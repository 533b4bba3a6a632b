import type { KeyObject } from 'node:crypto';
import { staffIndexOf } from '../crypto/blind-index.ts';
import { normalisedBytesOf } from '../crypto/block-content.ts';
import { conversationIdOf } from '../crypto/record-fingerprint.ts';
import type { Batch } from '../domain/batch.ts';
import type { ConsentFact } from '../domain/consent.ts';
import { expiryPeriodOf } from '../domain/expiry-period.ts';
import { hotelOf } from '../domain/hotel-of.ts';
import { LIMITS } from '../domain/limits.ts';
import { type RecordClass, recordClassOf } from '../domain/record.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import type { BroughtMedia } from './brought-media.ts';
import { consentInRecord } from './consent-in-record.ts';
import type { RejectedDraft } from './index-placements.ts';
import { isTooMuchMedia, withMedia } from './media-for-copy.ts';
import type { PlacedRecord } from './plan-blocks.ts';
import type { RecordVersions } from './record-versions.ts';
import { remembered } from './remembered.ts';
import type { AddressedRecord } from './resolve-guests.ts';
import { storedRecordOf } from './stored-record.ts';
import type { LateMedia } from './supply-media.ts';

export type Placing = {
  /** One for each guest and conversation that a record is still to go into. */
  placed: PlacedRecord[];
  /** What the records say of consent, by record: facts once a record is in custody. */
  consents: Map<string, ConsentFact[]>;
  /** Records that every one of their guests has already. */
  duplicates: number;
  /** Records for which media came and which guests have already. */
  late: LateMedia[];
  /** Records of which another version is known. */
  conflicting: Set<string>;
  rejected: RejectedDraft[];
};

type Address = AddressedRecord['placements'][number];
const NONE: [] = [];
const LENGTH_FIELDS_BYTES = 8;
/** Days begin on a quarter of an hour in every zone, so that all times within one have the same expiry period. */
const QUARTER_HOUR_MS = 15 * 60 * 1000;

/** Where each record belongs that isn't there yet: its guests' conversations, its class, its expiry period. */
export function placeRecords(
  messages: ReadonlyMap<string, AddressedRecord>,
  context: {
    batch: Batch;
    indexKey: KeyObject;
    region: RegionConfig;
    now: Date;
    /** By guest, what is in custody already. */
    inCustody: ReadonlyMap<string, ReadonlySet<string>>;
    versions: RecordVersions;
    media: BroughtMedia | null;
    beforeEach: () => Promise<void>;
  },
): Placing {
  const { batch, indexKey, region, now, inCustody, versions, media, beforeEach } = context;
  const { zone } = hotelOf(region, batch.hotel);
  const receivedAt = new Date(batch.receivedAt ?? batch.createdAt);
  // Conversations, staff and days come again and again; what records of one conversation share is found by itself.
  const conversations = new Map<Address, string>();
  function conversationOf(address: Address): string {
    const known = conversations.get(address);
    if (known !== undefined) return known;
    const conversation = JSON.stringify([address.conversation, address.guestId]);
    const place = { source: batch.source, hotel: batch.hotel, conversation };
    const conversationId = conversationIdOf(indexKey, place);
    conversations.set(address, conversationId);
    return conversationId;
  }
  const people = new Map<readonly string[], string[]>();
  function allStaffOf(accounts: readonly string[]): string[] {
    const known = people.get(accounts);
    if (known !== undefined) return known;
    const indexes = accounts.map(staffOf);
    people.set(accounts, indexes);
    return indexes;
  }
  const staffOf = remembered(
    (account: string) => account,
    (account) => staffIndexOf(indexKey, account),
  );
  const periodOf = remembered(
    // A class is one word.
    ({ recordClass, since }: { recordClass: RecordClass; since: Date }) =>
      `${recordClass} ${Math.floor(since.getTime() / QUARTER_HOUR_MS)}`,
    ({ recordClass, since }) => expiryPeriodOf(since, region.retention[recordClass], zone),
  );
  const placing: Placing = {
    placed: [],
    consents: new Map(),
    duplicates: 0,
    late: [],
    conflicting: new Set(),
    rejected: [],
  };
  for (const [recordId, message] of messages) place(recordId, message);
  return placing;

  function place(recordId: string, { draft, placements }: AddressedRecord): void {
    if (versions.note(recordId) === 'several') placing.conflicting.add(recordId);
    const isThere = ({ guestId }: Address) => inCustody.get(guestId)?.has(recordId) === true;
    // As nearly always: a list of its own for each record would be made for nothing.
    const missing = placements.some(isThere) ? placements.filter((one) => !isThere(one)) : placements;
    const found =
      draft.attachments.length === 0
        ? NONE
        : draft.attachments.map((attachment) => media?.find(attachment) ?? null);
    if (missing.length < placements.length && found.some((one) => (one?.medium ?? null) !== null)) {
      const having = placements.filter((placement) => !missing.includes(placement));
      const guestIds = new Set(having.map(({ guestId }) => guestId));
      placing.late.push({ recordId, found, guestIds });
    }
    if (missing.length === 0) {
      placing.duplicates += 1;
      return;
    }
    if (isTooMuchMedia(found, missing.length)) {
      placing.rejected.push({ draft, reason: 'too-much-media' });
      return;
    }
    const record = storedRecordOf(draft, { recordId, batch, indexKey, found });
    const normalisedBytes = normalisedBytesOf(record);
    if (normalisedBytes > LIMITS.lineBytes) {
      placing.rejected.push({ draft, reason: 'record-too-large' });
      return;
    }
    const recordClass = recordClassOf(record.category);
    // Where the platform left the time out, the term counts from the collection.
    const since = draft.timeKnown ? draft.at : receivedAt;
    const period = periodOf({ recordClass, since });
    const staff = allStaffOf(draft.staff);
    if (draft.consent !== undefined) {
      const consents = missing.flatMap(({ guestId }) =>
        consentInRecord(draft, { batch, guestId, recordId, staffOf, now }),
      );
      if (consents.length > 0) placing.consents.set(recordId, consents);
    }
    const bytes = draft.original.length + normalisedBytes + LENGTH_FIELDS_BYTES;
    const { timeKnown } = draft;
    for (const address of missing) {
      const { guestId, foundBy } = address;
      const conversationId = conversationOf(address);
      const where = {
        guestId,
        foundBy,
        conversationId,
        recordClass,
        period,
        bytes,
        timeKnown,
        staff,
        record,
      };
      if (record.attachments.length === 0) {
        placing.placed.push(where);
        continue;
      }
      const copy = { batchId: batch.batchId, guestId, conversationId, media, beforeEach };
      placing.placed.push({ ...where, ...withMedia(record, found, copy) });
    }
  }
}
