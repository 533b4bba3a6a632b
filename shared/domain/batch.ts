import { z } from 'zod';
import { heldNumbersSchema, NO_NUMBERS } from './held-numbers.ts';
import { CATEGORIES, SOURCES } from './record.ts';

/** `uploading` → `received` → `ingesting` → `committed` | `failed`. Only blocks of a committed batch are visible. */
export const BATCH_STATES = ['uploading', 'received', 'ingesting', 'committed', 'failed'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

/** Why a batch was given up for good. */
export const BATCH_FAILURES = [
  /** The upload was never completed. */
  'upload-abandoned',
  /** What arrived has another length than was announced. */
  'size-differs',
  /** What arrived has another SHA-256 than was announced. */
  'digest-differs',
  /** The object is gone from the inbox. */
  'upload-missing',
  /** Attempt after attempt broke without getting any further. */
  'no-progress',
  /** What came beside the export (media, import profile) can't be read. */
  'companion-unreadable',
] as const;
export type BatchFailure = (typeof BATCH_FAILURES)[number];

/** What a batch lacks or holds unread, counted while it is read. Codes and counts only. */
export const batchCompletenessSchema = z.object({
  /**
   * Messages that the platform numbered and that neither the file has nor what was in custody before it, and the first ranges
   * of their numbers. `atMost`: of numbers so long ago that it isn't known any more which of them are in custody.
   */
  sequenceGaps: z.object({
    messages: z.number(),
    ranges: z.array(z.object({ from: z.string(), to: z.string() })),
    /** The lowest and the highest number that the file has; null where it has none. */
    first: z.string().nullable().default(null),
    last: z.string().nullable().default(null),
    atMost: z.literal(true).optional(),
    /**
     * Numbers that were not in custody, between the highest that was in custody of this hotel and source when the batch was
     * committed and the lowest of this file; null where there are none. A file that comes later may have them. `ranges`:
     * the first of them, where some in between are in custody.
     */
    sinceLastBatch: z
      .object({
        batchId: z.string(),
        from: z.string(),
        to: z.string(),
        messages: z.number(),
        ranges: z.array(z.object({ from: z.string(), to: z.string() })).optional(),
        atMost: z.literal(true).optional(),
      })
      .nullable()
      .default(null),
  }),
  /** Lines that were not read, since the file as a whole was rejected (an unknown header): absent where all were. */
  unreadLines: z.number().optional(),
  /** The file ends in the midst of an element. */
  truncated: z.boolean(),
  /** Types of message that the importer doesn't know, kept whole: how many of each. */
  unknownTypes: z.record(z.string(), z.number()),
  internalNotes: z.number(),
  /** Records to which the platform gave no usable time: no period of real dates contains them. Absent where there are none. */
  undated: z.number().optional(),
  media: z.object({
    present: z.number(),
    missing: z.number(),
    damaged: z.number(),
    reference: z.number(),
    /** Of those present, how many a later batch brought. Absent where there are none. */
    later: z.number().optional(),
    /** Of the later ones, how many of which the platform had declared no digest. Absent where there are none. */
    laterUndeclared: z.number().optional(),
    /** Media that came for records of earlier batches and were added to them. Absent where there are none. */
    supplied: z.number().optional(),
    /** Of the supplied ones, how many of which the platform had declared no digest. Absent where there are none. */
    undeclared: z.number().optional(),
    /** Media that came for such records, and that they have already in other bytes, or that are damaged. */
    notTaken: z.number().optional(),
  }),
  /** Rejected lines by reason. */
  rejectedBy: z.record(z.string(), z.number()),
});
export type BatchCompleteness = z.infer<typeof batchCompletenessSchema>;

/** What a batch lacks now that later ones brought so many of its media, by what had been said of them. */
export function withSupplied(
  completeness: BatchCompleteness,
  { suppliedMissing, suppliedReference, suppliedUndeclared }: SuppliedCounts,
): BatchCompleteness {
  const later = suppliedMissing + suppliedReference;
  if (later === 0) return completeness;
  const { media } = completeness;
  return {
    ...completeness,
    media: {
      ...media,
      present: media.present + later,
      missing: media.missing - suppliedMissing,
      reference: media.reference - suppliedReference,
      later,
      ...(suppliedUndeclared > 0 ? { laterUndeclared: suppliedUndeclared } : {}),
    },
  };
}

type SuppliedCounts = { suppliedMissing: number; suppliedReference: number; suppliedUndeclared: number };

export const NOTHING_LACKS: BatchCompleteness = {
  sequenceGaps: { messages: 0, ranges: [], first: null, last: null, sinceLastBatch: null },
  truncated: false,
  unknownTypes: {},
  internalNotes: 0,
  media: { present: 0, missing: 0, damaged: 0, reference: 0 },
  rejectedBy: {},
};

export const rejectedLineSchema = z.object({ line: z.number(), reason: z.string() });

/**
 * One upload on its way into custody. Ids, codes, counts and digests only: no plaintext personal data.
 * `fence` rises with each worker that takes the batch; a worker with an older one can change nothing any more.
 */
const rowSchema = z.object({
  batchId: z.string(),
  hotel: z.string(),
  source: z.enum(SOURCES),
  /** Category of records whose row doesn't say one. */
  category: z.enum(CATEGORIES),
  /** IANA zone of times that have none, or null. */
  timezone: z.string().nullable(),
  bytes: z.number(),
  /** SHA-256 that the uploader announced, 64 hex digits, or null. */
  announcedDigest: z.string().nullable(),
  parts: z.number(),
  uploadId: z.string(),
  /** Key in the inbox bucket: `hotel/source/batchId`. */
  objectKey: z.string(),
  /** What came beside the export, in an object of its own (`companionKey`); null where nothing did. */
  companion: z
    .object({
      bytes: z.number(),
      /** SHA-256 of its head, 64 hex digits: through the head's digests it stands for the media too. */
      announcedDigest: z.string(),
      parts: z.number(),
      uploadId: z.string(),
    })
    .nullable()
    .default(null),
  state: z.enum(BATCH_STATES),
  /** Person id of whoever uploads. */
  by: z.string(),
  /** Which of the person's LIMITS.openBatchesPerPerson places it takes until nothing is left to do for it. */
  slot: z.number().nullable().default(null),
  createdAt: z.string(),
  receivedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  fence: z.number(),
  leaseUntil: z.string().nullable(),
  /** Workers that took the batch since it last got further. */
  attempts: z.number(),
  /** SHA-256 of what arrived, `sha256:…`; null until it was read once. */
  digest: z.string().nullable(),
  checkpoint: z.object({
    segment: z.number(),
    line: z.number(),
    offset: z.number(),
    items: z.number().default(0),
    state: z.string().nullable().default(null),
  }),
  /**
   * Set where a segment failed time after time: how many items are tried at once until the line that breaks it is alone, and
   * how many of that segment are still to be tried.
   */
  isolating: z.object({ items: z.number(), left: z.number() }).nullable().default(null),
  /** How often the present segment broke while its process lived to say so. */
  broken: z.number().default(0),
  accepted: z.number(),
  duplicates: z.number(),
  /** Of the accepted, those that say something else than another version of the same message. */
  conflicts: z.number().default(0),
  /** All lines that were rejected; `rejected` lists the first LIMITS.rejectedLinesListed of them. */
  rejectedLines: z.number(),
  rejected: z.array(rejectedLineSchema),
  /** Counted when the batch is committed. */
  conversations: z.number(),
  guests: z.number(),
  blocks: z.number(),
  failure: z.enum(BATCH_FAILURES).nullable(),
  completeness: batchCompletenessSchema.default(NOTHING_LACKS),
  /** The platform's numbers of what it brought that is in custody, or was not to be collected. */
  numbers: heldNumbersSchema.default(NO_NUMBERS),
  /** Digest of what the batch committed to (shared/domain/batch-commitment.ts); null until it is committed. */
  commitment: z.string().nullable().default(null),
  /** Rejected lines kept for correction (shared/domain/quarantine.ts). */
  quarantined: z.number().default(0),
  /** Quarantined lines of this batch are what it reads again; null for a file of its own. */
  rerunOf: z.string().nullable().default(null),
  /** Digest of what the uploader said of the file (`--map`, profileDigest); null where nothing was said. */
  profile: z.string().nullable().default(null),
  /** The provider request (shared/domain/provider-request.ts) whose answer it is; null for any other export. */
  providerRequest: z.string().nullable().default(null),
  /** Media that later batches brought for its records, by what had been said of them. */
  suppliedMissing: z.number().default(0),
  suppliedReference: z.number().default(0),
  /** Of those, how many of which the platform had declared no digest. */
  suppliedUndeclared: z.number().default(0),
});

/** A batch as its row has it; what it says of its media counts those that came later. */
export const batchSchema = rowSchema.transform(
  ({ suppliedMissing, suppliedReference, suppliedUndeclared, ...batch }) => ({
    ...batch,
    completeness: withSupplied(batch.completeness, {
      suppliedMissing,
      suppliedReference,
      suppliedUndeclared,
    }),
  }),
);
export type Batch = Omit<z.infer<typeof rowSchema>, keyof SuppliedCounts>;

/** A batch as it is when its upload begins. */
export function newBatch(
  upload: Pick<
    Batch,
    | 'batchId'
    | 'hotel'
    | 'source'
    | 'category'
    | 'timezone'
    | 'bytes'
    | 'announcedDigest'
    | 'parts'
    | 'uploadId'
    | 'objectKey'
    | 'by'
    | 'createdAt'
  > &
    Partial<Pick<Batch, 'providerRequest' | 'companion'>>,
): Batch {
  return {
    companion: null,
    providerRequest: null,
    ...upload,
    state: 'uploading',
    slot: null,
    receivedAt: null,
    endedAt: null,
    fence: 0,
    leaseUntil: null,
    attempts: 0,
    digest: null,
    checkpoint: { segment: 0, line: 0, offset: 0, items: 0, state: null },
    isolating: null,
    broken: 0,
    profile: null,
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    rejectedLines: 0,
    rejected: [],
    conversations: 0,
    guests: 0,
    blocks: 0,
    failure: null,
    completeness: NOTHING_LACKS,
    numbers: NO_NUMBERS,
    commitment: null,
    quarantined: 0,
    rerunOf: null,
  };
}

/** The batch's key in the inbox bucket. */
export function inboxKey(hotel: string, source: string, batchId: string): string {
  return `${hotel}/${source}/${batchId}`;
}

/** Ends the key of what came beside an export: its arrival begins nothing. */
export const COMPANION_SUFFIX = '.companion';

/** The key in the inbox bucket of what came beside the batch's export. */
export function companionKey({ objectKey }: Pick<Batch, 'objectKey'>): string {
  return `${objectKey}${COMPANION_SUFFIX}`;
}

/** The batch's subject in the chain of custody. */
export function batchSubject(batchId: string): string {
  return `batch/${batchId}`;
}

/** Who acts where a batch is taken into custody: the function that gathered it, or the one that reads uploads. */
export function actingFor({ by }: Pick<Batch, 'by'>): string {
  return by.startsWith('function:') ? by : 'function:ingest';
}
