import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { SealedContentError } from './sealed-object-error.ts';

const LENGTH_BYTES = 4;

/**
 * The padded size of `length` bytes, so that a size tells little of its content: at most 12 % more.
 * Source: Padmé, in Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PoPETs 2019 (4).
 */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const kept = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - kept);
  return Math.ceil(length / step) * step;
}

/** length (u32) ‖ bytes ‖ zeros, the whole of Padmé's size and at least `floor`. */
export function pad(bytes: Uint8Array, floor = 0): Buffer {
  const padded = Buffer.alloc(Math.max(floor, padme(LENGTH_BYTES + bytes.length)));
  padded.writeUInt32BE(bytes.length, 0);
  padded.set(bytes, LENGTH_BYTES);
  return padded;
}

/** The bytes that `pad` padded. Throws SealedContentError where they are not exactly that. */
export function unpad(padded: Buffer, floor = 0): Buffer {
  const length = padded.length < LENGTH_BYTES ? -1 : padded.readUInt32BE(0);
  const end = LENGTH_BYTES + length;
  if (
    length < 0 ||
    padded.length !== Math.max(floor, padme(end)) ||
    padded.subarray(end).some((byte) => byte !== 0)
  ) {
    throw new SealedContentError('The content is not padded as the format says');
  }
  return padded.subarray(LENGTH_BYTES, end);
}

/** Compressed (zstd, with a dictionary where the format has one) and padded: what is sealed. */
export function pack(plaintext: Uint8Array, dictionary?: Buffer): Buffer {
  return pad(zstdCompressSync(plaintext, { ...withDictionary(dictionary), params: LEVEL }));
}

const LEVEL = { [constants.ZSTD_c_compressionLevel]: 3 };

function withDictionary(dictionary: Buffer | undefined): { dictionary?: Buffer } {
  return dictionary === undefined ? {} : { dictionary };
}

/** What `pack` packed with the same dictionary, never more than `length` bytes of it. Throws SealedContentError. */
export function unpack(packed: Buffer, length: number, dictionary?: Buffer): Buffer {
  const compressed = unpad(packed);
  let plaintext: Buffer;
  try {
    plaintext = zstdDecompressSync(compressed, {
      ...withDictionary(dictionary),
      maxOutputLength: Math.max(1, length),
    });
  } catch (cause) {
    throw new SealedContentError('The content does not decompress within its authenticated length', {
      cause,
    });
  }
  if (plaintext.length !== length) {
    throw new SealedContentError('The content is shorter than its authenticated length');
  }
  return plaintext;
}
