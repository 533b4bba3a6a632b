import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';
import { KeyCommitmentError, SealedFormatError, TamperedError } from './sealed-object-error.ts';

/** Suite 1: HKDF-SHA-512 with key commitment, AES-256-GCM (docs/formats/block.md, "Suite 1"). */
export const SUITE = 1;
export const KEY_BYTES = 32;
export const SALT_BYTES = 32;
export const COMMITMENT_BYTES = 32;
export const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const OVERHEAD_BYTES = SALT_BYTES + COMMITMENT_BYTES + TAG_BYTES;

const NOTHING = new Uint8Array(0);

/**
 * header ‖ salt ‖ commitment ‖ ciphertext ‖ tag. The header is both the derivation's info and the associated data; what
 * stands `beside` it (and not in the object) is the end of both. `salt` is for test vectors alone; everything else takes a
 * fresh one, since salt and key together fix the nonce.
 */
export function sealUnder(
  key: Uint8Array,
  header: Uint8Array,
  content: Uint8Array,
  salt?: Uint8Array,
  beside: Uint8Array = NOTHING,
): Uint8Array<ArrayBuffer> {
  const sealed = Buffer.allocUnsafe(header.length + OVERHEAD_BYTES + content.length);
  sealed.set(header, 0);
  const saltAt = header.length;
  const ownSalt = salt ?? freshSalt();
  sealed.set(ownSalt, saltAt);
  const bound = joined(header, beside);
  const { aesKey, commitment, nonce } = derive(key, ownSalt, bound);
  sealed.set(commitment, saltAt + SALT_BYTES);
  const cipher = createCipheriv('aes-256-gcm', aesKey, nonce);
  cipher.setAAD(bound);
  const contentAt = saltAt + SALT_BYTES + COMMITMENT_BYTES;
  sealed.set(cipher.update(content), contentAt);
  // GCM is a stream mode: nothing is left for final() to give; it only closes the tag.
  cipher.final();
  sealed.set(cipher.getAuthTag(), contentAt + content.length);
  return sealed;
}

/**
 * The content that `sealUnder` sealed. The commitment is compared first, in constant time.
 * Throws SealedFormatError, KeyCommitmentError, TamperedError.
 */
export function openUnder(
  key: Uint8Array,
  sealed: Uint8Array,
  headerLength: number,
  beside: Uint8Array = NOTHING,
): Buffer {
  if (sealed.length < headerLength + OVERHEAD_BYTES)
    throw new SealedFormatError('The sealed object is cut short');
  const header = joined(sealed.subarray(0, headerLength), beside);
  const salt = sealed.subarray(headerLength, headerLength + SALT_BYTES);
  const commitmentAt = headerLength + SALT_BYTES;
  const contentAt = commitmentAt + COMMITMENT_BYTES;
  const tagAt = sealed.length - TAG_BYTES;
  const { aesKey, commitment, nonce } = derive(key, salt, header);
  if (!timingSafeEqual(commitment, sealed.subarray(commitmentAt, contentAt))) {
    throw new KeyCommitmentError('The object was not sealed under this key with this header');
  }
  const decipher = createDecipheriv('aes-256-gcm', aesKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(tagAt));
  const content = decipher.update(sealed.subarray(contentAt, tagAt));
  try {
    decipher.final();
  } catch (cause) {
    throw new TamperedError('The object was changed after it was sealed', { cause });
  }
  return content;
}

function joined(header: Uint8Array, beside: Uint8Array): Uint8Array {
  return beside.length === 0 ? header : Buffer.concat([header, beside]);
}

const saltPool = Buffer.allocUnsafeSlow(128 * SALT_BYTES);
let saltsUsed = saltPool.length;

/**
 * What suite 1 derives for one object: the key that encrypts it, the commitment to be compared first, the nonce.
 * Sealing takes a salt of `freshSalt`.
 */
export function derive(key: Uint8Array, salt: Uint8Array, header: Uint8Array) {
  if (key.length !== KEY_BYTES) throw new RangeError(`A key has ${KEY_BYTES} bytes`);
  const derived = new Uint8Array(
    // Key objects: the same calls with keys as bytes take about twice as long.
    hkdfSync('sha512', createSecretKey(key), salt, header, KEY_BYTES + COMMITMENT_BYTES + NONCE_BYTES),
  );
  return {
    aesKey: createSecretKey(derived.subarray(0, KEY_BYTES)),
    commitment: derived.subarray(KEY_BYTES, KEY_BYTES + COMMITMENT_BYTES),
    nonce: derived.subarray(KEY_BYTES + COMMITMENT_BYTES),
  };
}

/** Salts are drawn from the system's generator many at a time; each is given out once, and wiped where it was. */
export function freshSalt(): Uint8Array {
  if (saltsUsed === saltPool.length) {
    randomFillSync(saltPool);
    saltsUsed = 0;
  }
  const salt = Uint8Array.prototype.slice.call(saltPool, saltsUsed, saltsUsed + SALT_BYTES);
  saltPool.fill(0, saltsUsed, saltsUsed + SALT_BYTES);
  saltsUsed += SALT_BYTES;
  return salt;
}
