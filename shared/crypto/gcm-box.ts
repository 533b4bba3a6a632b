import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { SealedFormatError, TamperedError } from './sealed-object-error.ts';
import { KEY_BYTES, TAG_BYTES } from './suite.ts';

const NONCE_BYTES = 12;

/** nonce ‖ ciphertext ‖ tag: AES-256-GCM with a random nonce. For a few small things under one key, never for bulk. */
export function gcmSeal(
  key: Uint8Array,
  plaintext: Uint8Array,
  associated: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
}

/** Throws SealedFormatError, TamperedError (also where key or associated data is another one). */
export function gcmOpen(key: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SealedFormatError('The sealed bytes are cut short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch (cause) {
    throw new TamperedError('Not sealed under this key for this place, or changed since', { cause });
  }
  return plaintext;
}

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}
