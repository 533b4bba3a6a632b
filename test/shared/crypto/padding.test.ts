import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BLOCK_PHRASES } from '../../../shared/crypto/block-phrases.ts';
import { pack, pad, padme, unpack, unpad } from '../../../shared/crypto/padding.ts';
import { SealedContentError } from '../../../shared/crypto/sealed-object-error.ts';

describe('padding', () => {
  it.each([
    [0, 0],
    [1, 1],
    [9, 10],
    [100, 104],
    [1_000, 1_024],
    [1_025, 1_088],
    [1_000_000, 1_015_808],
  ])('makes %i bytes %i (Padmé)', (length, padded) => {
    expect(padme(length)).toBe(padded);
  });

  it('never shrinks, never adds more than 12 %, and leaves what is padded as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 40 }), (length) => {
        const padded = padme(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded).toBeLessThanOrEqual(length * 1.12);
        expect(padme(padded)).toBe(padded);
      }),
    );
  });

  it('gives back what was padded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(128), (bytes, floor) => {
        const padded = pad(bytes, floor);
        expect(padded.length).toBeGreaterThanOrEqual(floor);
        expect(unpad(padded, floor).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([
    ['without a dictionary', undefined],
    ['with one', BLOCK_PHRASES],
  ])(
    'gives back what was compressed %s, from nothing on, and whatever part of it stays as it is',
    (_, dictionary) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, most) => {
          for (const asItIs of new Set([0, Math.min(most, bytes.length), bytes.length])) {
            const packed = pack(bytes, dictionary, asItIs);
            expect(unpack(packed, bytes.length, dictionary, () => asItIs).equals(bytes)).toBe(true);
          }
        }),
        {
          examples: [
            [new Uint8Array(), 0],
            [new Uint8Array(1), 0],
          ],
        },
      );
    },
  );

  it('has one form: another length, or a byte that is not zero, is refused', () => {
    const padded = pad(Buffer.from('nine bytes'), 64);
    expect(() => unpad(Buffer.concat([padded, Buffer.alloc(1)]), 64)).toThrow(SealedContentError);
    padded[60] = 1;
    expect(() => unpad(padded, 64)).toThrow(SealedContentError);
    expect(() => unpad(Buffer.alloc(2))).toThrow(SealedContentError);
    expect(() => unpad(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]))).toThrow(SealedContentError);
  });
});
