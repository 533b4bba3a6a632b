import type { ConsentState } from '../domain/consent.ts';
import type { Category, Identifier, Source, StoredRecord } from '../domain/record.ts';
import type { ImportProfile } from './import-profile.ts';

/** One conversation in which a record belongs: the platform's own key of it, and by what its guest is found. */
export type Placement = {
  /** Unique within source and hotel. Plaintext personal data: only its keyed form is ever stored outside a block. */
  conversation: string;
  /** Empty where the row names no guest: the conversation's guest is meant then. */
  identifiers: Identifier[];
};

/** A place in the file: physical lines and bytes read so far. */
export type Position = { line: number; offset: number };

/** Where reading goes on after a checkpoint. It is kept in the batch's row, so nothing personal may stand in it. */
export type ResumePoint = Position & {
  /** How many items of the document that begins here were given already: a document is read from its beginning again. */
  items: number;
  /** What the importer must know to go on (columns of a header, a day order), at most LIMITS.importStateCharacters. */
  state: string | null;
};

/** A medium that a record refers to. Ingest finds it among those that came with the batch, and says what became of it. */
export type DraftAttachment = Omit<
  StoredRecord['attachments'][number],
  'state' | 'mediaId' | 'found' | 'ending'
> & {
  /** By what it may be found: the platform's id of it, or its file name. Empty where the platform gives neither. */
  refs: string[];
};

/** A record as it was found: normalised, with its original bytes; ids and keys are given to it by ingest. */
export type DraftRecord = {
  kind: 'record';
  /** Physical line, from 1, on which the record begins. */
  line: number;
  /** The number that the platform gave it, where it counts its messages: what is in custody is told from what lacks by it. */
  number?: bigint;
  /** Its place among the items that begin on this line, or among those of one push; set by whoever reads the file, absent for the first. */
  ordinal?: number;
  /** After this record: where reading goes on. */
  end: ResumePoint;
  /** Which record it is, once that is known: ingest sets it. */
  recordId?: string;
  /** The platform's own id of the message; null where it gives none. */
  sourceMessageId: string | null;
  /** The platform's own id of the message that this one takes back (a recall, an unsend). */
  recalls: string | null;
  /** The platform's own id of the message in whose place this one stands. */
  edits: string | null;
  placements: [Placement, ...Placement[]];
  /** Staff participants as `platform:ID`, the form of a person's `accounts` in the directory. */
  staff: string[];
  at: Date;
  /** False where the platform gave no usable time; `at` is then 1970-01-01 as the platform wrote it. */
  timeKnown: boolean;
  /**
   * The time is that of something planned (an arrival), which may lie ahead: the record is then kept under the time of its
   * receipt. Which record it is still goes by the planned time, so that the same row is the same record whenever it comes.
   */
  planned?: true;
  /** Null where the row doesn't say: the batch's category is meant then. */
  category: Category | null;
  from: StoredRecord['from'];
  text: string;
  attachments: DraftAttachment[];
  /** Whether the platform says that what stands here was changed after it was sent. */
  edited: boolean;
  /** A note of staff to staff about a guest: kept, and never a guest's words. */
  internal: boolean;
  sourceType: string;
  /** False for a type of message that the importer doesn't know: it is kept whole, and counted. */
  typeKnown: boolean;
  /** Where the message itself gives, refuses or withdraws consent. */
  consent?: SaidConsent;
  /** What the message says in a form that is the same in whatever file it comes (docs/formats/block.md). */
  content: string;
  original: Uint8Array;
};

/** What a message says about consent to the collection of this source's records (R8). */
export type SaidConsent = {
  state: ConsentState;
  /** The employees' accounts with whom alone conversations are meant, `platform:ID`; empty: all. */
  staff: string[];
  at: Date;
};

/** What an importer makes of one element of a file; where it stands is known to whoever reads the file. */
export type Draft = Omit<DraftRecord, 'kind' | 'line' | 'end' | 'original' | 'recordId'>;

