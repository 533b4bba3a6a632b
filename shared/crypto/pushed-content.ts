import { LIMITS } from '../domain/limits.ts';
import type { PushedBody } from '../domain/pushed-body.ts';
import { pack, unpack } from './padding.ts';
import { encodeHeader, readHeader } from './sealed-header.ts';
import { SealedFormatError, WrongSealedObjectError } from './sealed-object-error.ts';
import { openUnder, sealUnder } from './suite.ts';

const MAGIC = 'DKP1';

/** What a push's body is bound to: put into another channel's message, it doesn't open. */
export type PushPlace = Pick<PushedBody, 'channel' | 'account' | 'hotel' | 'receivedAt'>;

/** A push's body under its data key: compressed, padded, encrypted (docs/formats/pushed.md). */
export function sealPushed(key: Uint8Array, place: PushPlace, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = encodeHeader(MAGIC, [
    { kind: 'text', value: place.channel },
    { kind: 'text', value: place.account },
    { kind: 'text', value: place.hotel },
    { kind: 'text', value: place.receivedAt },
    { kind: 'u32', value: body.length },
  ]);
  return sealUnder(key, header, pack(body));
}

/** Throws SealedFormatError, WrongSealedObjectError, KeyCommitmentError, TamperedError, SealedContentError. */
export function openPushed(key: Uint8Array, place: PushPlace, sealed: Uint8Array): Buffer {
  const read = readHeader(MAGIC, sealed);
  for (const field of ['channel', 'account', 'hotel', 'receivedAt'] as const) {
    if (read.text() !== place[field]) throw new WrongSealedObjectError(field);
  }
  const length = read.u32();
  read.end();
  if (length > LIMITS.pushBodyBytes) throw new SealedFormatError('The push is larger than pushes may be');
  return unpack(openUnder(key, sealed, read.length), length);
}
