import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { KeyCommitmentError, SealedFormatError, TamperedError } from './sealed-object-error.ts';
import { COMMITMENT_BYTES, derive, freshSalt, SALT_BYTES, TAG_BYTES } from './suite.ts';

/** Plaintext of a frame, the last one's excepted. */
export const FRAME_BYTES = 1024 ** 2;
/** Frames are numbered in 32 bits. */
const MOST_FRAMES = 2 ** 32 - 1;
const PREFIX_BYTES = 8;

/**
 * A sealed object that is read and written frame by frame (docs/formats/media.md): header ‖ salt ‖ commitment ‖ frames,
 * each ciphertext ‖ tag. Key, commitment and first nonce as in suite 1; a frame's nonce is that with its number XORed
 * into the last four bytes, its associated data header ‖ number ‖ whether it is the last.
 */
export type Framing = {
  /** Length of the whole plaintext. */
  bytes: number;
  frameBytes: number;
};

export function frameCount({ bytes, frameBytes }: Framing): number {
  return Math.max(1, Math.ceil(bytes / frameBytes));
}

/** Seals a stream of exactly `framing.bytes` bytes. `salt` is for test vectors alone. */
export async function* sealFrames(
  key: Uint8Array,
  header: Uint8Array,
  framing: Framing,
  content: AsyncIterable<Uint8Array>,
  salt: Uint8Array = freshSalt(),
): AsyncGenerator<Buffer> {
  const { aesKey, commitment, nonce } = derive(key, salt, header);
  const reader = byteReader(content);
  try {
    yield Buffer.concat([header, salt, commitment]);
    const count = frameCount(framing);
    for (let number = 0; number < count; number += 1) {
      const length = lengthOf(number, framing);
      const plaintext = await reader.take(length);
      if (plaintext.length !== length) throw new RangeError('The content is shorter than was said');
      const cipher = createCipheriv('aes-256-gcm', aesKey, nonceOf(nonce, number));
      cipher.setAAD(associated(header, number, number === count - 1));
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      yield Buffer.concat([ciphertext, cipher.getAuthTag()]);
    }
    if ((await reader.take(1)).length > 0) throw new RangeError('The content is longer than was said');
  } finally {
    await reader.close();
  }
}

/** The header's bytes of a framed object, and its reader, which stands behind the header. Throws SealedFormatError. */
export async function readFramedHeader(
  sealed: AsyncIterable<Uint8Array>,
): Promise<{ header: Buffer; reader: ByteReader }> {
  const reader = byteReader(sealed);
  const prefix = await reader.take(PREFIX_BYTES);
  if (prefix.length < PREFIX_BYTES) throw new SealedFormatError('The sealed object is cut short');
  const fields = await reader.take(prefix.readUInt16BE(PREFIX_BYTES - 2));
  return { header: Buffer.concat([prefix, fields]), reader };
}

/**
 * Compares the commitment, and gives the plaintext frame by frame, each after its tag was verified. Whoever reads on to
 * the end knows that nothing is missing. Throws SealedFormatError (cut short, or something follows), KeyCommitmentError,
 * TamperedError (a frame was changed, or is not in its place).
 */
export async function* openFrames(
  key: Uint8Array,
  header: Uint8Array,
  framing: Framing,
  reader: ByteReader,
): AsyncGenerator<Buffer> {
  const { aesKey, nonce } = await openCommitted(key, header, reader);
  const count = frameCount(framing);
  if (count > MOST_FRAMES) throw new SealedFormatError('The object has more frames than can be numbered');
  for (let number = 0; number < count; number += 1) {
    const length = lengthOf(number, framing);
    const frame = await reader.take(length + TAG_BYTES);
    if (frame.length !== length + TAG_BYTES) throw new SealedFormatError('The sealed object is cut short');
    const decipher = createDecipheriv('aes-256-gcm', aesKey, nonceOf(nonce, number), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associated(header, number, number === count - 1));
    decipher.setAuthTag(frame.subarray(length));
    const plaintext = decipher.update(frame.subarray(0, length));
    try {
      decipher.final();
    } catch (cause) {
      throw new TamperedError(`Frame ${number} was changed, or is not in its place`, { cause });
    }
    yield plaintext;
  }
  if ((await reader.take(1)).length > 0) throw new SealedFormatError('Something follows the last frame');
}

/** Whether the object was sealed under this key with this header; not a frame is read. */
export async function isCommitted(key: Uint8Array, header: Uint8Array, reader: ByteReader): Promise<boolean> {
  try {
    await openCommitted(key, header, reader);
    return true;
  } catch (error) {
    if (error instanceof KeyCommitmentError || error instanceof SealedFormatError) return false;
    throw error;
  }
}

async function openCommitted(key: Uint8Array, header: Uint8Array, reader: ByteReader) {
  const salt = await reader.take(SALT_BYTES);
  const committed = await reader.take(COMMITMENT_BYTES);
  if (committed.length !== COMMITMENT_BYTES) throw new SealedFormatError('The sealed object is cut short');
  const derived = derive(key, salt, header);
  if (!timingSafeEqual(derived.commitment, committed)) {
    throw new KeyCommitmentError('The object was not sealed under this key with this header');
  }
  return derived;
}

function lengthOf(number: number, { bytes, frameBytes }: Framing): number {
  return Math.min(frameBytes, bytes - number * frameBytes);
}

function nonceOf(first: Uint8Array, number: number): Buffer {
  const nonce = Buffer.from(first);
  const at = nonce.length - 4;
  nonce.writeUInt32BE((nonce.readUInt32BE(at) ^ number) >>> 0, at);
  return nonce;
}

function associated(header: Uint8Array, number: number, last: boolean): Buffer {
  const place = Buffer.alloc(5);
  place.writeUInt32BE(number);
  place[4] = last ? 1 : 0;
  return Buffer.concat([header, place]);
}
