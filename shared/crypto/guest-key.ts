import { gcmOpen, gcmSeal } from './gcm-box.ts';
import { joinParts } from './keyed-parts.ts';

const LABEL = 'dualkey/guest-key/1';

/** What a wrapped guest key is bound to: a row copied to another guest, period or version does not unwrap. */
export type GuestKeyPlace = {
  hotel: string;
  recordClass: string;
  period: string;
  guestId: string;
  keyId: string;
  version: number;
};

/** A guest key under its period's key, or under the key of the hold that outlives the period. */
export function wrapGuestKey(
  wrappingKey: Uint8Array,
  key: Uint8Array,
  place: GuestKeyPlace,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(gcmSeal(wrappingKey, key, associated(place)));
}

/** Throws SealedFormatError, TamperedError. */
export function unwrapGuestKey(wrappingKey: Uint8Array, wrapped: Uint8Array, place: GuestKeyPlace): Buffer {
  return gcmOpen(wrappingKey, wrapped, associated(place));
}

function associated(place: GuestKeyPlace): Buffer {
  return joinParts(
    LABEL,
    place.hotel,
    place.recordClass,
    place.period,
    place.guestId,
    place.keyId,
    String(place.version),
  );
}
