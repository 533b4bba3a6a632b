import { crc32, inflateRawSync } from 'node:zlib';
import { LIMITS } from '../domain/limits.ts';
import type { ZipEntry } from './zip-writer.ts';

/** The container isn't one that says the same to every reader. The message says what and where, never content. */
export class ZipFaultError extends Error {
  override name = 'ZipFaultError';
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DESCRIPTOR = 0x08074b50;
const STORED = 0;
const DEFLATED = 8;
/** UTF-8 names, a data descriptor, and the two bits that say how hard the deflater tried. */
const KNOWN_FLAGS = 0x0800 | 0x0008 | 0x0006;
const WITH_DESCRIPTOR = 0x0008;
/** Extra fields that hold times and owners only, with the most bytes that each takes. */
const HARMLESS_EXTRAS: Record<number, number> = { 21589: 13, 30837: 24 };

type Listed = {
  name: string;
  flags: number;
  method: number;
  crc: number;
  packed: number;
  size: number;
  at: number;
};

/**
 * Reads a ZIP in which every byte is accounted for: entries one after the other from the first byte, in the order of
 * the central directory, which follows them at once and ends the file; local and central headers agree. Anything else
 * (a second entry of a name, hidden or overlapping data, a comment, another reader's view of the same file) is a fault.
 * Throws ZipFaultError.
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > LIMITS.packageBytes)
    throw new ZipFaultError(`the file is larger than ${LIMITS.packageBytes} bytes`);
  const { listed, directoryAt } = readDirectory(file);
  checkSizes(listed);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (const entry of listed) {
    if (entry.at !== at)
      throw new ZipFaultError(`${entry.name} does not begin where the entry before it ends`);
    const { data, end } = readLocal(file, entry, directoryAt);
    entries.push({ name: entry.name, bytes: unpack(entry, data) });
    at = end;
  }
  if (at !== directoryAt)
    throw new ZipFaultError('there is data between the last entry and the central directory');
  return entries;
}

function readDirectory(file: Buffer): { listed: Listed[]; directoryAt: number } {
  const end = file.length - 22;
  if (end < 0 || file.readUInt32LE(end) !== END) {
    throw new ZipFaultError('this is no ZIP, it is cut short, or something follows its end');
  }
  const disks = file.readUInt32LE(end + 4);
  const here = file.readUInt16LE(end + 8);
  const count = file.readUInt16LE(end + 10);
  const size = file.readUInt32LE(end + 12);
  const directoryAt = file.readUInt32LE(end + 16);
  if (disks !== 0 || here !== count || file.readUInt16LE(end + 20) !== 0) {
    throw new ZipFaultError('the end of the central directory has a comment or names several disks');
  }
  if (directoryAt + size !== end)
    throw new ZipFaultError('the central directory does not end where the file does');
  if (count > LIMITS.packageEntries)
    throw new ZipFaultError(`there are more than ${LIMITS.packageEntries} entries`);
  const listed: Listed[] = [];
  const names = new Set<string>();
  let at = directoryAt;
  while (at < end) {
    if (at + 46 > end || file.readUInt32LE(at) !== CENTRAL) {
      throw new ZipFaultError('the central directory holds something that is no entry');
    }
    const nameBytes = file.readUInt16LE(at + 28);
    const extraBytes = file.readUInt16LE(at + 30);
    const commentBytes = file.readUInt16LE(at + 32);
    const next = at + 46 + nameBytes + extraBytes + commentBytes;
    if (next > end) throw new ZipFaultError('an entry of the central directory is cut short');
    const name = readName(file.subarray(at + 46, at + 46 + nameBytes));
    checkExtras(file.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes), name);
    if (commentBytes !== 0 || file.readUInt16LE(at + 34) !== 0) {
      throw new ZipFaultError(`${name} has a comment or lies on another disk`);
    }
    // Names that some file systems take for one would overwrite each other when unpacked.
    const folded = name.normalize('NFKC').toLowerCase();
    if (names.has(folded)) throw new ZipFaultError(`${name} is there twice`);
    names.add(folded);
    listed.push({
      name,
      flags: file.readUInt16LE(at + 8),
      method: file.readUInt16LE(at + 10),
      crc: file.readUInt32LE(at + 16),
      packed: file.readUInt32LE(at + 20),
      size: file.readUInt32LE(at + 24),
      at: file.readUInt32LE(at + 42),
    });
    at = next;
  }
  if (listed.length !== count) throw new ZipFaultError('the central directory miscounts its entries');
  return { listed, directoryAt };
}

function readName(bytes: Buffer): string {
  const name = bytes.toString('utf8');
  if (!Buffer.from(name, 'utf8').equals(bytes) || /\p{C}/u.test(name)) {
    throw new ZipFaultError('an entry’s name has characters that are not shown');
  }
  const parts = name.split('/');
  const escapes =
    /^[A-Za-z]:|\\/.test(name) || parts.some((part) => part === '' || part === '.' || part === '..');
  if (escapes) throw new ZipFaultError(`${JSON.stringify(name)} is no name within the package`);
  return name;
}

function checkExtras(extra: Buffer, name: string): void {
  let at = 0;
  while (at < extra.length) {
    const id = at + 4 <= extra.length ? extra.readUInt16LE(at) : -1;
    const size = at + 4 <= extra.length ? extra.readUInt16LE(at + 2) : 0;
    const most = HARMLESS_EXTRAS[id];
    if (most === undefined || size > most || at + 4 + size > extra.length) {
      throw new ZipFaultError(`${name} has an extra field that this package has no use for`);
    }
    at += 4 + size;
  }
}

function checkSizes(listed: Listed[]): void {
  let total = 0;
  for (const { name, flags, method, packed, size } of listed) {
    if ((flags & ~KNOWN_FLAGS) !== 0)
      throw new ZipFaultError(`${name} is encrypted or has flags that are not known`);
    if (method !== STORED && method !== DEFLATED)
      throw new ZipFaultError(`${name} is packed by another method`);
    if (method === STORED && packed !== size) throw new ZipFaultError(`${name} has two sizes`);
    if (size > LIMITS.packageExpansionRatio * (packed + 16)) {
      throw new ZipFaultError(`${name} expands more than ${LIMITS.packageExpansionRatio} times`);
    }
    total += size;
  }
  if (total > LIMITS.packageExpandedBytes) {
    throw new ZipFaultError(`the entries expand to more than ${LIMITS.packageExpandedBytes} bytes`);
  }
}

/** The packed data of an entry, and where the next one must begin. */
function readLocal(file: Buffer, entry: Listed, limit: number): { data: Buffer; end: number } {
  const { name, at } = entry;
  if (at + 30 > limit || file.readUInt32LE(at) !== LOCAL)
    throw new ZipFaultError(`${name} has no header of its own`);
  const nameBytes = file.readUInt16LE(at + 26);
  const dataAt = at + 30 + nameBytes + file.readUInt16LE(at + 28);
  const dataEnd = dataAt + entry.packed;
  if (dataEnd > limit) throw new ZipFaultError(`${name} is cut short`);
  if (file.toString('utf8', at + 30, at + 30 + nameBytes) !== name) {
    throw new ZipFaultError(`${name} has another name in its own header`);
  }
  checkExtras(file.subarray(at + 30 + nameBytes, dataAt), name);
  const own = [file.readUInt16LE(at + 6), file.readUInt16LE(at + 8)];
  if (own[0] !== entry.flags || own[1] !== entry.method)
    throw new ZipFaultError(`${name} has two kinds of header`);
  const data = file.subarray(dataAt, dataEnd);
  const sizes = [file.readUInt32LE(at + 14), file.readUInt32LE(at + 18), file.readUInt32LE(at + 22)];
  const streamed = (entry.flags & WITH_DESCRIPTOR) !== 0;
  const unsaid = streamed && sizes.every((size) => size === 0);
  if (!unsaid && !isSame(sizes, entry)) throw new ZipFaultError(`${name} has two sizes or checksums`);
  return { data, end: streamed ? descriptorEnd(file, dataEnd, entry, limit) : dataEnd };
}

function isSame(sizes: number[], { crc, packed, size }: Listed): boolean {
  return sizes[0] === crc && sizes[1] === packed && sizes[2] === size;
}

function descriptorEnd(file: Buffer, at: number, entry: Listed, limit: number): number {
  const start = at + 4 <= limit && file.readUInt32LE(at) === DESCRIPTOR ? at + 4 : at;
  if (start + 12 > limit) throw new ZipFaultError(`${entry.name} is cut short`);
  const sizes = [file.readUInt32LE(start), file.readUInt32LE(start + 4), file.readUInt32LE(start + 8)];
  if (!isSame(sizes, entry)) throw new ZipFaultError(`${entry.name} has two sizes or checksums`);
  return start + 12;
}

function unpack({ name, method, size, crc }: Listed, data: Buffer): Uint8Array {
  const bytes = method === STORED ? data : inflate(name, data, size);
  if (bytes.length !== size || crc32(bytes) !== crc) throw new ZipFaultError(`${name} is damaged`);
  return bytes;
}

function inflate(name: string, data: Buffer, size: number): Uint8Array {
  let result: unknown;
  try {
    // One byte more than it says, so that more is seen as more. `info`: how much of the packed data was used.
    result = inflateRawSync(data, { maxOutputLength: size + 1, info: true });
  } catch (error) {
    throw new ZipFaultError(`${name} does not unpack to what it says`, { cause: error });
  }
  if (!isInflated(result)) throw new TypeError('The inflater gave no account of its work');
  if (result.engine.bytesWritten !== data.length) throw new ZipFaultError(`${name} has data behind its end`);
  return result.buffer;
}

function isInflated(value: unknown): value is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  if (typeof value !== 'object' || value === null || !('buffer' in value) || !('engine' in value))
    return false;
  const { buffer, engine } = value;
  return (
    buffer instanceof Uint8Array && typeof engine === 'object' && engine !== null && 'bytesWritten' in engine
  );
}
