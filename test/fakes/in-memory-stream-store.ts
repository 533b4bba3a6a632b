import type { StreamStore } from '../../shared/ports/objects.ts';

/** The same bucket in memory (`inMemoryObjectStore`), for what is streamed. */
export function inMemoryStreamStore({ objects }: { objects: Map<string, Uint8Array> }): StreamStore {
  return {
    async read(key) {
      const object = objects.get(key);
      if (object === undefined) return null;
      async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
      }
      return chunks(object);
    },
    async write(key, body) {
      const parts: Uint8Array[] = [];
      for await (const part of body) parts.push(part);
      objects.set(key, Uint8Array.from(Buffer.concat(parts)));
    },
  };
}
