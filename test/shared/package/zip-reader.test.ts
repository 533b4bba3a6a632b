import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { readZip, ZipFaultError } from '../../../shared/package/zip-reader.ts';
import { writeZip } from '../../../shared/package/zip-writer.ts';
import { entriesOf, type RawEntry, rawZip } from './raw-zip.ts';

const A: RawEntry = { name: 'a.txt', bytes: Buffer.from('first entry, first entry') };
const B: RawEntry = { name: 'folder/b.txt', bytes: Buffer.from('second') };

function fault(zip: Buffer): string {
  try {
    readZip(zip);
  } catch (error) {
    if (error instanceof ZipFaultError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a ZIP of the product', () => {
  it('is read alike by this reader and by another', async () => {
    const contents = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8})?\.[a-z]{3}$/), fc.uint8Array({ maxLength: 300 })),
      { maxLength: 6, selector: ([name]) => name },
    );
    await fc.assert(
      fc.asyncProperty(contents, async (entries) => {
        const given = entries.map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }));
        const zip = writeZip(given);
        expect(readZip(zip).map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) }))).toEqual(given);
        expect(await entriesOf(zip)).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  it('has the same bytes each time it is written', () => {
    expect(writeZip([A, B])).toEqual(writeZip([A, B]));
    expect(writeZip([A, B])).toEqual(rawZip([A, B]));
  });

  it('is refused with any one bit of it flipped, headers and all', () => {
    const zip = writeZip([A, B]);
    for (let bit = 0; bit < zip.length * 8; bit += 1) {
      const changed = Buffer.from(zip);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(fault(changed)).not.toBe('none');
    }
  });
});

