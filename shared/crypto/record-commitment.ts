import { createSecretKey, hash, hkdfSync } from 'node:crypto';
import { keyedHash } from './keyed-hash.ts';

const LABEL = 'dualkey/record-salt/1';
const SALT_BYTES = 32;
const ID_BYTES = 16;
const LEAST_ROOM_BYTES = 1024;

/**
 * Commits to the original bytes of records under one guest key: SHA-256(salt ‖ original), the salt being
 * HMAC-SHA-256(HKDF-SHA-512(guest key, info = label), record id). Nothing needs to be stored, blocks may be merged or
 * moved, and once the guest key is shredded no salt can be had again.
 */
export function recordCommitments(guestKey: Uint8Array) {
  const keyed = keyedHash(
    new Uint8Array(hkdfSync('sha512', createSecretKey(guestKey), new Uint8Array(0), LABEL, SALT_BYTES)),
  );
  const id = Buffer.alloc(ID_BYTES);
  let salted = Buffer.alloc(0);
  function salt(recordId: string): string {
    if (id.write(recordId, 'hex') !== ID_BYTES) throw new RangeError('A record id has 32 hex digits');
    return keyed.ofBytes(id);
  }
  return {
    saltOf: (recordId: string): Buffer => Buffer.from(salt(recordId), 'latin1'),
    /** 64 lower-case hex digits. */
    commitmentOf(recordId: string, original: Uint8Array): string {
      const length = SALT_BYTES + original.length;
      if (salted.length < length) salted = Buffer.allocUnsafe(Math.max(length, LEAST_ROOM_BYTES));
      salted.write(salt(recordId), 0, SALT_BYTES, 'latin1');
      salted.set(original, SALT_BYTES);
      return hash('sha256', salted.subarray(0, length), 'hex');
    },
  };
}
