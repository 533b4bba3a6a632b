import { SealedFormatError } from './sealed-object-error.ts';

/** Of an entry of a block index (block-index.ts): id (16) ‖ milliseconds since 1970 (u64) ‖ category (1) ‖ commitment (32). */
const ID = 16;
const TIME = 8;
const COMMITMENT = 32;
const ENTRY = ID + TIME + 1 + COMMITMENT;
const CATEGORY_AT = ID + TIME;

/**
 * A block index in fewer bytes, as the block's row holds it: the number of entries ‖ their ids ‖ their commitments ‖ the
 * first time and how much later each of the others is ‖ each run of one category: the category (u8) and the run's length.
 * Numbers are LEB128 (DWARF 5, 7.6, unsigned). Null where the bytes are no index with rising times.
 */
export function packIndex(index: Uint8Array): Buffer | null {
  const count = index.length / ENTRY;
  if (!Number.isInteger(count)) return null;
  const bytes = viewOf(index);
  const numbers: number[] = [];
  const runs: { category: number; length: number }[] = [];
  const fixed = Buffer.allocUnsafe(count * (ID + COMMITMENT));
  let before = 0;
  for (let entry = 0; entry < count; entry += 1) {
    const at = entry * ENTRY;
    bytes.copy(fixed, entry * ID, at, at + ID);
    bytes.copy(fixed, count * ID + entry * COMMITMENT, at + CATEGORY_AT + 1, at + ENTRY);
    const time = bytes.readUInt32BE(at + ID) * 2 ** 32 + bytes.readUInt32BE(at + ID + 4);
    if (time < before || !Number.isSafeInteger(time)) return null;
    putNumber(numbers, time - before);
    before = time;
    const category = bytes.readUInt8(at + CATEGORY_AT);
    const run = runs.at(-1);
    if (run?.category === category) run.length += 1;
    else runs.push({ category, length: 1 });
  }
  for (const { category, length } of runs) {
    numbers.push(category);
    putNumber(numbers, length);
  }
  const head: number[] = [];
  putNumber(head, count);
  return Buffer.concat([Buffer.from(head), fixed, Buffer.from(numbers)]);
}

/** The index that was packed. Throws SealedFormatError. */
export function unpackIndex(packed: Uint8Array): Buffer {
  const bytes = viewOf(packed);
  let at = 0;
  function byte(): number {
    const value = bytes[at];
    if (value === undefined) throw new SealedFormatError('The packed block index is cut short');
    at += 1;
    return value;
  }
  function number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const next = byte();
      value += (next % 128) * scale;
      if (!Number.isSafeInteger(value))
        throw new SealedFormatError('The packed block index has no such number');
      if (next < 128) return value;
    }
  }
  const count = number();
  const [idsAt, commitmentsAt] = [at, at + count * ID];
  at = commitmentsAt + count * COMMITMENT;
  // Before as much room is made as the number says.
  if (at > bytes.length) throw new SealedFormatError('The packed block index is cut short');
  const index = Buffer.allocUnsafe(count * ENTRY);
  let time = 0;
  for (let entry = 0; entry < count; entry += 1) {
    const to = entry * ENTRY;
    bytes.copy(index, to, idsAt + entry * ID, idsAt + (entry + 1) * ID);
    const commitment = commitmentsAt + entry * COMMITMENT;
    bytes.copy(index, to + CATEGORY_AT + 1, commitment, commitment + COMMITMENT);
    time += number();
    index.writeBigUInt64BE(BigInt(time), to + ID);
  }
  for (let entry = 0; entry < count; ) {
    const category = byte();
    const end = entry + number();
    if (end === entry || end > count) throw new SealedFormatError('The packed block index has no such run');
    for (; entry < end; entry += 1) index[entry * ENTRY + CATEGORY_AT] = category;
  }
  if (at !== bytes.length) throw new SealedFormatError('The packed block index is longer than its entries');
  return index;
}

function putNumber(bytes: number[], value: number): void {
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push(128 + (left % 128));
  bytes.push(left);
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