describe('a ZIP of another writer', () => {
  const attacks: [string, Buffer, RegExp][] = [
    ['data before the first entry', rawZip([A, B], { prefix: Buffer.from('MZ') }), /does not begin where/],
    ['data after the end', Buffer.concat([rawZip([A, B]), Buffer.from('x')]), /no ZIP, it is cut short/],
    [
      'a second archive after the first',
      Buffer.concat([rawZip([A]), rawZip([B])]),
      /does not end where the file/,
    ],
    ['a comment', rawZip([A, B], { comment: 'hello' }), /no ZIP|comment/],
    ['a comment of an entry', rawZip([{ ...A, comment: 'hello' }]), /comment/],
    ['data between entries', rawZip([{ ...A, gap: Buffer.from('hidden') }, B]), /does not begin where/],
    [
      'data before the directory',
      rawZip([A, { ...B, gap: Buffer.from('hidden') }]),
      /between the last entry/,
    ],
    ['data behind an entry', rawZip([{ ...A, behind: Buffer.from('hidden') }]), /two sizes/],
    ['a deflated entry', rawZip([{ ...A, method: 8 }]), /packed/],
    ['sizes behind the data', rawZip([{ ...A, descriptor: true }]), /between the last|not as the product/],
    [
      'an extra field that holds times only',
      rawZip([{ ...A, extra: Buffer.from('5554050003a0b1c2d3', 'hex') }]),
      /extra field/,
    ],
    ['an extra field in the entry alone', extraInEntryAlone(), /extra field/],
    ['a symbolic link', rawZip([{ ...A, mode: 0o120777 }]), /not as the product/],
    ['a program that runs as its owner', rawZip([{ ...A, mode: 0o104755 }]), /not as the product/],
    ['a file that nobody may read', rawZip([{ ...A, mode: 0o100000 }]), /not as the product/],
    ['another time', rawZip([{ ...A, time: 0x5a210000 }]), /not as the product/],
    ['another system', rawZip([{ ...A, madeBy: 0x0014 }]), /not as the product/],
    ['another version', rawZip([{ ...A, needed: 63 }]), /not as the product/],
    ['attributes of its own', rawZip([{ ...A, internal: 1 }]), /not as the product/],
    ['a name that is there twice', rawZip([A, { ...B, name: 'a.txt' }]), /there twice/],
    ['names that differ in case alone', rawZip([A, { ...B, name: 'A.TXT' }]), /there twice/],
    ['an entry not in the directory', hidden(), /between the last entry|begin where/],
    ['two entries over the same data', rawZip([A, { ...A, name: 'b.txt', at: 0 }]), /begin where/],
    ['another name in the entry itself', rawZip([{ ...A, localName: 'z.txt' }]), /another name/],
    ['a parent folder', rawZip([{ ...A, name: '../a.txt' }]), /no name within/],
    ['an absolute name', rawZip([{ ...A, name: '/etc/passwd' }]), /no name within/],
    ['a drive', rawZip([{ ...A, name: 'C:a.txt' }]), /no name within/],
    ['a backslash', rawZip([{ ...A, name: '..\\a.txt' }]), /no name within/],
    ['a folder', rawZip([{ name: 'folder/', bytes: Buffer.alloc(0), method: 0 }]), /no name within/],
    ['a name with a bidirectional control', rawZip([{ ...A, name: 'a\u202etxt.exe' }]), /not shown/],
    ['an encrypted entry', rawZip([{ ...A, flags: 0x0801 }]), /not as the product/],
    ['another compression', rawZip([{ ...A, method: 93 }]), /packed/],
    [
      'an extra field that hides a name',
      rawZip([{ ...A, extra: Buffer.from('7075050001aabbccdd', 'hex') }]),
      /extra field/,
    ],
    ['a size that is too small', rawZip([{ ...A, size: 5 }]), /two sizes/],
    ['a size that is too large', rawZip([{ ...A, size: 50 }]), /two sizes/],
    ['a miscount', rawZip([A, B], { count: 1 }), /miscounts/],
    ['nothing at all', Buffer.alloc(0), /no ZIP/],
    ['many entries', rawZip(many()), /more than/],
  ];
  it.each(attacks)('is refused with %s', (_, zip, message) => {
    expect(fault(zip)).toMatch(message);
  });

  it('is refused when it is cut short anywhere', () => {
    const zip = rawZip([A, B]);
    for (let length = 0; length < zip.length; length += 1)
      expect(fault(zip.subarray(0, length))).not.toBe('none');
  });

  it('is refused as a bomb before anything is unpacked', () => {
    const bomb = { name: 'bomb', bytes: Buffer.alloc(20_000_000), method: 8 };
    expect(fault(rawZip([bomb]))).toMatch(/packed/);
    expect(fault(rawZip([{ ...bomb, size: 1_000 }]))).toMatch(/packed/);
  });

  it('never makes the reader break otherwise, whatever bytes are changed', () => {
    const zip = rawZip([A, B]);
    const changes = fc.array(fc.tuple(fc.nat({ max: zip.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(changes, (all) => {
        const changed = Buffer.from(zip);
        for (const [at, value] of all) changed[at] = value;
        fault(changed);
      }),
      { numRuns: 2000 },
    );
  });
});

/** An entry that only readers which walk the file from its start see. */
function hidden(): Buffer {
  const both = rawZip([A, B]);
  const first = rawZip([A]);
  const entryB = both.subarray(first.length - 22 - 46 - A.name.length, both.length - 22 - 46 * 2 - 17);
  const directoryAndEnd = Buffer.from(first.subarray(first.length - 22 - 46 - A.name.length));
  directoryAndEnd.writeUInt32LE(
    first.readUInt32LE(first.length - 6) + entryB.length,
    directoryAndEnd.length - 6,
  );
  return Buffer.concat([first.subarray(0, first.length - directoryAndEnd.length), entryB, directoryAndEnd]);
}

/** The entry's own header names an extra field that the directory doesn't. */
function extraInEntryAlone(): Buffer {
  const zip = rawZip([{ ...A, gap: Buffer.from('hidden') }]);
  zip.writeUInt16LE(6, 28);
  return zip;
}

function many(): RawEntry[] {
  return Array.from({ length: LIMITS.packageEntries + 1 }, (_, i) => ({ ...A, name: `${i}.txt` }));
}
