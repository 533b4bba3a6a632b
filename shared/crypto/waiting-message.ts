import { LIMITS } from '../domain/limits.ts';
import { pack, unpack } from './padding.ts';
import { encodeHeader, readHeader } from './sealed-header.ts';
import { SealedFormatError, WrongSealedObjectError } from './sealed-object-error.ts';
import { openUnder, sealUnder } from './suite.ts';

const MAGIC = 'DKW1';
/** The original in base64, and what was read of it, escaped in JSON. */
const LARGEST_BYTES = 8 * LIMITS.pushBodyBytes;

/** Which message of which conversation waits, under which guest key. */
export type WaitingPlace = {
  keyId: string;
  keyVersion: number;
  hotel: string;
  conversationId: string;
  recordId: string;
  recordClass: string;
};

/** A message that waits to be sealed into a block, under its guest's own key (docs/formats/pushed.md). */
export function sealWaiting(
  key: Uint8Array,
  place: WaitingPlace,
  message: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const header = encodeHeader(MAGIC, [
    { kind: 'text', value: place.keyId },
    { kind: 'u32', value: place.keyVersion },
    { kind: 'text', value: place.hotel },
    { kind: 'text', value: place.conversationId },
    { kind: 'text', value: place.recordId },
    { kind: 'text', value: place.recordClass },
    { kind: 'u32', value: message.length },
  ]);
  return sealUnder(key, header, pack(message));
}

/** Throws SealedFormatError, WrongSealedObjectError, KeyCommitmentError, TamperedError, SealedContentError. */
export function openWaiting(key: Uint8Array, place: WaitingPlace, sealed: Uint8Array): Buffer {
  const read = readHeader(MAGIC, sealed);
  const [keyId, keyVersion] = [read.text(), read.u32()];
  const [hotel, conversationId, recordId, recordClass] = [read.text(), read.text(), read.text(), read.text()];
  const length = read.u32();
  read.end();
  const there = { keyId, keyVersion, hotel, conversationId, recordId, recordClass };
  for (const field of [
    'keyId',
    'keyVersion',
    'hotel',
    'conversationId',
    'recordId',
    'recordClass',
  ] as const) {
    if (there[field] !== place[field]) throw new WrongSealedObjectError(field);
  }
  if (length > LARGEST_BYTES) throw new SealedFormatError('The message is larger than pushes may be');
  return unpack(openUnder(key, sealed, read.length), length);
}
