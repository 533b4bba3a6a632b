import { describe, expect, it } from '@jest/globals';
import { referenceKey, referenceSchema } from '../../../shared/domain/reference.ts';

describe('the number of a matter, a ticket or a form', () => {
  it.each([
    'M-2026-014',
    'M-2026-FROZEN',
    'T-77',
    'F_1.2/3#4',
    'CASE-20260501-0001',
    '20260501123000',
    'INC0012345',
    'M-2026-0000012345',
    '（2026）沪0105民初1234号',
    '(2026)沪0105民初1234号',
    '（2025）最高法民终12号',
    '（2026）京73行初5号之一',
    '（2026）粤0391民诉前调123号',
  ])('may be %s', (text) => {
    expect(referenceSchema.parse(text)).toBe(text);
  });

  it.each([
    ['a name', '王小明'],
    ['a name beside a number', '王小明-7'],
    ['a case by its parties', '王小明诉酒店'],
    ['a name for a court', '（2026）王小明1234号'],
    ['a name for the kind of case', '（2026）沪0105王小明1234号'],
    ['words', 'the guest in 1208'],
    ['an address', 'guest@example.com'],
    ['full-width digits', 'M-１３８００１３８０００'],
    ['invisible characters', 'M-2026\u200b-014'],
    ['nothing', '  '],
    ['a mobile number', '13800138000'],
    ['a mobile number behind letters', 'T13800138000'],
    ['a mobile number in groups', 'T-138-0013-8000'],
    ['a mobile number with its country', '0086.138.0013.8000'],
    ['a landline', '021-62345678'],
    ['a grouped number of abroad', '650-253-0000'],
    ['a number of abroad', '00447911123456'],
    ['an identity number', '110105194912310021'],
    ['an identity number that ends in X', 'M-11010519491231002X'],
    ['an identity number in groups', '110105-19491231-002x'],
    ['an old identity number', '110105491231002'],
    ['a card', '6222021234567890128'],
    ['a card in groups', '4111-1111-1111-1111'],
    ['a card in other groups', '3782_822463_10005'],
    ['too much', 'M'.repeat(65)],
  ])('is not %s, and the message repeats none of it', (_, text) => {
    const { success, error } = referenceSchema.safeParse(text);
    expect(success).toBe(false);
    const bare = text.trim();
    if (bare !== '' && error)
      expect(JSON.stringify(error.issues.map(({ message }) => message))).not.toContain(bare);
  });

  it('is one number however its brackets and letters are typed', () => {
    const typed = ['（2026）沪0105民初1234号', '(2026)沪0105民初1234号', ' 〔2026〕沪0105民初1234号'];
    expect(new Set(typed.map(referenceKey)).size).toBe(1);
    expect(referenceKey('m-2026-014')).toBe(referenceKey('M-2026-014 '));
  });
});
