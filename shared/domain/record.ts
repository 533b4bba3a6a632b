import { z } from 'zod';
import { FILE_ENDINGS } from './file-ending.ts';

/** Source platforms (docs/sources.md). `BUILT_SOURCES` in shared/sources says which have an importer. */
export const SOURCES = [
  'wecom',
  'wechat-official',
  'wechat-kf',
  'miniprogram',
  'weibo',
  'booking',
  'expedia',
  'ctrip',
  'whatsapp',
  'line',
  'crm-salesforce',
  'crm-zendesk',
  'pms-opera',
  'pms-csv',
  'internal',
  'ai-connect',
  'ai-lex',
  'call-recording',
  'keycard',
  'stay',
  'workgroup',
] as const;
export type Source = (typeof SOURCES)[number];

/** Record categories (RULES "Terms"). */
export const CATEGORIES = [
  'enquiry',
  'complaint',
  'dispute',
  'complaint-plan',
  'abnormal-ticket',
  'service-rating',
  'crisis-report',
  'call-recording',
  'cctv',
  'ai-service',
  'key-card',
  'stay',
  'employee',
  'system',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Retention classes: how long, and in which periods, records are kept (RULES D1, D2, D10). Terms are in the regions file. */
export const RECORD_CLASSES = [
  'ordinary',
  'major-complaint',
  'key-card',
  'stay',
  'ai-service',
  /** Rejected lines, kept for correction: never anybody's records (shared/domain/quarantine.ts). */
  'quarantine',
] as const;
export type RecordClass = (typeof RECORD_CLASSES)[number];

export function recordClassOf(category: Category): RecordClass {
  switch (category) {
    case 'key-card':
    case 'stay':
    case 'ai-service':
      return category;
    case 'call-recording':
    case 'dispute':
      return 'major-complaint';
    default:
      return 'ordinary';
  }
}

/** Identifiers by which a guest is found; `value` is normalised before it is indexed (shared/crypto/blind-index.ts). */
export const IDENTIFIER_KINDS = [
  'phone',
  'email',
  'wecom',
  'wechat',
  'weibo',
  'booking',
  'name-and-room',
  'document',
  /** User id of LINE. */
  'line',
  /** Contact or requester of a CRM. */
  'crm',
  /** A ticket, case, call or contact of a service system, where nothing else tells whose it is. */
  'ticket',
  /** A key card or its holder in the lock system. */
  'card',
  /** An employee's account, `platform:ID`, in records of employees' own talk. */
  'employee',
] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];
/** `issuer`: whose number it is, where the kind alone doesn't say (shared/domain/identifier-issuer.ts). */
export type Identifier = { kind: IdentifierKind; value: string; issuer?: string | undefined };

/**
 * One normalised record as it lies encrypted in a block, beside its original bytes.
 * Plaintext personal data: never logged, never stored outside a block or a package.
 */
export const storedRecordSchema = z.object({
  recordId: z.string().regex(/^[0-9a-f]{32}$/),
  platform: z.enum(SOURCES),
  category: z.enum(CATEGORIES),
  /** ISO 8601 UTC with milliseconds. */
  at: z.string(),
  /** False where the platform gave no usable time; `at` then is 1970-01-01, or as the platform wrote it. */
  timeKnown: z.boolean().default(true),
  from: z.object({
    role: z.enum(['guest', 'staff', 'robot', 'system']),
    id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  text: z.string(),
  attachments: z.array(
    z.object({
      name: z.string().nullable(),
      mediaType: z.string().nullable(),
      bytes: z.number().nullable(),
      digest: z.string().nullable(),
      /** `reference`: nothing was brought along to look in; `missing`: it wasn't among what was. */
      state: z.enum(['present', 'missing', 'damaged', 'reference']),
      /** The medium's object in the vault (docs/formats/block.md); null where none came. */
      mediaId: z.string().nullable().default(null),
      /** What came and was sealed, whatever the platform declared: its length and SHA-256 (`sha256:…`). */
      found: z.object({ bytes: z.number(), digest: z.string() }).nullable().default(null),
      /** What kind of file came, by its name or its first bytes; absent where they don't say. */
      ending: z.enum(FILE_ENDINGS).optional(),
      /** The batch that brought the medium, where it came after its record. */
      suppliedBy: z.string().optional(),
    }),
  ),
  /** Whether the platform says that what stands here was changed after it was sent. */
  edited: z.boolean(),
  /** A note of staff to staff about a guest: never a guest's words. */
  internal: z.boolean().default(false),
  /**
   * The message that this one takes back, where it is a recall: the first half of the ids of all its versions
   * (shared/domain/message-of.ts). The original stays; the package shows both.
   */
  recalls: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable(),
  /** The message in whose place this one stands, in the same form. */
  edits: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable()
    .default(null),
  /** The batch that it came with, where its block is not of that batch: blocks are merged. */
  batchId: z.string().nullable().default(null),
  /** What the platform calls this message's type; types that the importer doesn't know are kept whole in the original. */
  sourceType: z.string(),
  /** The line of its file on which it begins; of a pushed message, its place among those that were sealed with it. */
  line: z.number().int().min(1),
  /** Its place among the records that begin on one line; those of one line stand in this order, with gaps where some are none. */
  ordinal: z.number().int().min(0).default(0),
  /** The record's original bytes. */
  original: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});
export type StoredRecord = z.infer<typeof storedRecordSchema>;

/** What a record says of itself where nothing is out of the ordinary. */
export const PLAIN_RECORD = {
  attachments: [],
  edited: false,
  internal: false,
  recalls: null,
  edits: null,
  batchId: null,
  ordinal: 0,
  timeKnown: true,
} satisfies Partial<StoredRecord>;
