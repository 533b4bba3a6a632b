import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pad, padme, unpad } from '../../../shared/crypto/padding.ts';
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

  it('has one form: another length, or a byte that is not zero, is refused', () => {
    const padded = pad(Buffer.from('nine bytes'), 64);
    expect(() => unpad(Buffer.concat([padded, Buffer.alloc(1)]), 64)).toThrow(SealedContentError);
    padded[60] = 1;
    expect(() => unpad(padded, 64)).toThrow(SealedContentError);
    expect(() => unpad(Buffer.alloc(2))).toThrow(SealedContentError);
    expect(() => unpad(Buffer.from([0xff, 0xff, 0xff, 0xff, 0]))).toThrow(SealedContentError);
  });
});
