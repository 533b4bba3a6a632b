import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256, lower-case hex, prefixed `sha256:`. */
export type Digest = `sha256:${string}`;

export function sha256(bytes: string | Uint8Array): Digest {
  return `sha256:${hash('sha256', bytes, 'hex')}`;
}

/** SHA-256 over the canonical JSON of a value. */
export function digestOf(value: unknown): Digest {
  return sha256(canonicalJson(value));
}

export function isDigest(text: string): text is Digest {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
