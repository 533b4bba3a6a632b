import { describe, expect, it } from '@jest/globals';
import { aligned, minuteOf } from '../../cli/aligned.ts';

describe('a list in a terminal', () => {
  it('has its columns one below the other, Chinese two columns wide', () => {
    expect(
      aligned(
        ['案号 matter', 'n'],
        [
          ['M-1', '2'],
          ['（2026）沪0105民初1234号', '10'],
        ],
      ),
    ).toEqual(['案号 matter               n', 'M-1                       2', '（2026）沪0105民初1234号  10']);
  });

  it('shows times to the minute, and a dash where there is none', () => {
    expect(minuteOf('2026-05-01T09:30:59.123Z')).toBe('2026-05-01 09:30Z');
    expect(minuteOf(null)).toBe('—');
  });
});
