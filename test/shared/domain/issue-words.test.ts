import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { issueWords } from '../../../shared/domain/issue-words.ts';

const schema = z.object({ secret: z.boolean(), name: z.string().min(1) });
const words = (document: object) => issueWords(schema, document).map(({ words: { zh, en } }) => [zh, en]);

describe('what is wrong with a field', () => {
  it('says what a yes or no is written as, and names no type', () => {
    expect(words({ secret: '是的', name: 'x' })).toEqual([
      ['须为 true(是)或 false(否)', 'must be true or false'],
    ]);
  });

  it('says that something is empty', () => {
    expect(words({ secret: true, name: '' })).toEqual([['不能为空', 'must not be empty']]);
  });
});
