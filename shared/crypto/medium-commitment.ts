import { hash, hkdfSync } from 'node:crypto';
import { type MediumMark, mediumMark } from '../domain/medium-mark.ts';
import type { StoredRecord } from '../domain/record.ts';
import { keyedHash } from './keyed-hash.ts';

const LABEL = 'dualkey/medium-salt/1';
const SALT_BYTES = 32;
const ID_BYTES = 16;
const PREFIX = 'sha256:';

/**
 * Commits to the media of records under one guest key: SHA-256(salt ‖ SHA-256 of what came), the salt being
 * HMAC-SHA-256(HKDF-SHA-512(guest key, info = label), record id). As with records nothing needs to be stored, and nobody
 * who has a file can tell by its digest whether it is one of them. A file that a record has twice has one commitment.
 */
export function mediumCommitments(guestKey: Uint8Array) {
  let keyed: ReturnType<typeof keyedHash> | null = null;
  function saltOf(recordId: string): Buffer {
    // Most blocks have no media.
    keyed ??= keyedHash(new Uint8Array(hkdfSync('sha512', guestKey, new Uint8Array(0), LABEL, SALT_BYTES)));
    const id = Buffer.from(recordId, 'hex');
    if (id.length !== ID_BYTES) throw new RangeError('A record id has 32 hex digits');
    return Buffer.from(keyed.ofBytes(id), 'latin1');
  }
  return {
    saltOf,
    /** The marks of a record's attachments, in their order. */
    marksOf({ recordId, attachments }: Pick<StoredRecord, 'recordId' | 'attachments'>): MediumMark[] {
      return attachments.map(({ state, mediaId, found }) => {
        // Without its bytes nothing is in custody, whatever is said of it.
        if (mediaId === null || found === null) {
          return mediumMark(state === 'reference' ? state : 'missing', null);
        }
        const digest = Buffer.from(found.digest.slice(PREFIX.length), 'hex');
        return mediumMark(state, hash('sha256', Buffer.concat([saltOf(recordId), digest]), 'hex'));
      });
    },
  };
}
