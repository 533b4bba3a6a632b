import { createDecipheriv } from 'node:crypto';
import type { AnswerPart } from '../../../shared/crypto/kept-answer.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A part of a kept answer, opened by its description alone (docs/formats/provider-answer.md). Throws where it isn't this part. */
export function openAnswerPart(evidenceKey: Uint8Array, part: AnswerPart, sealed: Uint8Array): Buffer {
  const { requestId, providerRequestId, digest, index, parts } = part;
  const associated = [
    'dualkey/provider-answer/1',
    requestId,
    providerRequestId,
    digest,
    String(index),
    String(parts),
  ];
  const lengths = associated.map((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(text));
    return Buffer.concat([length, Buffer.from(text)]);
  });
  const decipher = createDecipheriv('aes-256-gcm', evidenceKey, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.concat(lengths));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
