import type { KeyObject } from 'node:crypto';
import type { Batches } from '../aws/batches.ts';
import { type BlockWriter, vaultKeys } from '../aws/block-writer.ts';
import type { IdentifierIndex } from '../aws/identifier-index.ts';
import type { Batch, BatchCompleteness } from '../domain/batch.ts';
import { hotelOf } from '../domain/hotel-of.ts';
import type { QuarantinedLine } from '../domain/quarantine.ts';
import type { RegionConfig } from '../domain/region-config.ts';
import type { ConsentStore } from '../ports/consent-store.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { DraftRecord } from '../sources/importer.ts';
import type { BroughtMedia } from './brought-media.ts';
import { recordIdOfDraft } from './draft-identity.ts';
import { countMedia } from './media-for-copy.ts';
import { placeQuarantine } from './place-quarantine.ts';
import { placeRecords } from './place-records.ts';
import { planBlocks } from './plan-blocks.ts';
import { recordVersions } from './record-versions.ts';
import { type CustodyReader, recordsInCustody } from './records-in-custody.ts';
import { type AddressedRecord, resolveGuests } from './resolve-guests.ts';
import { NO_LATE_MEDIA, type SupplyDependencies, supplyMedia } from './supply-media.ts';
import { writeBlocks } from './write-blocks.ts';

export type SegmentDependencies = {
  batches: Pick<Batches, 'intend' | 'intended' | 'dropStrays'>;
  vault: Pick<ObjectStore, 'delete'>;
  identifiers: IdentifierIndex;
  records: CustodyReader;
  blocks: BlockWriter;
  consents: Pick<ConsentStore, 'record'>;
  region: RegionConfig;
  /** What adds media to records of earlier batches; where no media come in, nothing is needed. */
  supply?: Omit<SupplyDependencies, 'records'>;
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
    /** What the importer rejected of this segment, to be kept for correction. */
    quarantine?: readonly QuarantinedLine[];
    /** What came along with the batch; null where no media did. */
    media?: BroughtMedia | null;
  },
  dependencies: SegmentDependencies,
): Promise<SegmentResult> {
  const { batch, indexKey, now, beforeEach, media = null, quarantine = [] } = context;
  const { batches, identifiers, records, blocks, consents, vault, region } = dependencies;
  const hotel = hotelOf(region, batch.hotel);
  const authoritative = region.authoritativeSources.includes(batch.source);
  const resolution = await resolveGuests(drafts, {
    batch,
    authoritative,
    place: { hotel: hotel.code, country: hotel.country },
    ownNames: hotel.ownNames ?? [],
    indexKey,
    identifiers,
    now,
  });
  const messages = byRecordId(
    resolution.addressed,
    // Worked out as the drafts were read, so that no content waits for the end of the segment.
    (draft) => draft.recordId ?? recordIdOfDraft(indexKey, batch, draft),
  );

  // What an attempt at this very segment put before it crashed: written again where it belongs, not compared with.
  const ownAttempt = await batches.intended(batch);
  const versions = recordVersions(messages.keys());
  const membersOf = async (guestId: string): Promise<Iterable<string>> =>
    authoritative ? identifiers.members(guestId) : [guestId];
  const inCustody = await recordsInCustody(messages, {
    batch,
    ownAttempt,
    fresh: resolution.fresh,
    membersOf,
    records,
    versions,
    beforeEach,
  });
  const placing = placeRecords(messages, {
    batch,
    indexKey,
    region,
    now,
    inCustody,
    versions,
    media,
    beforeEach,
  });
  const notTaken = [...resolution.rejected, ...placing.rejected];
  const quarantined = await placeQuarantine(
    { lines: quarantine, drafts: notTaken },
    {
      batch,
      indexKey,
      region,
      identifiers,
    },
  );

  const plans = planBlocks([...placing.placed, ...quarantined], {
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
  /** Lines by record, of which a copy was to go into a period that is deleted. */
  const shredded = new Map<string, number>();
  /** Facts whose records are in custody. */
  const proven = new Set<string>();
  await writeBlocks(plans, { blocks, zone: hotel.zone, beforeEach }, (plan, outcome) => {
    for (const { recordId, line } of plan.records) {
      if (plan.recordClass === 'quarantine') {
        if (outcome === 'written') inQuarantine.add(recordId);
      } else if (outcome === 'written') {
        kept.add(recordId);
        for (const { factId, guestId } of placing.consents.get(recordId) ?? []) {
          if (guestId === plan.guestId) proven.add(factId);
        }
      } else {
        shredded.set(recordId, line);
      }
    }
  });
  await batches.dropStrays(batch, strays, vault, hotel.zone);
  // A fact is proven by its record: where that isn't kept, nothing is stated by it. In the order in which it was said.
  for (const fact of [...placing.consents.values()].flat()) {
    if (!proven.delete(fact.factId)) continue;
    await consents.record(fact, { at: now, actor: fact.by, data: { batchId: batch.batchId } });
  }

  const { supply } = dependencies;
  const late =
    media === null || supply === undefined
      ? NO_LATE_MEDIA
      : await supplyMedia(
          placing.late,
          { batch, media, zone: hotel.zone, now, beforeEach, membersOf },
          { ...supply, records },
        );
  const rejected = notTaken.map(({ draft, reason }) => ({ line: draft.line, reason }));
  for (const [recordId, line] of shredded) {
    if (!kept.has(recordId)) rejected.push({ line, reason: 'period-deleted' });
  }
  return {
    accepted: kept.size,
    // Some repeat an earlier one of this segment.
    duplicates: resolution.addressed.length - messages.size + placing.duplicates,
    conflicts: [...kept].filter((recordId) => placing.conflicting.has(recordId)).length,
    rejected: rejected.sort((a, b) => a.line - b.line),
    blocks: plans.filter(({ recordClass }) => recordClass !== 'quarantine').length,
    quarantined: quarantined.filter(({ record }) => inQuarantine.has(record.recordId)).length,
    media: {
      ...countMedia(placing.placed, kept),
      ...(late.supplied > 0 ? { supplied: late.supplied } : {}),
      ...(late.undeclared > 0 ? { undeclared: late.undeclared } : {}),
      ...(late.notTaken > 0 ? { notTaken: late.notTaken } : {}),
    },
  };
}

/** Each record once: the first of those that say the same. */
function byRecordId(
  addressed: readonly AddressedRecord[],
  idOf: (draft: DraftRecord) => string,
): Map<string, AddressedRecord> {
  const messages = new Map<string, AddressedRecord>();
  for (const message of addressed) {
    const recordId = idOf(message.draft);
    if (!messages.has(recordId)) messages.set(recordId, message);
  }
  return messages;
}
