import { gcmSeal } from './gcm-box.ts';
import { joinParts } from './keyed-parts.ts';

const LABEL = 'dualkey/provider-answer/1';

/**
 * Which part of which file of an answer: a sealed part put in another's place does not open, and none can be left out.
 * `digest` is the whole file's (`sha256:…`), `parts` how many it has.
 */
export type AnswerPart = {
  requestId: string;
  providerRequestId: string;
  digest: string;
  index: number;
  parts: number;
};

/**
 * A part of a provider's answer under the access request's evidence key: AES-256-GCM, nonce ‖ ciphertext ‖ tag. Its
 * length is the part's own and 28 bytes: the file's size is on record anyway.
 */
export function sealAnswerPart(evidenceKey: Uint8Array, part: AnswerPart, bytes: Uint8Array): Buffer {
  return gcmSeal(evidenceKey, bytes, associated(part));
}

function associated({ requestId, providerRequestId, digest, index, parts }: AnswerPart): Buffer {
  return joinParts(LABEL, requestId, providerRequestId, digest, String(index), String(parts));
}
