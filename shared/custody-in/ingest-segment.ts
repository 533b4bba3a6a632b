import type { KeyObject } from 'node:crypto';
import type { Batches } from '../aws/batches.ts';
import { type BlockPlan, type BlockWriter, vaultKeys } from '../aws/block-writer.ts';
import type { IdentifierIndex } from '../aws/identifier-index.ts';
import type { PlannedMedium } from '../aws/media-writer.ts';
import { staffIndexOf } from '../crypto/blind-index.ts';
import { normalisedBytesOf } from '../crypto/block-content.ts';
import { decodeBlockIndex } from '../crypto/block-index.ts';
import { conversationIdOf, messageFingerprintOf } from '../crypto/record-fingerprint.ts';
import type { Batch, BatchCompleteness } from '../domain/batch.ts';
import type { ConsentFact } from '../domain/consent.ts';
import { expiryPeriodOf } from '../domain/expiry-period.ts';
import { derivedId } from '../domain/identifiers.ts';
import { LIMITS } from '../domain/limits.ts';
import { messageOf } from '../domain/message-of.ts';
import { type QuarantinedLine, quarantineAnchor, quarantineGuest } from '../domain/quarantine.ts';
import { type RecordClass, recordClassOf, type StoredRecord } from '../domain/record.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import { inParallel } from '../loop/in-parallel.ts';
import type { ConsentStore } from '../ports/consent-store.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import type { DraftRecord } from '../sources/importer.ts';
import type { BroughtMedia, FoundMedium } from './brought-media.ts';
import { consentInRecord } from './consent-in-record.ts';
import { recordIdOfDraft } from './draft-identity.ts';
import { type PlacedRecord, planBlocks } from './plan-blocks.ts';
import { quarantineLines } from './quarantine-lines.ts';
import { remembered } from './remembered.ts';
import { type AddressedRecord, type Resolution, resolveGuests } from './resolve-guests.ts';

export type SegmentDependencies = {
  batches: Pick<Batches, 'intend' | 'intended' | 'dropStrays'>;
  vault: Pick<ObjectStore, 'delete'>;
  identifiers: IdentifierIndex;
  records: {
    allBlocksOf(guestId: string, from: Date, to: Date): Promise<BlockRow[]>;
    /** Those of committed batches. */
    visible(rows: BlockRow[]): Promise<BlockRow[]>;
  };
  blocks: BlockWriter;
  consents: Pick<ConsentStore, 'record'>;
  region: RegionConfig;
};

export type SegmentResult = {
  accepted: number;
  duplicates: number;
  /** Those of the accepted that say something else than another version of the same message, in custody or in the file. */
  conflicts: number;
  rejected: { line: number; reason: string }[];
  /** Rejected lines that were kept for correction. */
  quarantined: number;
  blocks: number;
  /** Attachments of the accepted records by what became of them. */
  media: BatchCompleteness['media'];
};

const AT_ONCE = 12;
/** Every time that a record can have: a conflicting version may claim any. */
const AGES = { from: new Date(0), to: new Date('9999-12-31T23:59:59.999Z') };
const LENGTH_FIELDS_BYTES = 8;
/** Days begin on a quarter of an hour in every zone, so that all times within one have the same expiry period. */
const QUARTER_HOUR_MS = 15 * 60 * 1000;

/**
 * Takes the records of one segment into custody: guests found, records that are there already passed over, the others
 * sealed by conversation. A message that is there with other content is taken in beside it and counted as a conflict: which
 * of them is genuine is not for ingest to choose. Doing it again with the same records and the same rows writes the same blocks, so that a
 * replay after a crash changes nothing. `beforeEach` is called before each block, to keep the lease.
 */
