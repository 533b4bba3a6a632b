import type { KeyObject } from 'node:crypto';
import type { Batches } from '../aws/batches.ts';
import { type BlockPlan, type BlockWriter, vaultKey } from '../aws/block-writer.ts';
import type { IdentifierIndex } from '../aws/identifier-index.ts';
import { staffIndexOf } from '../crypto/blind-index.ts';
import { decodeBlockIndex } from '../crypto/block-index.ts';
import {
  conversationIdOf,
  type MessageIdentity,
  messageFingerprintOf,
  recordIdOf,
} from '../crypto/record-fingerprint.ts';
import type { Batch } from '../domain/batch.ts';
import { expiryPeriodOf } from '../domain/expiry-period.ts';
import { LIMITS } from '../domain/limits.ts';
import { messageOf } from '../domain/message-of.ts';
import { type RecordClass, recordClassOf, type StoredRecord } from '../domain/record.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import { inParallel } from '../loop/in-parallel.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import type { DraftRecord } from '../sources/importer.ts';
import { type PlacedRecord, planBlocks } from './plan-blocks.ts';
import { remembered } from './remembered.ts';
import { type AddressedRecord, resolveGuests } from './resolve-guests.ts';

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
  region: RegionConfig;
};

export type SegmentResult = {
  accepted: number;
  duplicates: number;
  /** Those of the accepted that say something else than another version of the same message, in custody or in the file. */
  conflicts: number;
  rejected: { line: number; reason: string }[];
  blocks: number;
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
  },
  dependencies: SegmentDependencies,
): Promise<SegmentResult> {
  const { batch, indexKey, now, beforeEach } = context;
  const { batches, identifiers, records, blocks, vault, region } = dependencies;
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
    const recordId = recordIdOfDraft(message.draft);
    if (!messages.has(recordId)) messages.set(recordId, message);
  }
  // Rows that repeat an earlier one of this segment.
  let duplicates = resolution.addressed.length - messages.size;

  // What an attempt at this very segment put before it crashed: written again where it belongs, not compared with.
  const ownAttempt = await batches.intended(batch);
  const versions = new Map<string, Set<string>>();
  for (const recordId of messages.keys()) versions.set(messageOf(recordId), new Set());
  const stored = await storedRecords();
  const conflicting = new Set<string>();
  const placed: PlacedRecord[] = [];
  for (const [recordId, { draft, placements }] of messages) {
    const others = versions.get(messageOf(recordId));
    others?.add(recordId);
    if (others !== undefined && others.size > 1) conflicting.add(recordId);
    const missing = placements.filter(({ guestId }) => stored.get(guestId)?.has(recordId) !== true);
    if (missing.length === 0) {
      duplicates += 1;
      continue;
    }
    const record = storedRecord(recordId, draft);
    const { original: _, ...normalised } = record;
    const normalisedBytes = Buffer.byteLength(JSON.stringify(normalised));
    if (normalisedBytes > LIMITS.lineBytes) {
      rejected.push({ line: draft.line, reason: 'record-too-large' });
      continue;
    }
    const recordClass = recordClassOf(record.category);
    // Where the platform left the time out, the term counts from the collection.
    const since = draft.timeKnown ? draft.at : new Date(batch.receivedAt ?? batch.createdAt);
    const period = periodOf({ recordClass, since });
    const staff = draft.staff.map(staffOf);
    for (const { conversation, guestId, foundBy } of missing) {
      placed.push({
        guestId,
        foundBy,
        conversationId: conversationOf(JSON.stringify([conversation, guestId])),
        recordClass,
        period,
        record,
        bytes: draft.original.length + normalisedBytes + LENGTH_FIELDS_BYTES,
        timeKnown: draft.timeKnown,
        staff,
      });
    }
  }

  const plans = planBlocks(placed, {
    batchId: batch.batchId,
    hotel: batch.hotel,
    platform: batch.source,
    segment: batch.checkpoint.segment,
  });
  const planned = new Set(plans.map(vaultKey));
  const strays = [...ownAttempt].filter((key) => !planned.has(key));
  await batches.intend(batch, [...planned, ...strays]);
  const kept = new Set<string>();
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
  for (const [recordId, line] of shredded) {
    if (!kept.has(recordId)) rejected.push({ line, reason: 'period-deleted' });
  }
  return {
    accepted: kept.size,
    duplicates,
    conflicts: [...kept].filter((recordId) => conflicting.has(recordId)).length,
    rejected: rejected.sort((a, b) => a.line - b.line),
    blocks: plans.length,
  };

  async function write(plan: BlockPlan): Promise<void> {
    await beforeEach();
    const outcome = await blocks.write(plan, hotel.zone);
    for (const { recordId, line } of plan.records) {
      if (outcome === 'written') kept.add(recordId);
      else shredded.set(recordId, line);
    }
  }

  function recordIdOfDraft(draft: DraftRecord): string {
    const place = { source: batch.source, hotel: batch.hotel };
    const { at, content, sourceMessageId } = draft;
    const identity: MessageIdentity =
      sourceMessageId === null
        ? { ...place, conversation: draft.placements[0].conversation, at, content }
        : { ...place, messageId: sourceMessageId };
    return recordIdOf(indexKey, identity, { at, content });
  }

  function fingerprintOf(messageId: string | null): string | null {
    const { source, hotel } = batch;
    return messageId === null ? null : messageFingerprintOf(indexKey, { source, hotel, messageId });
  }

  function storedRecord(recordId: string, draft: DraftRecord): StoredRecord {
    return {
      recordId,
      platform: batch.source,
      category: draft.category ?? batch.category,
      at: draft.at.toISOString(),
      from: draft.from,
      text: draft.text,
      attachments: draft.attachments.map(({ refs: _, ...attachment }) => ({
        ...attachment,
        state: 'reference',
        mediaId: null,
      })),
      edited: draft.edited,
      internal: draft.internal,
      batchId: null,
      recalls: fingerprintOf(draft.recalls),
      edits: fingerprintOf(draft.edits),
      sourceType: draft.sourceType,
      line: draft.line,
      original: Buffer.from(draft.original).toString('base64'),
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
          versions.get(messageOf(recordId))?.add(recordId);
          if (messages.has(recordId)) known.add(recordId);
        }
      }
      ids.set(guestId, known);
    });
    return ids;
  }
}

function hotelOf(region: RegionConfig, code: string): RegionConfig['hotels'][number] {
  const hotel = region.hotels.find((one) => one.code === code);
  if (hotel === undefined) throw new Error(`Hotel ${code} is not in this region`);
  return hotel;
}
