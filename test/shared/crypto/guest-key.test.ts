import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { unwrapGuestKey, wrapGuestKey } from '../../../shared/crypto/guest-key.ts';
import { SealedFormatError, TamperedError } from '../../../shared/crypto/sealed-object-error.ts';

const place = {
  hotel: 'SHA01',
  recordClass: 'ordinary',
  period: '2026-11',
  guestId: 'gst_1',
  keyId: 'gk_1',
  version: 1,
};
const periodKey = randomBytes(32);
const guestKey = randomBytes(32);
const wrapped = wrapGuestKey(periodKey, guestKey, place);

describe('a wrapped guest key', () => {
  it('unwraps in its place', () => {
    expect(unwrapGuestKey(periodKey, wrapped, place).equals(guestKey)).toBe(true);
  });

  it('is another ciphertext each time', () => {
    expect(Buffer.from(wrapGuestKey(periodKey, guestKey, place)).equals(wrapped)).toBe(false);
  });

  it.each([
    ['hotel', { hotel: 'HGH02' }],
    ['class', { recordClass: 'stay' }],
    ['period', { period: '2026-12' }],
    ['guest', { guestId: 'gst_2' }],
    ['guest-key id', { keyId: 'gk_2' }],
    ['version', { version: 2 }],
    ['boundary between two fields', { hotel: 'SHA01ordinary', recordClass: '' }],
  ])('does not unwrap for another %s', (_, change) => {
    expect(() => unwrapGuestKey(periodKey, wrapped, { ...place, ...change })).toThrow(TamperedError);
  });

  it('does not unwrap under another key, nor with any bit flipped, nor cut', () => {
    expect(() => unwrapGuestKey(randomBytes(32), wrapped, place)).toThrow(TamperedError);
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const flipped = Buffer.from(wrapped);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => unwrapGuestKey(periodKey, flipped, place)).toThrow(TamperedError);
    }
    expect(() => unwrapGuestKey(periodKey, wrapped.subarray(0, 20), place)).toThrow(SealedFormatError);
  });
});
