import { CATEGORIES, type Category } from '../domain/record.ts';
import { SealedFormatError } from './sealed-object-error.ts';

/** Numbers of categories in the index: part of the format, so a number is never given again. */
const CATEGORY_CODES = {
  enquiry: 1,
  complaint: 2,
  dispute: 3,
  'complaint-plan': 4,
  'abnormal-ticket': 5,
  'service-rating': 6,
  'crisis-report': 7,
  'call-recording': 8,
  cctv: 9,
  'ai-service': 10,
  'key-card': 11,
  stay: 12,
  employee: 13,
  system: 14,
} as const satisfies Record<Category, number>;

const ID_BYTES = 16;
const TIME_BYTES = 8;
const COMMITMENT_BYTES = 32;
const ENTRY_BYTES = ID_BYTES + TIME_BYTES + 1 + COMMITMENT_BYTES;

/** One record of a block as its row shows it: no word of it. `commitment` is salted (shared/crypto/record-commitment.ts). */
export type BlockIndexEntry = {
  /** 32 lower-case hex digits. */
  recordId: string;
  at: Date;
  category: Category;
  /** 64 lower-case hex digits. */
  commitment: string;
};

/** Order of records in a block and in its index: by time, then by id. */
export function inIndexOrder(a: { at: Date; recordId: string }, b: { at: Date; recordId: string }): number {
  return a.at.getTime() - b.at.getTime() || (a.recordId < b.recordId ? -1 : a.recordId > b.recordId ? 1 : 0);
}

/** Per record: id (16) ‖ milliseconds since 1970 (u64) ‖ category (1) ‖ commitment (32), in index order. */
export function encodeBlockIndex(entries: readonly BlockIndexEntry[]): Buffer {
  const sorted = [...entries].sort(inIndexOrder);
  let previous: BlockIndexEntry | undefined;
  const index = Buffer.alloc(sorted.length * ENTRY_BYTES);
  for (const [position, entry] of sorted.entries()) {
    if (!/^[0-9a-f]{32}$/.test(entry.recordId) || !/^[0-9a-f]{64}$/.test(entry.commitment)) {
      throw new RangeError('A record id has 32 hex digits, a commitment 64');
    }
    if (previous !== undefined && inIndexOrder(previous, entry) === 0) {
      throw new RangeError('A record is in a block once');
    }
    previous = entry;
    const at = position * ENTRY_BYTES;
    index.write(entry.recordId, at, 'hex');
    const milliseconds = entry.at.getTime();
    if (!(milliseconds >= 0)) throw new RangeError('A record of a block has a time from 1970 on');
    index.writeUInt32BE(Math.floor(milliseconds / 2 ** 32), at + ID_BYTES);
    index.writeUInt32BE(milliseconds % 2 ** 32, at + ID_BYTES + 4);
    index[at + ID_BYTES + TIME_BYTES] = CATEGORY_CODES[entry.category];
    index.write(entry.commitment, at + ID_BYTES + TIME_BYTES + 1, 'hex');
  }
  return index;
}

/** The categories of an index, each once, sorted, and how many entries it has. Throws SealedFormatError. */
export function summaryOfIndex(index: Uint8Array): { categories: Category[]; records: number } {
  if (index.length % ENTRY_BYTES !== 0) throw new SealedFormatError('The block index is cut short');
  const codes = new Set<number | undefined>();
  for (let at = ID_BYTES + TIME_BYTES; at < index.length; at += ENTRY_BYTES) codes.add(index[at]);
  return { categories: [...codes].map(categoryOf).sort(), records: index.length / ENTRY_BYTES };
}

function categoryOf(code: number | undefined): Category {
  const category = CATEGORIES.find((name) => CATEGORY_CODES[name] === code);
  if (category === undefined) throw new SealedFormatError('The block index has a category that is not known');
  return category;
}

/** The entries of an index. Throws SealedFormatError where it is cut short, unsorted, doubled, or has an unknown category. */
export function decodeBlockIndex(index: Uint8Array): BlockIndexEntry[] {
  if (index.length % ENTRY_BYTES !== 0) throw new SealedFormatError('The block index is cut short');
  const bytes = Buffer.from(index.buffer, index.byteOffset, index.byteLength);
  const entries: BlockIndexEntry[] = [];
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const code = bytes[at + ID_BYTES + TIME_BYTES];
    const category = CATEGORIES.find((name) => CATEGORY_CODES[name] === code);
    const entry = {
      recordId: bytes.toString('hex', at, at + ID_BYTES),
      at: new Date(Number(bytes.readBigUInt64BE(at + ID_BYTES))),
      commitment: bytes.toString('hex', at + ID_BYTES + TIME_BYTES + 1, at + ENTRY_BYTES),
    };
    if (category === undefined || Number.isNaN(entry.at.getTime())) {
      throw new SealedFormatError('The block index has a category or time that is not known');
    }
    const previous = entries.at(-1);
    if (previous !== undefined && inIndexOrder(previous, entry) >= 0) {
      throw new SealedFormatError('The block index is not in order');
    }
    entries.push({ ...entry, category });
  }
  return entries;
}
