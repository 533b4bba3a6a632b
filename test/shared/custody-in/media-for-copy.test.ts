import { describe, expect, it } from '@jest/globals';
import type { FoundMedium } from '../../../shared/custody-in/brought-media.ts';
import { isTooMuchMedia } from '../../../shared/custody-in/media-for-copy.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';

function found(bytes: number): FoundMedium {
  return {
    state: 'present',
    medium: { name: 'file.jpg', bytes, md5: '0'.repeat(32), sha256: '0'.repeat(64), offset: 0 },
  };
}
const files = (number: number) => Array.from({ length: number }, () => found(1));

describe('what one message may bring', () => {
  it('is as many files as a block may have, each once however often the message refers to it', () => {
    expect(isTooMuchMedia(files(LIMITS.blockMedia), 1)).toBe(false);
    expect(isTooMuchMedia(files(LIMITS.blockMedia + 1), 1)).toBe(true);
    const again = found(1);
    expect(isTooMuchMedia([...files(LIMITS.blockMedia - 1), again, again, null], 1)).toBe(false);
  });

  it('is so many bytes with the copies of all its guests', () => {
    const half = found(LIMITS.messageMediaBytes / 2);
    expect(isTooMuchMedia([half], 2)).toBe(false);
    expect(isTooMuchMedia([half, half], 2)).toBe(false);
    expect(isTooMuchMedia([half], 3)).toBe(true);
    expect(isTooMuchMedia([half, found(1)], 2)).toBe(true);
  });

  it('is anything where no file came', () => {
    expect(isTooMuchMedia([], LIMITS.guestsPerMessage)).toBe(false);
    expect(isTooMuchMedia(new Array(LIMITS.blockMedia + 1).fill(null), 1)).toBe(false);
  });
});
