/** How much of a file is looked at to tell how it is written. */
const HEAD_BYTES = 64 * 1024;

/** The first bytes, and all of them again. */
export async function withHead(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await source.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  return {
    head: Buffer.concat(chunks).subarray(0, HEAD_BYTES),
    whole: (async function* () {
      yield* chunks;
      for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
    })(),
  };
}