/** What an importer says where nothing out of the ordinary was found. */
export const PLAIN_DRAFT = {
  recalls: null,
  edits: null,
  staff: [],
  timeKnown: true,
  category: null,
  attachments: [],
  edited: false,
  internal: false,
  typeKnown: true,
} as const satisfies Partial<Draft>;

/**
 * `reason` is a code such as `not-json` or `missing-field:msgid`; it never repeats a word of the line. `original` is what
 * goes into quarantine: at most LIMITS.lineBytes of it, `bytes` as long as it was.
 */
export type RejectedLine = {
  kind: 'rejected';
  line: number;
  end: ResumePoint;
  reason: string;
  original: Uint8Array;
  bytes: number;
  number?: bigint;
  /** Nothing of it may be kept (R7), wherever it came from: `original` is empty, and only its reason and length stay. */
  withheld?: true;
};

/** What carries no record: an empty line, a header, a receipt, an event of the platform. */
export type SkippedLine = { kind: 'skipped'; line: number; end: ResumePoint };

/** Something that the file lacks, and that its completeness states. */
export type ObservedLack = {
  kind: 'lack';
  line: number;
  end: ResumePoint;
  lack: /** Numbers that the platform gave and the file doesn't have: the first and the last of them. */
    | { kind: 'sequence-gap'; from: bigint; to: bigint }
    /** The file ends in the midst of an element. */
    | { kind: 'truncated' }
    /** Not a lack of this file: its lowest and highest number, by which a lack between two files is found. */
    | { kind: 'sequence-span'; from: bigint; to: bigint };
};

export type Item = DraftRecord | RejectedLine | SkippedLine | ObservedLack;

export const BEGINNING: ResumePoint = { line: 0, offset: 0, items: 0, state: null };

export type ImportOptions = {
  /** IANA zone of times that have none; null where such times are to be rejected. */
  timezone: string | null;
  /** What the uploader says about the file (`--map`); null where nothing is said. */
  profile: ImportProfile | null;
  /** Names under which the hotel itself speaks on platforms that name the speaker alone. */
  ownNames: readonly string[];
  /** Accounts that the directory knows as staff, `platform:ID`; asked for only where an id's shape doesn't tell. */
  staffAccounts: () => Promise<ReadonlySet<string>>;
};

/** The zone of times that have none: what the uploader says about the file, else what holds for the upload. */
export function zoneOf({ profile, timezone }: ImportOptions): string | null {
  return profile?.timezone ?? timezone;
}

/** The hotel's names, of the region's configuration and of the profile, as they are written there. */
export function writtenOwnNames({ ownNames, profile }: ImportOptions): string[] {
  return [...ownNames, ...(profile?.ownNames ?? [])];
}

/**
 * One source's format. `read` is a streaming parser: bytes from `from.offset` in, items out in the order of the file.
 * Its memory is bounded by LIMITS, and it never throws for what the bytes hold: a bad line is an item of its own.
 * Whoever goes on from an item's `end` gets the items after it, the same as in one reading.
 */
export type Importer = {
  source: Source;
  /** Columns that a mapping may name (`columns`, `values` of `--map`); absent where no file of this source is a table. */
  columns?: readonly string[];
  /**
   * What can only be known of the whole file, such as the order of day and month: read once before the first item; what it
   * returns is the `state` with which reading begins.
   */
  survey?(bytes: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<string | null>;
  read(bytes: AsyncIterable<Uint8Array>, from: ResumePoint, options: ImportOptions): AsyncGenerator<Item>;
  /**
   * The same items, many at a time: to wait for each costs more than to read it. For sources whose files are long; where it
   * is left out they come one by one.
   */
  readRuns?(
    bytes: AsyncIterable<Uint8Array>,
    from: ResumePoint,
    options: ImportOptions,
  ): AsyncGenerator<readonly Item[]>;
};

/** Items of a run at most, however short they are. */
export const RUN_ITEMS = 64;
