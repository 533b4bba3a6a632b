import type { ObjectStore } from '../../shared/ports/objects.ts';

/** A bucket in memory. `objects` is the bucket itself, for tests to look into and to break. */
export function inMemoryObjectStore(): ObjectStore & { objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    async get(key) {
      return objects.get(key) ?? null;
    },
    async put(key, body) {
      objects.set(key, Uint8Array.from(body));
    },
    async putOnce(key, body) {
      if (objects.has(key)) return 'exists';
      objects.set(key, Uint8Array.from(body));
      return 'written';
    },
    async delete(key) {
      objects.delete(key);
    },
    async list(prefix) {
      return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
}
