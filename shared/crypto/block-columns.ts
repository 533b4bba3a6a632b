import { isUtf8 } from 'node:buffer';
import { SealedContentError, UnsealableError } from './sealed-object-error.ts';

/** A record as columns are made of it: its original bytes, its normalised JSON and text, the time that its index says (ms). */
export type ColumnRow = { original: Uint8Array; normalised: string; text: string; at: number };
export type ColumnPair = { original: Buffer; normalised: Buffer };

/**
 * A record is spelled by its shape, the same for many records, and by what stands in the shape's gaps. These bytes stand in
 * a shape for what they name: none of them is in any UTF-8.
 */
const MARK = {
  end: '\xff',
  /** Between the original and the normalised record. */
  normalised: '\xfe',
  text: '\xfd',
  /** At most 15 digits: a number whose sums are exact. */
  number: '\xfc',
  /** And the number of an earlier gap of the record: the same bytes again. */
  again: '\xfb',
  /** 16 to 19 digits. */
  long: '\xfa',
  /** Bytes that are no UTF-8. */
  bytes: '\xf9',
} as const;
const NO_UTF8 = /[\xf8-\xff]/;
type Gap = 'text' | 'number' | 'long' | 'bytes';

/** How the numbers of a column are written: as differences from what each is near to, or as they are, for what is random. */
const FROM_LAST = 0;
const FROM_MILLISECONDS = 1;
const FROM_SECONDS = 2;
const AS_THEY_ARE = 3;
const NUMBER_DIGITS = 15;
const NUMBER_BYTES = 7;
const LONG_DIGITS = 19;
const LONG_BYTES = 8;
/** Differences that take more than this are no nearer to anything than random numbers. */
const NEAR_BYTES = 4;
const LENGTH_BYTES = 4;
const LAST_GAP_NAMED = 0x7f;
/** Longer values are no ids. */
const LONGEST_WITH_NUMBER = 128;

/** Ids and times with a number in them. What people write is one text, whatever numbers it names. */
const WITH_NUMBER = /^[\w.:@+/-]*\d{8}[\w.:@+/-]*$/;
const NUMBERS_WITHIN = /\d{8,}/g;
const [QUOTE, BACKSLASH, COLON, BRACE, ZERO, NINE] = [0x22, 0x5c, 0x3a, 0x7b, 0x30, 0x39];

/** Bytes stand in strings of one character each: scanning those takes half the time. */
type Scanned = { shape: string; gaps: Gap[]; values: string[] };
type Shape = ReadShape & { number: number; values: string[][]; times: number[] };

/** So many of the last shapes are tried on a record before it is taken apart. */
const SHAPES_TRIED = 4;

/**
 * Records in columns: length of what is random (u32) ‖ what is random ‖ the rest, which compresses. What all records say
 * stands once, what is alike stands together, numbers are differences, and what the original says the normalised record
 * needn't say again (docs/formats/block.md, "Columns"). `bytes` is what the records take as they are.
 * Every record is compared with what its shape and values spell, and every difference with what it is read as, which takes
 * a fraction of reading the columns back. Throws UnsealableError where they differ.
 */
export function encodeColumns(rows: readonly ColumnRow[]): { columns: Buffer; bytes: number } {
  const { bytes, whole, ends } = inOneString(rows);
  const isText = isUtf8(bytes);
  const shapes = new Map<string, Shape>();
  const tried: Shape[] = [];
  const order: number[] = [];
  let start = 0;
  for (const [place, row] of rows.entries()) {
    const at = { start, middle: start + row.original.length, end: ends[place] ?? start };
    start = at.end;
    let shape: Shape | undefined;
    let values: string[] | null = null;
    for (let known = 0; isText && known < tried.length && values === null; known += 1) {
      shape = tried[known];
      if (shape !== undefined) values = valuesIn(shape, bytes, whole, at);
    }
    if (shape === undefined || values === null) {
      const original = whole.slice(at.start, at.middle);
      const normalised = whole.slice(at.middle, at.end);
      const found = scanned(original, normalised, row.text);
      shape = shapes.get(found.shape);
      if (shape === undefined) {
        shape = {
          ...readShape(found.shape),
          number: shapes.size,
          values: found.gaps.map(() => []),
          times: [],
        };
        shapes.set(found.shape, shape);
        if (shape.quoted && tried.length < SHAPES_TRIED) tried.push(shape);
      }
      values = found.values;
      if (!comesBack(shape, values, original, normalised)) {
        throw new UnsealableError('A record would not come out of its columns as it went in');
      }
    }
    order.push(shape.number);
    shape.times.push(row.at);
    for (let gap = 0; gap < values.length; gap += 1) shape.values[gap]?.push(values[gap] ?? '');
  }
  return { columns: spelled(shapes, order), bytes: bytes.length };
}

