import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { packIndex, unpackIndex } from '../../../shared/crypto/packed-index.ts';
import { SealedFormatError } from '../../../shared/crypto/sealed-object-error.ts';
import { CATEGORIES } from '../../../shared/domain/record.ts';

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const entry = fc.record({
  recordId: hex(32),
  at: fc.date({ min: new Date(0), noInvalidDate: true }),
  category: fc.constantFrom(...CATEGORIES),
  commitment: hex(64),
});
const index = fc
  .uniqueArray(entry, { selector: (one) => one.recordId, maxLength: 20 })
  .map((entries) => encodeBlockIndex(entries));

describe('a packed block index', () => {
  it('gives back the index byte by byte', () => {
    fc.assert(
      fc.property(index, (bytes) => {
        expect(unpackIndex(packIndex(bytes) ?? new Uint8Array()).equals(bytes)).toBe(true);
      }),
    );
  });

  it('takes five bytes less or more for each message of a talk', () => {
    const entries = Array.from({ length: 20 }, (_, place) => ({
      recordId: String(place).padStart(32, '0'),
      at: new Date(Date.UTC(2026, 4, 1) + place * 60_000),
      category: 'enquiry' as const,
      commitment: 'a'.repeat(64),
    }));
    const bytes = encodeBlockIndex(entries);
    expect(bytes.length - (packIndex(bytes)?.length ?? 0)).toBeGreaterThan(5 * entries.length);
  });

  it('leaves alone what is no index', () => {
    expect(packIndex(Uint8Array.of(1, 2, 3))).toBeNull();
  });

  it('gives an index or a reason for any bytes, and never more room than they fill', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(unpackIndex(bytes).length).toBeLessThanOrEqual(2 * bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(SealedFormatError);
        }
      }),
    );
  });

  it('is refused where a byte is missing or too many', () => {
    fc.assert(
      fc.property(index, (bytes) => {
        const packed = packIndex(bytes) ?? Buffer.alloc(0);
        expect(() => unpackIndex(packed.subarray(0, -1))).toThrow(SealedFormatError);
        expect(() => unpackIndex(Buffer.concat([packed, Buffer.alloc(1)]))).toThrow(SealedFormatError);
      }),
    );
  });
});
