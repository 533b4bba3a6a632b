import { SealedFormatError } from './sealed-object-error.ts';
import { SUITE } from './suite.ts';

/** Every kind of object began with it. */
const FIRST_VERSION = 1;
const FIXED_BYTES = 8;
const LONGEST_TEXT_BYTES = 128;
const ID_BYTES = 16;
const ID_DIGITS = /^[0-9a-f]{32}$/;

/** Fields of a header in the order in which the format lists them. */
export type HeaderField =
  | { kind: 'text'; value: string }
  /** `prefix` is not written where 32 hex digits follow it. */
  | { kind: 'id'; prefix: string; value: string }
  | { kind: 'u32'; value: number }
  | { kind: 'bytes'; value: Uint8Array };

/**
 * magic (4) ‖ format version (1) ‖ suite (1) ‖ length of the fields (u16) ‖ fields. A text is its length in bytes (u8)
 * and its UTF-8; an id of the usual form is a length of 0 and the bytes of its digits, another one a text; a u32 is
 * big-endian; bytes of fixed length stand as they are. One header has one encoding.
 */
export function encodeHeader(
  magic: string,
  fields: readonly HeaderField[],
  version: number = FIRST_VERSION,
): Buffer {
  const header = Buffer.allocUnsafe(FIXED_BYTES + fields.length * (1 + LONGEST_TEXT_BYTES));
  header.write(magic, 0, 'latin1');
  header[4] = version;
  header[5] = SUITE;
  let at = FIXED_BYTES;
  for (const field of fields) {
    const { kind, value } = field;
    if (kind === 'u32') {
      at = header.writeUInt32BE(value, at);
    } else if (kind === 'bytes') {
      header.set(value, at);
      at += value.length;
    } else if (kind === 'id' && isUsualId(value, field.prefix)) {
      header[at] = 0;
      at += 1 + header.write(value.slice(field.prefix.length), at + 1, 'hex');
    } else {
      const length = Buffer.byteLength(value);
      if (length === 0 || length > LONGEST_TEXT_BYTES) {
        throw new RangeError(`A text of a header has 1 to ${LONGEST_TEXT_BYTES} bytes`);
      }
      header[at] = length;
      at += 1 + header.write(value, at + 1);
    }
  }
  header.writeUInt16BE(at - FIXED_BYTES, 6);
  return header.subarray(0, at);
}

function isUsualId(id: string, prefix: string): boolean {
  return id.startsWith(prefix) && ID_DIGITS.test(id.slice(prefix.length));
}

export type HeaderReader<Version extends number> = {
  version: Version;
  length: number;
  text(): string;
  id(prefix: string): string;
  u32(): number;
  bytes(count: number): Buffer;
  end(): void;
};

/**
 * Reads the fields of a header of one of these versions in turn; `end` makes sure that nothing is left. Throws
 * SealedFormatError.
 */
export function readHeader(magic: string, sealed: Uint8Array): HeaderReader<typeof FIRST_VERSION>;
export function readHeader<Version extends number>(
  magic: string,
  sealed: Uint8Array,
  versions: readonly Version[],
): HeaderReader<Version>;
export function readHeader(
  magic: string,
  sealed: Uint8Array,
  versions: readonly number[] = [FIRST_VERSION],
): HeaderReader<number> {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < FIXED_BYTES || bytes.toString('latin1', 0, 4) !== magic) {
    throw new SealedFormatError(`These bytes are no ${magic} object`);
  }
  const version = versions.find((one) => one === bytes[4]);
  if (version === undefined || bytes[5] !== SUITE) {
    throw new SealedFormatError(`This ${magic} object has a version or suite that is not known`);
  }
  const length = FIXED_BYTES + bytes.readUInt16BE(6);
  let at = FIXED_BYTES;
  function take(count: number): Buffer {
    const end = at + count;
    if (end > length || end > bytes.length) throw new SealedFormatError('The header is cut short');
    const taken = bytes.subarray(at, end);
    at = end;
    return taken;
  }
  function textOf(count: number): string {
    if (count === 0 || count > LONGEST_TEXT_BYTES) {
      throw new SealedFormatError('A text of the header has a length that is not allowed');
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(take(count));
    } catch (cause) {
      if (cause instanceof SealedFormatError) throw cause;
      throw new SealedFormatError('A text of the header is not UTF-8', { cause });
    }
  }
  return {
    version,
    length,
    text: () => textOf(take(1).readUInt8()),
    id(prefix: string): string {
      const count = take(1).readUInt8();
      if (count === 0) return `${prefix}${take(ID_BYTES).toString('hex')}`;
      const id = textOf(count);
      if (isUsualId(id, prefix))
        throw new SealedFormatError('An id of the header is not written as it should be');
      return id;
    },
    u32: () => take(4).readUInt32BE(),
    bytes: (count: number) => take(count),
    end(): void {
      if (at !== length) throw new SealedFormatError('The header is longer than its fields');
    },
  };
}
