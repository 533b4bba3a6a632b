import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBlockIndex, encodeBlockIndex, summaryOfIndex } from '../../../shared/crypto/block-index.ts';
import { SealedFormatError } from '../../../shared/crypto/sealed-object-error.ts';
import { CATEGORIES } from '../../../shared/domain/record.ts';

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const entry = fc.record({
  recordId: hex(32),
  at: fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
  category: fc.constantFrom(...CATEGORIES),
  commitment: hex(64),
});
const entries = fc.uniqueArray(entry, { selector: (one) => one.recordId, maxLength: 20 });

describe('a block index', () => {
  it('gives back its entries, by time and then by id', () => {
    fc.assert(
      fc.property(entries, (some) => {
        const decoded = decodeBlockIndex(encodeBlockIndex(some));
        const sorted = [...some].sort(
          (a, b) => a.at.getTime() - b.at.getTime() || (a.recordId < b.recordId ? -1 : 1),
        );
        expect(decoded).toEqual(sorted);
      }),
    );
  });

  it('is the same bytes in whatever order the entries came', () => {
    fc.assert(
      fc.property(entries, (some) => {
        expect(encodeBlockIndex([...some].reverse()).equals(encodeBlockIndex(some))).toBe(true);
      }),
    );
  });

  it('is not made of a record twice, as it would not be read', () => {
    fc.assert(
      fc.property(entry, entries, (one, others) => {
        expect(() => encodeBlockIndex([one, ...others, { ...one, category: 'stay' }])).toThrow(RangeError);
      }),
    );
  });

  it('says of which categories its entries are, and how many there are', () => {
    fc.assert(
      fc.property(entries, (some) => {
        const categories = [...new Set(some.map(({ category }) => category))].sort();
        expect(summaryOfIndex(encodeBlockIndex(some))).toEqual({ categories, records: some.length });
      }),
    );
  });

  const two = encodeBlockIndex([
    { recordId: '0'.repeat(32), at: new Date(1), category: 'enquiry', commitment: 'a'.repeat(64) },
    { recordId: '1'.repeat(32), at: new Date(2), category: 'stay', commitment: 'b'.repeat(64) },
  ]);

  it.each([
    ['cut short', two.subarray(1)],
    ['out of order', Buffer.concat([two.subarray(57), two.subarray(0, 57)])],
    ['doubled', Buffer.concat([two.subarray(0, 57), two.subarray(0, 57)])],
    ['of an unknown category', Buffer.from(two.toString('hex').replace('0000000101', '0000000163'), 'hex')],
  ])('is refused %s', (_, index) => {
    expect(() => decodeBlockIndex(index)).toThrow(SealedFormatError);
  });
});