/** Originals and normalised records one behind the other, as bytes and as one string, and where each record ends. */
function inOneString(rows: readonly ColumnRow[]): { bytes: Uint8Array; whole: string; ends: number[] } {
  // Three bytes of UTF-8 for a code unit at most.
  const most = rows.reduce((sum, row) => sum + row.original.length + 3 * row.normalised.length, 0);
  const bytes = Buffer.allocUnsafe(most);
  const ends: number[] = [];
  let at = 0;
  for (const { original, normalised } of rows) {
    bytes.set(original, at);
    at += original.length;
    at += bytes.write(normalised, at);
    ends.push(at);
  }
  return { bytes: bytes.subarray(0, at), whole: bytes.toString('latin1', 0, at), ends };
}

function spelled(shapes: ReadonlyMap<string, Shape>, order: readonly number[]): Buffer {
  const head: number[] = [];
  const numbers: number[] = [];
  const random: Buffer[] = [];
  let texts = '';
  for (const { gaps, values, times } of shapes.values()) {
    for (const [gap, column] of values.entries()) {
      const kind = gaps[gap];
      if (kind === 'text') texts += column.join(MARK.end) + MARK.end;
      else if (kind === 'number') putColumn(column.map(Number), times, numbers, random);
      else if (kind === 'long') random.push(longs(column));
      else random.push(...column.map(withLength));
    }
  }
  putNumber(head, shapes.size);
  const places: number[] = [];
  if (shapes.size > 1) for (const number of order) putNumber(places, number);
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  length.writeUInt32BE(random.reduce((sum, { length: bytes }) => sum + bytes, 0));
  return Buffer.concat([
    length,
    ...random,
    Buffer.from(head),
    Buffer.from([...shapes.keys()].map((shape) => shape + MARK.end).join(''), 'latin1'),
    Buffer.from(places),
    Buffer.from(numbers),
    Buffer.from(texts, 'latin1'),
  ]);
}

/** Where the part of columns begins that compresses. Throws SealedContentError. */
export function compressibleAt(columns: Uint8Array): number {
  const bytes = Buffer.from(columns.buffer, columns.byteOffset, columns.byteLength);
  const at = bytes.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : LENGTH_BYTES + bytes.readUInt32BE(0);
  if (at > bytes.length) throw cutShort();
  return at;
}

function scanned(original: string, normalised: string, text: string): Scanned {
  const into: Scanned = { shape: '', gaps: [], values: [] };
  if (NO_UTF8.test(original)) addGap(into, 'bytes', original);
  else if (original.charCodeAt(0) === BRACE) scanJson(original, into, false);
  else cutAtText(original, text, into);
  into.shape += MARK.normalised;
  scanJson(normalised, into, true);
  return into;
}

/** Whether these values, in this shape, are read as this record. `valuesIn` finds no others. */
function comesBack(
  { pieces, gaps, normalisedAt }: ReadShape,
  values: readonly string[],
  original: string,
  normalised: string,
): boolean {
  const legible = gaps.every((kind, gap) => {
    const value = values[gap] ?? '';
    return kind === 'bytes' || (kind === 'text' ? !value.includes(MARK.end) : numberKind(value) === kind);
  });
  const said = pieces.map((piece) => spelledOut(piece, values));
  const [before, after] = [said.slice(0, normalisedAt), said.slice(normalisedAt)];
  return legible && before.join('') === original && after.join('') === normalised;
}

/** What stands in the gaps of this shape where the record has it; null where it has another, or could say less. */
function valuesIn(
  { pieces, gaps, normalisedAt }: ReadShape,
  bytes: Uint8Array,
  whole: string,
  { start, middle, end }: { start: number; middle: number; end: number },
): string[] | null {
  const values: string[] = [];
  const starts: number[] = [];
  let at = start;
  for (let place = 0; place < pieces.length; place += 1) {
    if (place === normalisedAt && at !== middle) return null;
    const piece = pieces[place];
    if (piece === undefined) return null;
    if ('gap' in piece) {
      const kind = gaps[piece.gap];
      const until = kind === 'text' ? endOfString(whole, at) : endOfDigits(whole, at);
      if (until <= at || until > end) return null;
      const value = whole.slice(at, until);
      if (kind !== 'text' && kind !== numberKind(value)) return null;
      if (kind === 'text' && place >= normalisedAt && sameGap(value, gaps, values) !== -1) return null;
      values.push(value);
      starts.push(at);
      at = until;
    } else if ('literal' in piece) {
      if (!sameBytes(bytes, at, piece.bytes, 0, piece.bytes.length)) return null;
      at += piece.bytes.length;
    } else {
      const length = values[piece.again]?.length ?? 0;
      if (!sameBytes(bytes, at, bytes, starts[piece.again] ?? 0, length)) return null;
      at += length;
    }
  }
  // Only where the normalised record is empty does no piece stand at its place.
  const inMiddle = normalisedAt < pieces.length || at === middle;
  return at === end && inMiddle ? values : null;
}

