/**
 * Where each character of a text stands in what it is written in: `offsets[n]` for the nth UTF-16 unit, and one more for
 * the end of the last.
 */
export type WrittenOffsets = Uint32Array;

/** Of a JSON string with its quotes; it is valid. */
export function offsetsInJson(written: string): WrittenOffsets {
  const offsets = new Uint32Array(written.length);
  let count = 0;
  let at = 1;
  while (at < written.length - 1) {
    offsets[count] = at;
    count += 1;
    if (written[at] !== '\\') at += 1;
    else at += written[at + 1] === 'u' ? 6 : 2;
  }
  offsets[count] = at;
  return offsets.subarray(0, count + 1);
}

/** Of a CSV field, with its quotes where it has them. */
export function offsetsInCsv(written: string): WrittenOffsets {
  const quoted = written.startsWith('"');
  const offsets = new Uint32Array(written.length + 1);
  const end = quoted ? written.length - 1 : written.length;
  let count = 0;
  let at = quoted ? 1 : 0;
  while (at < end) {
    offsets[count] = at;
    count += 1;
    at += quoted && written[at] === '"' ? 2 : 1;
  }
  offsets[count] = at;
  return offsets.subarray(0, count + 1);
}