export async function ingestSegment(
  drafts: readonly DraftRecord[],
  context: {
    batch: Batch;
    indexKey: KeyObject;
    now: Date;
    beforeEach: () => Promise<void>;
    /** Ids that were worked out as the drafts were read, so that no content waits for the end of the segment. */
    recordIds?: ReadonlyMap<DraftRecord, string>;
    /** What the importer rejected of this segment, to be kept for correction. */
    quarantine?: readonly QuarantinedLine[];
    /** What came along with the batch; null where no media did. */
    media?: BroughtMedia | null;
  },
  dependencies: SegmentDependencies,
): Promise<SegmentResult> {
  const { batch, indexKey, now, beforeEach, recordIds, media = null, quarantine = [] } = context;
  const { batches, identifiers, records, blocks, consents, vault, region } = dependencies;
  const hotel = hotelOf(region, batch.hotel);
  const authoritative = region.authoritativeSources.includes(batch.source);
  // Conversations, staff and days come again and again.
  const conversationOf = remembered(
    (conversation: string) => conversation,
    (conversation) => conversationIdOf(indexKey, { source: batch.source, hotel: batch.hotel, conversation }),
  );
  const staffOf = remembered(
    (account: string) => account,
    (account) => staffIndexOf(indexKey, account),
  );
  const periodOf = remembered(
    ({ recordClass, since }: { recordClass: RecordClass; since: Date }) =>
      `${recordClass} ${Math.floor(since.getTime() / QUARTER_HOUR_MS)}`,
    ({ recordClass, since }) => expiryPeriodOf(since, region.retention[recordClass], hotel.zone),
  );
  const resolution = await resolveGuests(drafts, {
    batch,
    authoritative,
    place: { hotel: hotel.code, country: hotel.country },
    indexKey,
    identifiers,
    now,
  });
  const rejected = [...resolution.rejected];

  const messages = new Map<string, AddressedRecord>();
  for (const message of resolution.addressed) {
    const recordId = recordIds?.get(message.draft) ?? recordIdOfDraft(indexKey, batch, message.draft);
    if (!messages.has(recordId)) messages.set(recordId, message);
  }
  // Rows that repeat an earlier one of this segment.
  let duplicates = resolution.addressed.length - messages.size;

  // What an attempt at this very segment put before it crashed: written again where it belongs, not compared with.
  const ownAttempt = await batches.intended(batch);
  const versions = versionsOf(messages.keys());
  const stored = await storedRecords();
  const conflicting = new Set<string>();
  const placed: PlacedRecord[] = [];
  const notTaken = withoutGuest(drafts, resolution);
  const consentFacts: ConsentFact[] = [];
  for (const [recordId, { draft, placements }] of messages) {
    if (versions.note(recordId) === 'several') conflicting.add(recordId);
    const missing = placements.filter(({ guestId }) => stored.get(guestId)?.has(recordId) !== true);
    if (missing.length === 0) {
      duplicates += 1;
      continue;
    }
    const found = draft.attachments.map((attachment) => media?.find(attachment) ?? null);
    const record = storedRecord(recordId, draft, found);
    const normalisedBytes = normalisedBytesOf(record);
    if (normalisedBytes > LIMITS.lineBytes) {
      rejected.push({ line: draft.line, reason: 'record-too-large' });
      notTaken.push({ draft, reason: 'record-too-large' });
      continue;
    }
    const recordClass = recordClassOf(record.category);
    // Where the platform left the time out, the term counts from the collection.
    const since = draft.timeKnown ? draft.at : new Date(batch.receivedAt ?? batch.createdAt);
    const period = periodOf({ recordClass, since });
    const staff = draft.staff.map(staffOf);
    for (const { guestId } of missing) {
      consentFacts.push(...consentInRecord(draft, { batch, guestId, recordId, staffOf, now }));
    }
    for (const { conversation, guestId, foundBy } of missing) {
      const conversationId = conversationOf(JSON.stringify([conversation, guestId]));
      placed.push({
        guestId,
        foundBy,
        conversationId,
        recordClass,
        period,
        ...withMedia(record, found, [guestId, conversationId]),
        bytes: draft.original.length + normalisedBytes + LENGTH_FIELDS_BYTES,
        timeKnown: draft.timeKnown,
        staff,
      });
    }
  }

  const quarantined = await placeQuarantined();
  const plans = planBlocks([...placed, ...quarantined], {
    batchId: batch.batchId,
    hotel: batch.hotel,
    platform: batch.source,
    segment: batch.checkpoint.segment,
  });
  const planned = new Set(plans.flatMap(vaultKeys));
  const strays = [...ownAttempt].filter((key) => !planned.has(key));
  await batches.intend(batch, [...planned, ...strays]);
  const kept = new Set<string>();
  const inQuarantine = new Set<string>();
  const shredded = new Map<string, number>();
  // The first block of each period alone: it makes or fetches the period's key, once, for all the others. Then one block
  // of a guest at a time, since each checks the rows of its guest.
  const firsts = new Map<string, BlockPlan>();
  for (const plan of plans) {
    const name = `${plan.recordClass} ${plan.period}`;
    if (!firsts.has(name)) firsts.set(name, plan);
  }
  for (const plan of firsts.values()) await write(plan);
  const rest = plans.filter((plan) => firsts.get(`${plan.recordClass} ${plan.period}`) !== plan);
  await inParallel([...Map.groupBy(rest, ({ guestId }) => guestId).values()], AT_ONCE, async (ofGuest) => {
    for (const plan of ofGuest) await write(plan);
  });
  await batches.dropStrays(batch, strays, vault, hotel.zone);
  for (const fact of consentFacts) {
    await consents.record(fact, { at: now, actor: fact.by, data: { batchId: batch.batchId } });
  }
  for (const [recordId, line] of shredded) {
    if (!kept.has(recordId)) rejected.push({ line, reason: 'period-deleted' });
  }
  return {
    accepted: kept.size,
    duplicates,
    conflicts: [...kept].filter((recordId) => conflicting.has(recordId)).length,
    rejected: rejected.sort((a, b) => a.line - b.line),
    blocks: plans.filter(({ recordClass }) => recordClass !== 'quarantine').length,
    quarantined: quarantined.filter(({ record }) => inQuarantine.has(record.recordId)).length,
    media: mediaOfKept(),
  };

  async function write(plan: BlockPlan): Promise<void> {
    await beforeEach();
    const outcome = await blocks.write(plan, hotel.zone);
    for (const { recordId, line } of plan.records) {
      if (plan.recordClass === 'quarantine') {
        if (outcome === 'written') inQuarantine.add(recordId);
      } else if (outcome === 'written') kept.add(recordId);
      else shredded.set(recordId, line);
    }
  }

  /** Rejected lines under the key of their batch's pseudo guest, who is made with the first of them. */
  async function placeQuarantined(): Promise<PlacedRecord[]> {
    const lines = notTaken.map(({ draft, reason }): QuarantinedLine => {
      const { line, original, end } = draft;
      return { line, reason, original, bytes: original.length, state: end.state };
    });
    const conversationId = conversationOf(quarantineAnchor(batch.batchId));
    const found = quarantineLines([...quarantine, ...lines], { batch, conversationId, region });
    if (found.length > 0) {
      // Where it is there already, nothing changes.
      const [guestId, anchor] = [quarantineGuest(batch.batchId), quarantineAnchor(batch.batchId)];
      await identifiers.create(guestId, [anchor], { identified: true, link: null });
    }
    return found;
  }

  /** The record with the media that its copy for this guest and conversation has: each copy is under a key of its own. */
  function withMedia(
    record: StoredRecord,
    found: readonly (FoundMedium | null)[],
    place: [guestId: string, conversationId: string],
  ): Pick<PlacedRecord, 'record' | 'media'> {
    const own: PlannedMedium[] = [];
    const attachments = record.attachments.map((attachment, position) => {
      const medium = found[position]?.medium ?? null;
      if (medium === null || media === null) return attachment;
      const mediaId = derivedId('med', batch.batchId, record.recordId, ...place, String(position));
      own.push({ mediaId, bytes: medium.bytes, read: () => keepingLease(media.read(medium)) });
      return { ...attachment, mediaId };
    });
    return own.length === 0 ? { record } : { record: { ...record, attachments }, media: own };
  }

  async function* keepingLease(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      await beforeEach();
      yield chunk;
    }
  }

  function mediaOfKept(): SegmentResult['media'] {
    const counts = { present: 0, missing: 0, damaged: 0, reference: 0 };
    const seen = new Set<string>();
    for (const { record } of placed) {
      if (record.attachments.length === 0) continue;
      if (!kept.has(record.recordId) || seen.has(record.recordId)) continue;
      seen.add(record.recordId);
      for (const { state } of record.attachments) counts[state] += 1;
    }
    return counts;
  }

  function fingerprintOf(messageId: string | null): string | null {
    const { source, hotel } = batch;
    return messageId === null ? null : messageFingerprintOf(indexKey, { source, hotel, messageId });
  }

  function storedRecord(
    recordId: string,
    draft: DraftRecord,
    found: readonly (FoundMedium | null)[],
  ): StoredRecord {
    return {
      recordId,
      platform: batch.source,
      category: draft.category ?? batch.category,
      at: draft.at.toISOString(),
      from: draft.from,
      text: draft.text,
      attachments: draft.attachments.map(({ refs: _, ...declared }, position) => {
        const { state, medium } = found[position] ?? { state: 'reference' as const, medium: null };
        const came = medium === null ? null : { bytes: medium.bytes, digest: `sha256:${medium.sha256}` };
        const bytes = declared.bytes ?? came?.bytes ?? null;
        const digest = declared.digest ?? came?.digest ?? null;
        return { ...declared, bytes, digest, state, mediaId: null, found: came };
      }),
      edited: draft.edited,
      internal: draft.internal,
      batchId: null,
      recalls: fingerprintOf(draft.recalls),
      edits: fingerprintOf(draft.edits),
      sourceType: draft.sourceType,
      line: draft.line,
      original: draft.original,
    };
  }

  /** By guest, which of this segment's records are in custody already; notes every version of its messages that is. */
  async function storedRecords(): Promise<Map<string, Set<string>>> {
    const guests = new Set<string>();
    for (const { placements } of messages.values()) {
      for (const { guestId } of placements) if (!resolution.fresh.has(guestId)) guests.add(guestId);
    }
    const ids = new Map<string, Set<string>>();
    await inParallel([...guests], AT_ONCE, async (guestId) => {
      await beforeEach();
      const same = authoritative ? await identifiers.members(guestId) : [guestId];
      const rows = (
        await Promise.all([...same].map((one) => records.allBlocksOf(one, AGES.from, AGES.to)))
      ).flat();
      const own = rows.filter((row) => row.batchId === batch.batchId && !ownAttempt.has(row.objectKey));
      const others = rows.filter((row) => row.batchId !== batch.batchId && row.hotel === batch.hotel);
      const known = new Set<string>();
      for (const { index } of [...own, ...(await records.visible(others))]) {
        for (const { recordId } of decodeBlockIndex(index)) {
          versions.note(recordId);
          if (messages.has(recordId)) known.add(recordId);
        }
      }
      ids.set(guestId, known);
    });
    return ids;
  }
}

