import { crc32 } from 'node:zlib';

export type ZipEntry = { name: string; bytes: Uint8Array };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Made under Unix, so that the rights below count; version 2.0 of the format. */
const MADE_BY = 0x0314;
const NEEDED = 20;
const UTF8_NAMES = 0x0800;
// ZIP times have no zone. When the package was made stands in its manifest; here every time is the format's first day.
const FIRST_DAY = 0x0021;
/** A plain file that its owner reads and writes. */
const RIGHTS = 0o100600;

/**
 * The one ZIP that the product makes of these entries, in this order: stored, without extra fields or comments, so that
 * no byte depends on a machine, a compressor or its version, and whoever reads it can ask for exactly these bytes.
 */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  return Buffer.concat([...zipParts(entries)]);
}

/** The container's bytes, piece by piece: headers, names and the entries' own bytes. */
export function* zipParts(entries: readonly ZipEntry[]): Generator<Uint8Array> {
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const named = Buffer.from(name);
    const facts = factsOf(named, bytes);
    const header = Buffer.alloc(4);
    header.writeUInt32LE(LOCAL);
    yield* [header, facts, named, bytes];
    directory.push(listing(facts, at), named);
    at += header.length + facts.length + named.length + bytes.length;
  }
  const listed = Buffer.concat(directory);
  yield* [listed, endOf(entries.length, listed.length, at)];
}

/** What an entry's own header and its listing say alike, from the version that it needs to the length of extra fields. */
function factsOf(name: Buffer, bytes: Uint8Array): Buffer {
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(NEEDED, 0);
  facts.writeUInt16LE(UTF8_NAMES, 2);
  facts.writeUInt16LE(FIRST_DAY, 8);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(bytes.length, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(name.length, 22);
  return facts;
}

function listing(facts: Buffer, at: number): Buffer {
  const record = Buffer.alloc(46);
  record.writeUInt32LE(CENTRAL, 0);
  record.writeUInt16LE(MADE_BY, 4);
  facts.copy(record, 6);
  record.writeUInt32LE(RIGHTS * 0x10000, 38);
  record.writeUInt32LE(at, 42);
  return record;
}

function endOf(entries: number, directoryBytes: number, directoryAt: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(directoryAt, 16);
  return end;
}
