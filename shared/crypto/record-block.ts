import { timingSafeEqual } from 'node:crypto';
import type { StoredRecord } from '../domain/record.ts';
import { type BlockPlace, openBlock, readBlockHeader, sealBlock } from './block.ts';
import { decodeBlockContent, encodeBlockContent } from './block-content.ts';
import { type BlockIndexEntry, decodeBlockIndex, encodeBlockIndex } from './block-index.ts';
import { encodeMediaMarks } from './media-marks.ts';
import { mediumCommitments } from './medium-commitment.ts';
import { recordCommitments } from './record-commitment.ts';
import { inRecordOrder } from './record-order.ts';
import { SealedContentError } from './sealed-object-error.ts';

/** Seals a run of one conversation's records: the object for the vault, the index and the media's marks for the block's row. */
export function sealRecords(input: {
  key: Uint8Array;
  place: BlockPlace;
  records: readonly StoredRecord[];
}): {
  sealed: Uint8Array<ArrayBuffer>;
  index: Uint8Array;
  /** Null where no record has attachments. */
  marks: Uint8Array | null;
  entries: BlockIndexEntry[];
  plaintextBytes: number;
} {
  const { commitmentOf } = recordCommitments(input.key);
  const sorted = [...input.records].sort(inRecordOrder);
  const entries = sorted.map((record) => ({
    recordId: record.recordId,
    at: new Date(record.at),
    category: record.category,
    commitment: commitmentOf(record.recordId, record.original),
  }));
  const index = encodeBlockIndex(entries);
  const marks = mediaMarksOf(input.key, sorted);
  const { plaintext, bytes } = encodeBlockContent(sorted, entries);
  const sealed = sealBlock({ key: input.key, place: input.place, index, plaintext });
  return { sealed, index, marks, entries, plaintextBytes: bytes };
}

function mediaMarksOf(key: Uint8Array, records: readonly StoredRecord[]): Uint8Array | null {
  const { marksOf } = mediumCommitments(key);
  return encodeMediaMarks(records.map(marksOf));
}

/**
 * The records of a block, with the ids, times and categories of its index, each checked against the commitment to its
 * original bytes there, and its attachments against the marks of the row, where the row has any (rows of before have none).
 * Throws what `openBlock` throws.
 */
export function openRecords(input: {
  key: Uint8Array;
  place: BlockPlace;
  index: Uint8Array;
  marks?: Uint8Array | undefined;
  sealed: Uint8Array;
}): StoredRecord[] {
  const entries = decodeBlockIndex(input.index);
  const plaintext = openBlock(input);
  const records = decodeBlockContent(plaintext, readBlockHeader(input.sealed).header.version, entries);
  const { commitmentOf } = recordCommitments(input.key);
  if (records.length !== entries.length) {
    throw new SealedContentError('The block has fewer records than its index');
  }
  for (const [position, { recordId, original }] of records.entries()) {
    const commitment = Buffer.from(entries[position]?.commitment ?? '', 'hex');
    if (!timingSafeEqual(commitment, Buffer.from(commitmentOf(recordId, original), 'hex'))) {
      throw new SealedContentError('A record of the block is not the one in its index');
    }
  }
  if (input.marks !== undefined) {
    const own = mediaMarksOf(input.key, records);
    if (own === null || Buffer.compare(own, input.marks) !== 0) {
      throw new SealedContentError('The media of the block are not the ones that its row names');
    }
  }
  return records;
}
