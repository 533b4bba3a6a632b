import { describe, expect, it } from '@jest/globals';
import { inLanguages } from '../../../shared/domain/words.ts';

describe('what is said in two languages', () => {
  it('is told in the one that was asked for, or in both, Chinese first', () => {
    expect(inLanguages('both', '是', 'yes')).toBe('是 yes');
    expect(inLanguages('zh', '是', 'yes')).toBe('是');
    expect(inLanguages('en', '是', 'yes')).toBe('yes');
  });
});
