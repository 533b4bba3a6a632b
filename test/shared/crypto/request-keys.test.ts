import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  KeyCommitmentError,
  SealedObjectError,
  TamperedError,
  WrongSealedObjectError,
} from '../../../shared/crypto/sealed-object-error.ts';
import { openText, sealText, textCommitment } from '../../../shared/crypto/sealed-text.ts';
import { openStaged, sealStaged } from '../../../shared/crypto/staged-object.ts';

const key = randomBytes(32);
const place = { requestId: 'req_1', field: 'subject' };

describe('a sealed text', () => {
  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(openText(key, place, sealText(key, place, text))).toBe(text);
      }),
    );
  });

  it('is as long for a short phone number as for a long one', () => {
    expect(sealText(key, place, '110')).toHaveLength(sealText(key, place, '+86 138 0013 8000').length);
  });

  it('opens neither for another request, nor in another field, nor under another key', () => {
    const sealed = sealText(key, place, 'words');
    expect(() => openText(key, { ...place, requestId: 'req_2' }, sealed)).toThrow(TamperedError);
    expect(() => openText(key, { ...place, field: 'remarks' }, sealed)).toThrow(TamperedError);
    expect(() => openText(randomBytes(32), place, sealed)).toThrow(TamperedError);
  });

  it('has a commitment that only the evidence key proves', () => {
    expect(textCommitment(key, place, 'yes')).toBe(textCommitment(key, place, 'yes'));
    const others = [
      textCommitment(key, place, 'no'),
      textCommitment(key, { ...place, field: 'remarks' }, 'yes'),
      textCommitment(randomBytes(32), place, 'yes'),
    ];
    expect(others).not.toContain(textCommitment(key, place, 'yes'));
  });
});

describe('a staged object', () => {
  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), (plaintext) => {
        expect(openStaged(key, 'req_1', sealStaged(key, 'req_1', plaintext)).equals(plaintext)).toBe(true);
      }),
    );
  });

  it('opens neither for another request nor under another request’s key', () => {
    const sealed = sealStaged(key, 'req_1', Buffer.from('records'));
    expect(() => openStaged(key, 'req_2', sealed)).toThrow(WrongSealedObjectError);
    expect(() => openStaged(randomBytes(32), 'req_1', sealed)).toThrow(KeyCommitmentError);
  });

  it('refuses every flipped bit', () => {
    const sealed = sealStaged(key, 'req_1', Buffer.from('records'));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const flipped = Buffer.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openStaged(key, 'req_1', flipped)).toThrow(SealedObjectError);
    }
  });
});
