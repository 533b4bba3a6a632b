import { crc32 } from 'node:zlib';
import { LIMITS } from '../domain/limits.ts';
import { type ZipEntry, zipParts } from './zip-writer.ts';

/** The container isn't the one that the product writes. The message says what and where, never content. */
export class ZipFaultError extends Error {
  override name = 'ZipFaultError';
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const STORED = 0;

type Listed = { name: string; method: number; crc: number; packed: number; size: number; at: number };

/**
 * Reads a ZIP of the product's own making and no other: what it holds is read by the directory and by the entries' own
 * headers, and then the file must be, byte for byte, the one that `writeZip` makes of it. So no header can say
 * anything else to another reader (rights, links, times, extra fields), and nothing can hide in one.
 * Throws ZipFaultError.
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length > LIMITS.packageBytes)
    throw new ZipFaultError(`the file is larger than ${LIMITS.packageBytes} bytes`);
  const { listed, directoryAt } = readDirectory(file);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (const entry of listed) {
    if (entry.at !== at)
      throw new ZipFaultError(`${entry.name} does not begin where the entry before it ends`);
    const data = readLocal(file, entry, directoryAt);
    entries.push({ name: entry.name, bytes: data });
    at = data.byteOffset + data.length - file.byteOffset;
  }
  if (at !== directoryAt)
    throw new ZipFaultError('there is data between the last entry and the central directory');
  checkWritten(file, entries);
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
    if (extraBytes !== 0) throw new ZipFaultError(`${name} has an extra field`);
    if (commentBytes !== 0 || file.readUInt16LE(at + 34) !== 0) {
      throw new ZipFaultError(`${name} has a comment or lies on another disk`);
    }
    // Names that some file systems take for one would overwrite each other when unpacked.
    const folded = name.normalize('NFKC').toLowerCase();
    if (names.has(folded)) throw new ZipFaultError(`${name} is there twice`);
    names.add(folded);
    listed.push({
      name,
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

/** The bytes of an entry, as its own header frames them. */
function readLocal(file: Buffer, { name, method, crc, packed, size, at }: Listed, limit: number): Buffer {
  if (method !== STORED || packed !== size)
    throw new ZipFaultError(`${name} is packed, encrypted or has two sizes`);
  if (at + 30 > limit || file.readUInt32LE(at) !== LOCAL)
    throw new ZipFaultError(`${name} has no header of its own`);
  const nameBytes = file.readUInt16LE(at + 26);
  if (file.readUInt16LE(at + 28) !== 0) throw new ZipFaultError(`${name} has an extra field`);
  const dataAt = at + 30 + nameBytes;
  if (dataAt + size > limit) throw new ZipFaultError(`${name} is cut short`);
  if (file.toString('utf8', at + 30, dataAt) !== name) {
    throw new ZipFaultError(`${name} has another name in its own header`);
  }
  const data = file.subarray(dataAt, dataAt + size);
  if (crc32(data) !== crc) throw new ZipFaultError(`${name} is damaged`);
  return data;
}

/** What is left are the headers' other fields: versions, flags, times, rights. They are the product's or none. */
function checkWritten(file: Buffer, entries: readonly ZipEntry[]): void {
  let at = 0;
  for (const part of zipParts(entries)) {
    if (!file.subarray(at, at + part.length).equals(part)) {
      throw new ZipFaultError(`a header at byte ${at} is not as the product writes it`);
    }
    at += part.length;
  }
  if (at !== file.length) throw new ZipFaultError('the file is longer than what the product writes');
}
