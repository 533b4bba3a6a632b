import { randomBytes } from 'node:crypto';
import type { RequestKeys } from '../../shared/ports/keys.ts';

/** Keys of requests in memory: made once, the same until shredded. `kept` lists what stands, as `kind requestId`. */
export function inMemoryRequestKeys(): RequestKeys & { kept(): string[] } {
  const keys = new Map<string, Uint8Array>();
  return {
    kept: () => [...keys.keys()].sort(),
    async create(kind, requestId) {
      const key = keys.get(`${kind} ${requestId}`) ?? Uint8Array.from(randomBytes(32));
      keys.set(`${kind} ${requestId}`, key);
      return key;
    },
    async read(kind, requestId) {
      return keys.get(`${kind} ${requestId}`) ?? null;
    },
    async shred(kind, requestId) {
      keys.delete(`${kind} ${requestId}`);
    },
  };
}
