import { timingSafeEqual } from 'node:crypto';
import type { StoredRecord } from '../domain/record.ts';
import { type BlockPlace, openBlock, readBlockHeader, sealBlock } from './block.ts';
import { decodeBlockContent, encodeBlockContent } from './block-content.ts';
import { type BlockIndexEntry, decodeBlockIndex, encodeBlockIndex, inIndexOrder } from './block-index.ts';
import { recordCommitments } from './record-commitment.ts';
import { SealedContentError } from './sealed-object-error.ts';

/** Seals a run of one conversation's records: the object for the vault, the index for the block's row. */
export function sealRecords(input: {
  key: Uint8Array;
  place: BlockPlace;
  records: readonly StoredRecord[];
}): {
  sealed: Uint8Array<ArrayBuffer>;
  index: Uint8Array;
  entries: BlockIndexEntry[];
  plaintextBytes: number;
} {
  const { commitmentOf } = recordCommitments(input.key);
  const sorted = input.records
    .map((record) => ({ record, at: new Date(record.at), recordId: record.recordId }))
    .sort(inIndexOrder);
  const entries = sorted.map(({ record, at }) => ({
    recordId: record.recordId,
    at,
    category: record.category,
    commitment: commitmentOf(record.recordId, record.original),
  }));
  const index = encodeBlockIndex(entries);
  const plaintext = encodeBlockContent(sorted.map(({ record }) => record));
  const sealed = sealBlock({ key: input.key, place: input.place, index, plaintext });
  return { sealed, index, entries, plaintextBytes: plaintext.length };
}

/**
 * The records of a block, with the ids, times and categories of its index, each checked against the commitment to its
 * original bytes there. Throws what `openBlock` throws.
 */
export function openRecords(input: {
  key: Uint8Array;
  place: BlockPlace;
  index: Uint8Array;
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
  return records;
}
