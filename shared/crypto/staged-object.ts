import { pack, unpack } from './padding.ts';
import { encodeHeader, readHeader } from './sealed-header.ts';
import { WrongSealedObjectError } from './sealed-object-error.ts';
import { openUnder, sealUnder } from './suite.ts';

const MAGIC = 'DKS1';

/**
 * What a request's grant stages for its openings, under the grant's key: the block's construction with its own magic,
 * bound to the request. `salt` is for test vectors alone.
 */
export function sealStaged(
  grantKey: Uint8Array,
  requestId: string,
  plaintext: Uint8Array,
  salt?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const header = encodeHeader(MAGIC, [
    { kind: 'text', value: requestId },
    { kind: 'u32', value: plaintext.length },
  ]);
  return sealUnder(grantKey, header, pack(plaintext), salt);
}

/** Throws SealedFormatError, WrongSealedObjectError, KeyCommitmentError, TamperedError, SealedContentError. */
export function openStaged(grantKey: Uint8Array, requestId: string, sealed: Uint8Array): Buffer {
  const read = readHeader(MAGIC, sealed);
  const staged = { requestId: read.text(), length: read.u32() };
  read.end();
  if (staged.requestId !== requestId) throw new WrongSealedObjectError('request');
  return unpack(openUnder(grantKey, sealed, read.length), staged.length);
}