/** Of some dozen bytes each: a call of `compare` takes longer. */
function sameBytes(ones: Uint8Array, at: number, others: Uint8Array, from: number, length: number): boolean {
  for (let place = 0; place < length; place += 1) {
    if (ones[at + place] !== others[from + place]) return false;
  }
  return true;
}

function addGap(into: Scanned, kind: Gap, value: string): void {
  into.shape += MARK[kind];
  into.gaps.push(kind);
  into.values.push(value);
}

/** Tables, XML and chat exports: what stands before the text, the text as the normalised record has it, what follows. */
function cutAtText(bytes: string, text: string, into: Scanned): void {
  const spelled = text === '' ? '' : JSON.stringify(text).slice(1, -1);
  const inBytes = Buffer.from(spelled).toString('latin1');
  const at = inBytes === '' ? -1 : bytes.indexOf(inBytes);
  if (at === -1) {
    addGap(into, 'text', bytes);
    return;
  }
  addGap(into, 'text', bytes.slice(0, at));
  addGap(into, 'text', inBytes);
  addGap(into, 'text', bytes.slice(at + inBytes.length));
}

/** Values become gaps, names and punctuation stay. Whatever isn't JSON after all comes back as it was, too. */
function scanJson(json: string, into: Scanned, sayAgain: boolean): void {
  let [from, at] = [0, 0];
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(json, at + 1);
      if (end === -1) break;
      if (end > at + 1 && json.charCodeAt(end + 1) !== COLON) {
        into.shape += json.slice(from, at + 1);
        addValue(json.slice(at + 1, end), into, sayAgain);
        from = end;
      }
      at = end + 1;
    } else if (isDigit(code)) {
      const end = endOfDigits(json, at + 1);
      into.shape += json.slice(from, at);
      addNumber(json.slice(at, end), into);
      from = end;
      at = end;
    } else at += 1;
  }
  into.shape += json.slice(from);
}

