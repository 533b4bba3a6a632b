import { randomBytes } from 'node:crypto';
import type { RequestKeys } from '../../shared/ports/keys.ts';

/**
 * Keys of requests in memory: made once, the same until shredded, never made again after that. `kept` lists what
 * stands, as `kind requestId`.
 */
export function inMemoryRequestKeys(): RequestKeys & { kept(): string[] } {
  const keys = new Map<string, Uint8Array | null>();
  return {
    kept: () => [...keys].flatMap(([name, key]) => (key === null ? [] : [name])).sort(),
    async create(kind, requestId) {
      const there = keys.get(`${kind} ${requestId}`);
      if (there === null) throw new Error(`The ${kind} key was shredded`);
      const key = there ?? Uint8Array.from(randomBytes(32));
      keys.set(`${kind} ${requestId}`, key);
      return key;
    },
    async read(kind, requestId) {
      return keys.get(`${kind} ${requestId}`) ?? null;
    },
    async shred(kind, requestId) {
      keys.set(`${kind} ${requestId}`, null);
    },
  };
}
