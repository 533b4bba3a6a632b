import type { Category, RecordClass, Source } from '../domain/record.ts';

/** A block's row: found by guest and time, by expiry period, by hotel and day. No plaintext personal data. */
export type BlockRow = {
  blockId: string;
  guestId: string;
  conversationId: string;
  hotel: string;
  platform: Source;
  categories: Category[];
  recordClass: RecordClass;
  /** Expiry period in the hotel's zone: `2026-11` or, for terms up to 90 days, `2026-11-21`. */
  period: string;
  /** ISO 8601 UTC of the first and last record. */
  from: string;
  to: string;
  records: number;
  bytes: number;
  /** Key of the object in the vault bucket: `hotel/class/period/blockId`. */
  objectKey: string;
  /** SHA-256 of the whole object. */
  objectDigest: string;
  batchId: string;
  /** Per record, sorted by time: id, time, category, commitment, in the binary form of shared/crypto/block-index.ts. */
  index: Uint8Array;
  /** Blind indexes of staff participants. */
  staff: string[];
  /** Ids of its records' media, each an object beside the block's; they go and stay with the block. */
  media?: string[] | undefined;
  /**
   * Per record with attachments, the state and salted commitment of each, in the binary form of
   * shared/crypto/media-marks.ts; absent where no record has any, and of blocks of before there were marks.
   */
  marks?: Uint8Array | undefined;
};

/** Blocks as they are found. Only blocks of committed batches are returned. */
export type RecordsIndex = {
  /** Every guest id that this blind index leads to (linked guests all count as one). */
  guestsOf(blindIndexes: string[]): Promise<string[]>;
  /** Every guest id that stands for the same person, this one included. */
  members(guestId: string): Promise<string[]>;
  /** Those of these batches that were committed. */
  committedBatches(batchIds: readonly string[]): Promise<Set<string>>;
  blocksOf(guestId: string, from: Date, to: Date): Promise<BlockRow[]>;
  /** Blocks with records of this day of the hotel (`2026-11-21`, in its zone), whoever's. */
  blocksOfDay(hotel: string, day: string): Promise<BlockRow[]>;
  blocksOfPeriod(hotel: string, recordClass: RecordClass, period: string): Promise<BlockRow[]>;
};
