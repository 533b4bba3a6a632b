/** By so much of a file its format is told. */
const HEAD_BYTES = 64 * 1024;

/** The first `headBytes` of a file, however it is cut into pieces, and all of the file again. */
export async function withHead(
  bytes: AsyncIterable<Uint8Array>,
  headBytes = HEAD_BYTES,
): Promise<{ head: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await source.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  const [only] = chunks;
  return {
    head: (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).subarray(0, headBytes),
    whole: (async function* () {
      yield* chunks;
      for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
    })(),
  };
}