/** Whether there is more than one version of any of these messages, of all that are noted. */
function versionsOf(recordIds: Iterable<string>) {
  // A message has one version as a rule: a set for each would be most of what a segment takes.
  const first = new Map<string, string | null>();
  const several = new Set<string>();
  for (const recordId of recordIds) first.set(messageOf(recordId), null);
  return {
    note(recordId: string): 'one' | 'several' {
      const message = messageOf(recordId);
      const known = first.get(message);
      if (known === null) first.set(message, recordId);
      else if (known !== undefined && known !== recordId) several.add(message);
      return several.has(message) ? 'several' : 'one';
    },
  };
}

/** Drafts for whom no guest was found, with the reason. */
function withoutGuest(
  drafts: readonly DraftRecord[],
  { addressed, rejected }: Resolution,
): { draft: DraftRecord; reason: string }[] {
  const reasons = new Map(rejected.map(({ line, reason }) => [line, reason]));
  if (reasons.size === 0) return [];
  const taken = new Set(addressed.map(({ draft }) => draft));
  return drafts.flatMap((draft) => {
    const reason = taken.has(draft) ? undefined : reasons.get(draft.line);
    return reason === undefined ? [] : [{ draft, reason }];
  });
}

function hotelOf(region: RegionConfig, code: string): RegionConfig['hotels'][number] {
  const hotel = region.hotels.find((one) => one.code === code);
  if (hotel === undefined) throw new Error(`Hotel ${code} is not in this region`);
  return hotel;
}
