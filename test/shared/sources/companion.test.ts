import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../shared/domain/limits.ts';
import {
  CompanionError,
  companionHeadBytes,
  decodeCompanionHead,
  encodeCompanionHead,
} from '../../../shared/sources/companion.ts';

const medium = (name: string, bytes: number, offset: number) => ({
  name,
  bytes,
  md5: 'a'.repeat(32),
  sha256: 'b'.repeat(64),
  offset,
});
const index = {
  profile: { dayOrder: 'day-first' as const, ownNames: ['外滩店前台'] },
  media: [medium('图片/1.jpg', 10, 0), medium('2.amr', 0, 10), medium('3.pdf', 5, 10)],
};

describe('the head of what comes beside an export', () => {
  it('says the same when it is read again', () => {
    const head = encodeCompanionHead(index);
    expect(companionHeadBytes(head.subarray(0, 8))).toBe(head.length);
    expect(decodeCompanionHead(head, head.length + 15)).toEqual(index);
  });

  it.each([
    ['bytes that no medium has', index, 1],
    ['fewer bytes than its media', index, -1],
    ['media that overlap', { ...index, media: [medium('1', 10, 0), medium('2', 5, 9)] }, 0],
    ['a gap between media', { ...index, media: [medium('1', 9, 0), medium('2', 5, 10)] }, 0],
    ['a medium of negative size', { ...index, media: [medium('1', -1, 0)] }, 0],
    ['a digest that is none', { ...index, media: [{ ...medium('1', 15, 0), md5: 'x' }] }, 0],
  ])('is refused with %s', (_, wrong, more) => {
    const head = encodeCompanionHead(wrong);
    expect(() => decodeCompanionHead(head, head.length + 15 + more)).toThrow(CompanionError);
  });

  it('repeats no word of what it refuses', () => {
    const head = encodeCompanionHead({ ...index, media: [medium('张三的身份证.jpg', -1, 0)] });
    try {
      decodeCompanionHead(head, head.length);
      throw new Error('It was taken');
    } catch (error) {
      expect(String(error)).not.toContain('张三');
    }
  });

  it('is bounded before anything of it is read', () => {
    const start = Buffer.from('DKC1\0\0\0\0');
    start.writeUInt32BE(LIMITS.companionIndexBytes + 1, 4);
    expect(() => companionHeadBytes(start)).toThrow(CompanionError);
  });

  it('is read or refused by name, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, begins) => {
        const head = begins ? Buffer.concat([encodeCompanionHead(index).subarray(0, 30), bytes]) : bytes;
        try {
          decodeCompanionHead(head, head.length);
        } catch (error) {
          expect(error).toBeInstanceOf(CompanionError);
        }
      }),
    );
  });
});
