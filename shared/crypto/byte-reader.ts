/** Bytes of a stream, so many at a time, however they come. Holds no more than was asked for and one chunk. */
export function byteReader(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array[] = [];
  let length = 0;

  return {
    /** The next `count` bytes; fewer where the stream ends before. */
    async take(count: number): Promise<Buffer> {
      while (length < count) {
        const next = await chunks.next();
        if (next.done === true) break;
        held.push(next.value);
        length += next.value.length;
      }
      const [first, ...others] = held;
      // One chunk is cut where it lies: joining copies.
      const all =
        first !== undefined && others.length === 0
          ? Buffer.from(first.buffer, first.byteOffset, first.byteLength)
          : Buffer.concat(held);
      const taken = all.subarray(0, count);
      const rest = all.subarray(taken.length);
      held = rest.length === 0 ? [] : [rest];
      length = rest.length;
      return taken;
    },
    /** The rest is not wanted. */
    async close(): Promise<void> {
      await chunks.return?.();
    },
  };
}
export type ByteReader = ReturnType<typeof byteReader>;
