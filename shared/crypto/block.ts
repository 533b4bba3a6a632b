import { hash, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '../domain/limits.ts';
import { compressibleAt } from './block-columns.ts';
import { BLOCK_DICTIONARY } from './block-dictionary.ts';
import { BLOCK_PHRASES } from './block-phrases.ts';
import { pack, unpack } from './padding.ts';
import { encodeHeader, type HeaderField, readHeader } from './sealed-header.ts';
import { SealedFormatError, WrongSealedObjectError } from './sealed-object-error.ts';
import { openUnder, sealUnder } from './suite.ts';

const MAGIC = 'DKB1';
/**
 * 2: compressed with a dictionary, and its records leave out what the index and defaults say. 3: records in columns, ids in
 * bytes, the index bound without its digest being stored. 1 and 2 are read, not written.
 */
const VERSIONS = [1, 2, 3] as const;
export type BlockVersion = (typeof VERSIONS)[number];
const CURRENT = 3 satisfies BlockVersion;
const DIGEST_BYTES = 32;
/** A block is closed once it reaches its size; its last record may be one line, whole in the original and escaped in JSON. */
export const LARGEST_PLAINTEXT_BYTES = LIMITS.blockPlaintextBytes + 8 * LIMITS.lineBytes;

/** What is longer says enough to refer back to; what was compressed without the dictionary opens with it. */
const LONGEST_WITH_DICTIONARY = 16 * 1024;

/** Where a block belongs, and under which key it lies. `keyId` and `keyVersion` are the guest key's. */
export type BlockPlace = {
  keyId: string;
  keyVersion: number;
  hotel: string;
  conversationId: string;
  blockId: string;
  recordClass: string;
};

/** What a block's header says: its place, the length of its plaintext, and, before version 3, the digest of its index. */
export type BlockHeader = BlockPlace & {
  version: BlockVersion;
  plaintextLength: number;
  indexDigest: Uint8Array | null;
};

/**
 * Seals a block under its guest's key: compressed, padded, encrypted (docs/formats/block.md). `index` is the block's
 * index as it stands in the block's row; the block authenticates it. `plaintext` is of columns (block-columns.ts).
 */
export function sealBlock(input: {
  key: Uint8Array;
  place: BlockPlace;
  index: Uint8Array;
  plaintext: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  if (input.plaintext.length > LARGEST_PLAINTEXT_BYTES) {
    throw new RangeError('A block is larger than blocks may be');
  }
  return sealPackedBlock({
    key: input.key,
    header: { ...input.place, plaintextLength: input.plaintext.length },
    index: input.index,
    packed: packColumns(input.plaintext),
  });
}

/** Columns, what compresses of them compressed, and padded. */
export function packColumns(plaintext: Uint8Array): Buffer {
  const start = compressibleAt(plaintext);
  const dictionary = plaintext.length - start <= LONGEST_WITH_DICTIONARY ? BLOCK_PHRASES : undefined;
  return pack(plaintext, dictionary, start);
}

/** Seals content that is compressed and padded already. `salt` is for test vectors alone. */
export function sealPackedBlock(input: {
  key: Uint8Array;
  header: BlockPlace & { plaintextLength: number };
  index: Uint8Array;
  packed: Uint8Array;
  salt?: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  const digest = hash('sha256', input.index, 'buffer');
  return sealUnder(input.key, encodeBlockHeader(input.header), input.packed, input.salt, digest);
}

/**
 * The plaintext of a block that must be the one at `place` with this `index`.
 * Throws SealedFormatError, WrongSealedObjectError (another block, hotel, guest key …), KeyCommitmentError (another index,
 * too), TamperedError, SealedContentError.
 */
export function openBlock(input: {
  key: Uint8Array;
  place: BlockPlace;
  index: Uint8Array;
  sealed: Uint8Array;
}): Buffer {
  const { header, length } = readBlockHeader(input.sealed);
  for (const [field, there, asked] of [
    ['hotel', header.hotel, input.place.hotel],
    ['block', header.blockId, input.place.blockId],
    ['conversation', header.conversationId, input.place.conversationId],
    ['class', header.recordClass, input.place.recordClass],
    ['guest key', header.keyId, input.place.keyId],
    ['guest key version', header.keyVersion, input.place.keyVersion],
  ] as const) {
    if (there !== asked) throw new WrongSealedObjectError(field);
  }
  const digest = hash('sha256', input.index, 'buffer');
  if (header.indexDigest === null) {
    const content = openUnder(input.key, input.sealed, length, digest);
    return unpack(content, header.plaintextLength, BLOCK_PHRASES, compressibleAt);
  }
  if (!timingSafeEqual(header.indexDigest, digest)) throw new WrongSealedObjectError('index');
  const dictionary = header.version === 1 ? undefined : BLOCK_DICTIONARY;
  return unpack(openUnder(input.key, input.sealed, length), header.plaintextLength, dictionary);
}

const KEY = 'gk_';
const CONVERSATION = 'cnv_';
const BLOCK = 'blk_';

function encodeBlockHeader(header: BlockPlace & { plaintextLength: number }): Buffer {
  const fields: HeaderField[] = [
    { kind: 'id', prefix: KEY, value: header.keyId },
    { kind: 'u32', value: header.keyVersion },
    { kind: 'text', value: header.hotel },
    { kind: 'id', prefix: CONVERSATION, value: header.conversationId },
    { kind: 'id', prefix: BLOCK, value: header.blockId },
    { kind: 'text', value: header.recordClass },
    { kind: 'u32', value: header.plaintextLength },
  ];
  return encodeHeader(MAGIC, fields, CURRENT);
}

/** The header of a sealed block and its length in bytes; not yet authenticated. Throws SealedFormatError. */
export function readBlockHeader(sealed: Uint8Array): { header: BlockHeader; length: number } {
  const read = readHeader(MAGIC, sealed, VERSIONS);
  const id = read.version === 3 ? read.id : () => read.text();
  const header = {
    version: read.version,
    keyId: id(KEY),
    keyVersion: read.u32(),
    hotel: read.text(),
    conversationId: id(CONVERSATION),
    blockId: id(BLOCK),
    recordClass: read.text(),
    plaintextLength: read.u32(),
    indexDigest: read.version === 3 ? null : read.bytes(DIGEST_BYTES),
  };
  read.end();
  if (header.plaintextLength > LARGEST_PLAINTEXT_BYTES) {
    throw new SealedFormatError('The block says that it is larger than blocks may be');
  }
  return { header, length: read.length };
}
