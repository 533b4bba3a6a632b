import type { Category, Identifier, Source, StoredRecord } from '../domain/record.ts';

/** One conversation in which a record belongs: the platform's own key of it, and by what its guest is found. */
export type Placement = {
  /** Unique within source and hotel. Plaintext personal data: only its keyed form is ever stored outside a block. */
  conversation: string;
  /** Empty where the row names no guest: the conversation's guest is meant then. */
  identifiers: Identifier[];
};

/** A place in the file: physical lines and bytes read so far. */
export type Position = { line: number; offset: number };

/** A record as it was found: normalised, with its original bytes; ids and keys are given to it by ingest. */
export type DraftRecord = {
  kind: 'record';
  /** Physical line, from 1, on which the record begins. */
  line: number;
  /** After this record and its line ending: where reading goes on. */
  end: Position;
  /** The platform's own id of the message; null where it gives none. */
  sourceMessageId: string | null;
  /** The platform's own id of the message that this one takes back. */
  recalls: string | null;
  placements: [Placement, ...Placement[]];
  /** Staff participants as `platform:ID`, the form of a person's `accounts` in the directory. */
  staff: string[];
  at: Date;
  /** False where the platform gave no usable time; `at` is then 1970-01-01 as the platform wrote it. */
  timeKnown: boolean;
  /** Null where the row doesn't say: the batch's category is meant then. */
  category: Category | null;
  from: StoredRecord['from'];
  text: string;
  attachments: StoredRecord['attachments'];
  sourceType: string;
  /** What the message says in a form that is the same in whatever file it comes (docs/formats/block.md). */
  content: string;
  original: Uint8Array;
};

/** `reason` is a code such as `not-json` or `missing-field:msgid`; it never repeats a word of the line. */
export type RejectedLine = { kind: 'rejected'; line: number; end: Position; reason: string };

/** A line that carries nothing. */
export type SkippedLine = { kind: 'skipped'; line: number; end: Position };

/** A header: the names of the columns that are known, null for the others. */
export type HeaderLine = { kind: 'header'; line: number; end: Position; columns: (string | null)[] };

export type Item = DraftRecord | RejectedLine | SkippedLine | HeaderLine;

/** Where reading goes on after a checkpoint. `columns` is what a header said, for formats that have one. */
export type ResumePoint = Position & { columns: (string | null)[] | null };

export const BEGINNING: ResumePoint = { line: 0, offset: 0, columns: null };

export type ImportOptions = {
  /** IANA zone of times that have none; null where such times are to be rejected. */
  timezone: string | null;
  /** Accounts that the directory knows as staff, `platform:ID`; asked for only where an id's shape doesn't tell. */
  staffAccounts: () => Promise<ReadonlySet<string>>;
};

/**
 * One source's format. `read` is a streaming parser: bytes from `from.offset` in, items out in the order of the file.
 * Its memory is bounded by LIMITS, and it never throws for what the bytes hold: a bad line is an item of its own.
 */
export type Importer = {
  source: Source;
  /** Whether the source's structured fields may link identifiers to one guest (a source of record, not a chat). */
  linksIdentifiers: boolean;
  read(bytes: AsyncIterable<Uint8Array>, from: ResumePoint, options: ImportOptions): AsyncGenerator<Item>;
};
