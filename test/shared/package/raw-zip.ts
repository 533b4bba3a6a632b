import { crc32, deflateRawSync } from 'node:zlib';
import yauzl from 'yauzl';

/** One entry as an attacker writes it: any field may lie. */
export type RawEntry = {
  name: string;
  bytes: Uint8Array;
  /** The name in the entry's own header, where it differs. */
  localName?: string;
  /** What follows the deflated data, still counted as packed. */
  behind?: Uint8Array;
  /** The size that the headers state. */
  size?: number;
  flags?: number;
  method?: number;
  extra?: Uint8Array;
  comment?: string;
  /** Bytes between this entry and the next, belonging to none. */
  gap?: Uint8Array;
  /** The offset that the central directory states. */
  at?: number;
  /** Sizes come after the data, as streaming writers put them. */
  descriptor?: boolean;
  /** Which program made the entry, and under which system. */
  madeBy?: number;
  needed?: number;
  /** Date and time of day, as DOS counts them. */
  time?: number;
  internal?: number;
  /** Unix rights and kind of file. */
  mode?: number;
};

/** A ZIP of these entries, written field by field: as the product does, but for what is asked for. */
export function rawZip(
  entries: RawEntry[],
  { prefix = Buffer.alloc(0), comment = '', count = entries.length } = {},
): Buffer {
  const parts: Buffer[] = [prefix];
  const central: Buffer[] = [];
  let at = prefix.length;
  function put(...chunks: Uint8Array[]): void {
    for (const chunk of chunks) {
      parts.push(Buffer.from(chunk));
      at += chunk.length;
    }
  }
  for (const entry of entries) {
    const start = at;
    const { method = 0, extra = Buffer.alloc(0), descriptor = false } = entry;
    const { madeBy = 0x0314, needed = 20, time = 0x00210000, internal = 0, mode = 0o100600 } = entry;
    const flags = (entry.flags ?? 0x0800) | (descriptor ? 8 : 0);
    const packed = Buffer.concat([
      method === 8 ? deflateRawSync(entry.bytes) : Buffer.from(entry.bytes),
      entry.behind ?? Buffer.alloc(0),
    ]);
    const size = entry.size ?? entry.bytes.length;
    const numbers = sizes(crc32(entry.bytes), packed.length, size);
    const name = Buffer.from(entry.localName ?? entry.name);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(needed, 4);
    header.writeUInt16LE(flags, 6);
    header.writeUInt16LE(method, 8);
    header.writeUInt32LE(time, 10);
    if (!descriptor) numbers.copy(header, 14);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(extra.length, 28);
    put(header, name, extra, packed);
    if (descriptor) put(Buffer.from('504b0708', 'hex'), numbers);
    if (entry.gap !== undefined) put(entry.gap);
    const listed = Buffer.from(entry.name);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(madeBy, 4);
    record.writeUInt16LE(needed, 6);
    record.writeUInt16LE(flags, 8);
    record.writeUInt16LE(method, 10);
    record.writeUInt32LE(time, 12);
    numbers.copy(record, 16);
    record.writeUInt16LE(listed.length, 28);
    record.writeUInt16LE(extra.length, 30);
    record.writeUInt16LE(Buffer.byteLength(entry.comment ?? ''), 32);
    record.writeUInt16LE(internal, 36);
    record.writeUInt32LE(mode * 0x10000, 38);
    record.writeUInt32LE(entry.at ?? start, 42);
    central.push(Buffer.concat([record, listed, extra, Buffer.from(entry.comment ?? '')]));
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, directory, end, Buffer.from(comment)]);
}

function sizes(crc: number, packed: number, size: number): Buffer {
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32LE(crc, 0);
  numbers.writeUInt32LE(packed, 4);
  numbers.writeUInt32LE(size, 8);
  return numbers;
}

/** The entries as another reader sees them. */
export async function entriesOf(bytes: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const entries: { name: string; bytes: Buffer }[] = [];
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
    entries.push({ name: entry.fileName, bytes: Buffer.concat(chunks) });
  }
  return entries;
}
