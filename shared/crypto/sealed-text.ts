import { hash, hkdfSync } from 'node:crypto';
import { gcmOpen, gcmSeal } from './gcm-box.ts';
import { joinParts } from './keyed-parts.ts';
import { pad, unpad } from './padding.ts';

const LABEL = 'dualkey/sealed-text/1';
const SALT_LABEL = 'dualkey/text-salt/1';
/** Short texts (a phone number, a reason of one word) are all of one size. */
const FLOOR_BYTES = 64;

/** Which text of which request: a sealed text put in another's place does not open. */
export type TextPlace = { requestId: string; field: string };

/** A text under the request's evidence key: base64 of nonce ‖ ciphertext ‖ tag, its length padded. */
export function sealText(evidenceKey: Uint8Array, place: TextPlace, text: string): string {
  return gcmSeal(evidenceKey, pad(Buffer.from(text, 'utf8'), FLOOR_BYTES), associated(place)).toString(
    'base64',
  );
}

/** Throws SealedFormatError, TamperedError, SealedContentError. */
export function openText(evidenceKey: Uint8Array, place: TextPlace, sealed: string): string {
  return unpad(gcmOpen(evidenceKey, Buffer.from(sealed, 'base64'), associated(place)), FLOOR_BYTES).toString(
    'utf8',
  );
}

/**
 * What an event may say of a text: SHA-256(salt ‖ text), 64 lower-case hex digits. The salt comes from the evidence key,
 * so that the text can be proven while the key stands, and never guessed once it is shredded.
 */
export function textCommitment(evidenceKey: Uint8Array, place: TextPlace, text: string): string {
  return hash('sha256', Buffer.concat([textSalt(evidenceKey, place), Buffer.from(text, 'utf8')]), 'hex');
}

/** The salt (32 bytes) that whoever proves a text shows with it. */
export function textSalt(evidenceKey: Uint8Array, place: TextPlace): Buffer {
  const info = joinParts(SALT_LABEL, place.requestId, place.field);
  return Buffer.from(hkdfSync('sha512', evidenceKey, new Uint8Array(0), info, 32));
}

function associated(place: TextPlace): Buffer {
  return joinParts(LABEL, place.requestId, place.field);
}
