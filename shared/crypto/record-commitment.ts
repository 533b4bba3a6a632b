import { createHmac, createSecretKey, hash, hkdfSync } from 'node:crypto';

const LABEL = 'dualkey/record-salt/1';

/**
 * Commits to the original bytes of records under one guest key: SHA-256(salt ‖ original), the salt being
 * HMAC-SHA-256(HKDF-SHA-512(guest key, info = label), record id). Nothing needs to be stored, blocks may be merged or
 * moved, and once the guest key is shredded no salt can be had again.
 */
export function recordCommitments(guestKey: Uint8Array) {
  // A key object, since a key in bytes is prepared anew for each record, which takes longer than the HMAC itself.
  const saltKey = createSecretKey(new Uint8Array(hkdfSync('sha512', guestKey, new Uint8Array(0), LABEL, 32)));
  function saltOf(recordId: string): Buffer {
    return createHmac('sha256', saltKey).update(Buffer.from(recordId, 'hex')).digest();
  }
  return {
    saltOf,
    /** 64 lower-case hex digits. */
    commitmentOf(recordId: string, original: Uint8Array): string {
      return hash('sha256', Buffer.concat([saltOf(recordId), original]), 'hex');
    },
  };
}
