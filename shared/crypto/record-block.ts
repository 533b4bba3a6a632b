import { timingSafeEqual } from 'node:crypto';
import type { StoredRecord } from '../domain/record.ts';
import { type BlockPlace, openBlock, sealBlock } from './block.ts';
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
    commitment: commitmentOf(record.recordId, Buffer.from(record.original, 'base64')),
  }));
  const index = encodeBlockIndex(entries);
  const plaintext = encodeBlockContent(sorted.map(({ record }) => record));
  const sealed = sealBlock({ key: input.key, place: input.place, index, plaintext });
  return { sealed, index, entries, plaintextBytes: plaintext.length };
}

/**
 * The records of a block, each checked against the index: same records, same order, same times and categories, and the
 * original bytes that the commitment stands for. Throws what `openBlock` throws.
 */
export function openRecords(input: {
  key: Uint8Array;
  place: BlockPlace;
  index: Uint8Array;
  sealed: Uint8Array;
}): StoredRecord[] {
  const entries = decodeBlockIndex(input.index);
  const found = decodeBlockContent(openBlock(input));
  const { commitmentOf } = recordCommitments(input.key);
  if (found.length !== entries.length) {
    throw new SealedContentError('The block has more or fewer records than its index');
  }
  return found.map(({ record, original }, position) => {
    const entry = entries[position];
    if (
      entry?.recordId !== record.recordId ||
      entry.at.toISOString() !== record.at ||
      entry.category !== record.category ||
      !timingSafeEqual(
        Buffer.from(entry.commitment, 'hex'),
        Buffer.from(commitmentOf(record.recordId, original), 'hex'),
      )
    ) {
      throw new SealedContentError('A record of the block is not the one in its index');
    }
    return record;
  });
}
