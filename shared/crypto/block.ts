import { hash, timingSafeEqual } from 'node:crypto';
import { LIMITS } from '../domain/limits.ts';
import { BLOCK_DICTIONARY } from './block-dictionary.ts';
import { pack, unpack } from './padding.ts';
import { encodeHeader, type HeaderField, readHeader } from './sealed-header.ts';
import { SealedFormatError, WrongSealedObjectError } from './sealed-object-error.ts';
import { openUnder, sealUnder } from './suite.ts';

const MAGIC = 'DKB1';
/** 2: compressed with a dictionary, and its records leave out what the index and defaults say. 1 is read, not written. */
const VERSIONS = [1, 2] as const;
export type BlockVersion = (typeof VERSIONS)[number];
const CURRENT = 2 satisfies BlockVersion;
const DIGEST_BYTES = 32;
/** A block is closed once it reaches its size; its last record may be one line, whole in the original and escaped in JSON. */
const LARGEST_PLAINTEXT_BYTES = LIMITS.blockPlaintextBytes + 8 * LIMITS.lineBytes;

/** What is longer says enough to refer back to; what was compressed without the dictionary opens with it. */
const LONGEST_WITH_DICTIONARY = 32 * 1024;

/** Where a block belongs, and under which key it lies. `keyId` and `keyVersion` are the guest key's. */
export type BlockPlace = {
  keyId: string;
  keyVersion: number;
  hotel: string;
  conversationId: string;
  blockId: string;
  recordClass: string;
};

/** What a block's header says: its place, the length of its plaintext, and the digest of its index. */
export type BlockHeader = BlockPlace & {
  version: BlockVersion;
  plaintextLength: number;
  indexDigest: Uint8Array;
};

/**
 * Seals a block under its guest's key: compressed, padded, encrypted (docs/formats/block.md). `index` is the block's
 * index as it stands in the block's row; the block authenticates it.
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
    header: {
      ...input.place,
      plaintextLength: input.plaintext.length,
      indexDigest: hash('sha256', input.index, 'buffer'),
    },
    packed: pack(
      input.plaintext,
      input.plaintext.length <= LONGEST_WITH_DICTIONARY ? BLOCK_DICTIONARY : undefined,
    ),
  });
}

/** Seals content that is compressed and padded already. `salt` is for test vectors alone. */
export function sealPackedBlock(input: {
  key: Uint8Array;
  header: Omit<BlockHeader, 'version'>;
  packed: Uint8Array;
  salt?: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  return sealUnder(input.key, encodeBlockHeader(input.header), input.packed, input.salt);
}

/**
 * The plaintext of a block that must be the one at `place` with this `index`.
 * Throws SealedFormatError, WrongSealedObjectError (another block, hotel, guest key …), KeyCommitmentError,
 * TamperedError, SealedContentError.
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
  if (!timingSafeEqual(header.indexDigest, hash('sha256', input.index, 'buffer'))) {
    throw new WrongSealedObjectError('index');
  }
  const dictionary = header.version === 1 ? undefined : BLOCK_DICTIONARY;
  return unpack(openUnder(input.key, input.sealed, length), header.plaintextLength, dictionary);
}

function encodeBlockHeader(header: Omit<BlockHeader, 'version'>): Buffer {
  if (header.indexDigest.length !== DIGEST_BYTES) throw new RangeError('An index digest has 32 bytes');
  const fields: HeaderField[] = [
    { kind: 'text', value: header.keyId },
    { kind: 'u32', value: header.keyVersion },
    { kind: 'text', value: header.hotel },
    { kind: 'text', value: header.conversationId },
    { kind: 'text', value: header.blockId },
    { kind: 'text', value: header.recordClass },
    { kind: 'u32', value: header.plaintextLength },
    { kind: 'bytes', value: header.indexDigest },
  ];
  return encodeHeader(MAGIC, fields, CURRENT);
}

/** The header of a sealed block and its length in bytes; not yet authenticated. Throws SealedFormatError. */
export function readBlockHeader(sealed: Uint8Array): { header: BlockHeader; length: number } {
  const read = readHeader(MAGIC, sealed, VERSIONS);
  const header = {
    version: read.version,
    keyId: read.text(),
    keyVersion: read.u32(),
    hotel: read.text(),
    conversationId: read.text(),
    blockId: read.text(),
    recordClass: read.text(),
    plaintextLength: read.u32(),
    indexDigest: read.bytes(DIGEST_BYTES),
  };
  read.end();
  if (header.plaintextLength > LARGEST_PLAINTEXT_BYTES) {
    throw new SealedFormatError('The block says that it is larger than blocks may be');
  }
  return { header, length: read.length };
}