function endOfString(json: string, from: number): number {
  for (let end = json.indexOf('"', from); end !== -1; end = json.indexOf('"', end + 1)) {
    let escapes = end;
    while (json.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    if ((end - escapes) % 2 === 0) return end;
  }
  return -1;
}

function endOfDigits(json: string, from: number): number {
  let end = from;
  while (isDigit(json.charCodeAt(end))) end += 1;
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function addValue(value: string, into: Scanned, sayAgain: boolean): void {
  const same = sayAgain ? sameGap(value, into.gaps, into.values) : -1;
  if (same !== -1) {
    into.shape += MARK.again + String.fromCharCode(same);
  } else if (value.length <= LONGEST_WITH_NUMBER && WITH_NUMBER.test(value)) {
    let from = 0;
    for (const found of value.matchAll(NUMBERS_WITHIN)) {
      into.shape += value.slice(from, found.index);
      addNumber(found[0], into);
      from = found.index + found[0].length;
    }
    into.shape += value.slice(from);
  } else addGap(into, 'text', value);
}

function sameGap(value: string, gaps: readonly Gap[], values: readonly string[]): number {
  for (let gap = 0; gap < values.length && gap <= LAST_GAP_NAMED; gap += 1) {
    if (values[gap] === value && gaps[gap] === 'text') return gap;
  }
  return -1;
}

/** Digits that a number gives back as they are; others stay in the shape. */
function addNumber(digits: string, into: Scanned): void {
  const kind = numberKind(digits);
  if (kind === null) into.shape += digits;
  else addGap(into, kind, digits);
}

function numberKind(digits: string): Gap | null {
  const { length } = digits;
  if (length === 0 || length > LONG_DIGITS || (length > 1 && digits.charCodeAt(0) === ZERO)) return null;
  return length <= NUMBER_DIGITS ? 'number' : 'long';
}

const WAYS = [FROM_LAST, FROM_MILLISECONDS, FROM_SECONDS] as const;

function putColumn(column: readonly number[], times: readonly number[], numbers: number[], random: Buffer[]) {
  let way: number = AS_THEY_ARE;
  let least = NEAR_BYTES * column.length + 1;
  for (const one of WAYS) {
    let bytes = 0;
    for (let row = 0; row < column.length; row += 1) bytes += bytesOf(one, column, times, row);
    if (bytes < least) {
      way = one;
      least = bytes;
    }
  }
  putNumber(numbers, way);
  if (way === AS_THEY_ARE) random.push(...column.map(asItIs));
  else for (const row of column.keys()) putSigned(numbers, difference(way, column, times, row));
}

function putSigned(numbers: number[], value: number): void {
  putNumber(numbers, value < 0 ? -2 * value - 1 : 2 * value);
}

function difference(way: number, column: readonly number[], times: readonly number[], row: number): number {
  return (column[row] ?? 0) - near(way, column, times, row);
}

/** What a number of a column is written as a difference from. */
function near(way: number, column: readonly number[], times: readonly number[], row: number): number {
  if (way === FROM_LAST) return column[row - 1] ?? 0;
  const time = times[row] ?? 0;
  return way === FROM_MILLISECONDS ? time : Math.floor(time / 1000);
}

/** Infinitely many where the difference is none that is read as the number again: of an extreme time, or none. */
function bytesOf(way: number, column: readonly number[], times: readonly number[], row: number): number {
  const value = difference(way, column, times, row);
  const twice = 2 * Math.abs(value);
  if (!Number.isSafeInteger(value) || !Number.isSafeInteger(twice)) return Number.POSITIVE_INFINITY;
  if (near(way, column, times, row) + value !== column[row]) return Number.POSITIVE_INFINITY;
  let bytes = 1;
  for (let left = twice; left >= 128; left /= 128) bytes += 1;
  return bytes;
}

/** LEB128 (DWARF 5, 7.6, unsigned). */
function putNumber(bytes: number[], value: number): void {
  let left = value;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push(128 + (left % 128));
  bytes.push(left);
}

function asItIs(value: number): Buffer {
  const bytes = Buffer.alloc(NUMBER_BYTES);
  bytes.writeUIntBE(Math.floor(value / 2 ** 48), 0, 1);
  bytes.writeUIntBE(value % 2 ** 48, 1, NUMBER_BYTES - 1);
  return bytes;
}

function longs(column: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(LONG_BYTES * column.length);
  for (const [row, digits] of column.entries()) bytes.writeBigUInt64BE(BigInt(digits), row * LONG_BYTES);
  return bytes;
}

function withLength(value: string): Buffer {
  const bytes = Buffer.allocUnsafe(LENGTH_BYTES + value.length);
  bytes.writeUInt32BE(value.length);
  bytes.write(value, LENGTH_BYTES, 'latin1');
  return bytes;
}

/** A shape as it is read: what stands between its marks, and the marks. */
type Piece = { literal: string; bytes: Uint8Array } | { gap: number } | { again: number };
type ReadShape = {
  pieces: Piece[];
  normalisedAt: number;
  gaps: Gap[];
  /** Whether a quotation mark ends each text. */
  quoted: boolean;
};

const GAP_OF: ReadonlyMap<string, Gap> = new Map([
  [MARK.text, 'text'],
  [MARK.number, 'number'],
  [MARK.long, 'long'],
  [MARK.bytes, 'bytes'],
]);

/**
 * The records of columns, as many as there are times; `most` bytes of them at most. Throws SealedContentError where the
 * columns aren't those of as many records.
 */
export function decodeColumns(columns: Uint8Array, times: readonly number[], most: number): ColumnPair[] {
  const start = compressibleAt(columns);
  const random = byteReader(columns.subarray(LENGTH_BYTES, start));
  const rest = byteReader(columns.subarray(start));
  const shapes: (ReadShape & { rows: number[] })[] = [];
  for (let left = rest.number(); left > 0; left -= 1) {
    shapes.push({ ...readShape(rest.until(MARK.end)), rows: [] });
  }
  for (const row of times.keys()) {
    const shape = shapes[shapes.length > 1 ? rest.number() : 0];
    if (shape === undefined)
      throw new SealedContentError('A record of the block has a shape that is not there');
    shape.rows.push(row);
  }
  const values = shapes.map(({ gaps, rows }) => {
    const at = rows.map((row) => times[row] ?? 0);
    return gaps.map((kind) => (kind === 'text' ? [] : readNumbers(kind, at, rest, random)));
  });
  for (const [shape, { gaps, rows }] of shapes.entries()) {
    for (const [gap, kind] of gaps.entries()) {
      if (kind === 'text')
        values[shape]?.splice(
          gap,
          1,
          rows.map(() => rest.until(MARK.end)),
        );
    }
  }
  if (!random.ended() || !rest.ended()) {
    throw new SealedContentError('The block has more in its columns than its index has records');
  }
  const pairs: ColumnPair[] = [];
  let left = most;
  for (const [shape, { pieces, normalisedAt, rows }] of shapes.entries()) {
    for (const [place, row] of rows.entries()) {
      const own = (values[shape] ?? []).map((column) => column[place] ?? '');
      const said = pieces.map((piece) => spelledOut(piece, own));
      left -= said.reduce((sum, { length }) => sum + length, 0);
      if (left < 0) throw new SealedContentError('The records of the block are larger than blocks may be');
      pairs[row] = {
        original: Buffer.from(said.slice(0, normalisedAt).join(''), 'latin1'),
        normalised: Buffer.from(said.slice(normalisedAt).join(''), 'latin1'),
      };
    }
  }
  return pairs;
}

function readShape(shape: string): ReadShape {
  const read: ReadShape = { pieces: [], normalisedAt: -1, gaps: [], quoted: true };
  let from = 0;
  for (let at = 0; at <= shape.length; at += 1) {
    const mark = shape.charAt(at);
    if (mark !== '' && mark < '\xf8') continue;
    if (at > from) {
      const literal = shape.slice(from, at);
      read.pieces.push({ literal, bytes: Buffer.from(literal, 'latin1') });
    }
    from = at + 1;
    const kind = GAP_OF.get(mark);
    if (kind !== undefined) {
      read.pieces.push({ gap: read.gaps.length });
      read.gaps.push(kind);
      if (kind === 'bytes' || (kind === 'text' && shape.charAt(from) !== '"')) read.quoted = false;
    } else if (mark === MARK.normalised && read.normalisedAt === -1) {
      read.normalisedAt = read.pieces.length;
    } else if (mark === MARK.again && shape.charCodeAt(from) < read.gaps.length) {
      read.pieces.push({ again: shape.charCodeAt(from) });
      at = from;
      from += 1;
    } else if (mark !== '') throw new SealedContentError('A shape of the block has a mark that is not known');
  }
  if (read.normalisedAt === -1) throw new SealedContentError('A shape of the block is of half a record');
  return read;
}

function spelledOut(piece: Piece, values: readonly string[]): string {
  if ('literal' in piece) return piece.literal;
  return values['gap' in piece ? piece.gap : piece.again] ?? '';
}

function readNumbers(
  kind: Exclude<Gap, 'text'>,
  times: readonly number[],
  rest: ByteReader,
  random: ByteReader,
): string[] {
  if (kind === 'bytes')
    return times.map(() => random.take(random.take(LENGTH_BYTES).readUInt32BE()).toString('latin1'));
  if (kind === 'long') return times.map(() => String(random.take(LONG_BYTES).readBigUInt64BE()));
  const way = rest.number();
  if (way > AS_THEY_ARE) throw new SealedContentError('The block has numbers in a way that is not known');
  const column: number[] = [];
  for (const row of times.keys()) {
    if (way === AS_THEY_ARE) {
      const bytes = random.take(NUMBER_BYTES);
      column.push(bytes.readUIntBE(0, 1) * 2 ** 48 + bytes.readUIntBE(1, NUMBER_BYTES - 1));
    } else {
      const said = rest.number();
      column.push(near(way, column, times, row) + (said % 2 === 0 ? said / 2 : -(said + 1) / 2));
    }
  }
  if (column.some((value) => !Number.isSafeInteger(value) || value < 0)) {
    throw new SealedContentError('The block has a number that no record has');
  }
  return column.map(String);
}

type ByteReader = ReturnType<typeof byteReader>;

function byteReader(source: Uint8Array) {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;
  function take(count: number): Buffer {
    const taken = bytes.subarray(at, at + count);
    if (taken.length < count) throw cutShort();
    at += count;
    return taken;
  }
  return {
    take,
    number(): number {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = take(1).readUInt8();
        value += (byte % 128) * scale;
        if (!Number.isSafeInteger(value))
          throw new SealedContentError('The block has a number that is too large');
        if (byte < 128) return value;
      }
    },
    /** What stands before this byte; the byte is taken too. */
    until(mark: string): string {
      const end = bytes.indexOf(mark, at, 'latin1');
      if (end === -1) throw cutShort();
      const text = bytes.toString('latin1', at, end);
      at = end + 1;
      return text;
    },
    ended: () => at === bytes.length,
  };
}

function cutShort(): SealedContentError {
  return new SealedContentError('The content of the block is cut short');
}
