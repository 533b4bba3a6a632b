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

/**
 * Compressed (zstd, with a dictionary where the format has one) and padded: what is sealed. The first `asItIs` bytes are
 * left as they are: what is random only gets longer.
 */
export function pack(plaintext: Uint8Array, dictionary?: Buffer, asItIs = 0): Buffer {
  const params = dictionary === undefined ? LEVEL : LEVEL_WITH_DICTIONARY;
  const content = plaintext.subarray(asItIs);
  // Told how much comes, zstd makes its tables no larger than that takes.
  const options = { ...withDictionary(dictionary), params, pledgedSrcSize: content.length };
  const compressed = zstdCompressSync(content, options);
  return pad(asItIs === 0 ? compressed : Buffer.concat([plaintext.subarray(0, asItIs), compressed]));
}

const LEVEL = { [constants.ZSTD_c_compressionLevel]: 3 };
/** Of small content, for which a better search costs little. */
const LEVEL_WITH_DICTIONARY = { [constants.ZSTD_c_compressionLevel]: 4 };

function withDictionary(dictionary: Buffer | undefined): { dictionary?: Buffer } {
  return dictionary === undefined ? {} : { dictionary };
}

/**
 * What `pack` packed with the same dictionary, never more than `length` bytes of it. `asItIs` finds how many bytes were
 * left as they are. Throws SealedContentError.
 */
export function unpack(
  packed: Buffer,
  length: number,
  dictionary?: Buffer,
  asItIs: (content: Uint8Array) => number = () => 0,
): Buffer {
  const content = unpad(packed);
  const left = asItIs(content);
  if (left > length) throw new SealedContentError('The content is longer than its authenticated length');
  const plaintext = unzipped(content.subarray(left), length - left, dictionary);
  return left === 0 ? plaintext : Buffer.concat([content.subarray(0, left), plaintext]);
}

function unzipped(compressed: Uint8Array, length: number, dictionary: Buffer | undefined): Buffer {
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
