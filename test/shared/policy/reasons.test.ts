import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reasonsOf, reasonText, UNWRITTEN_REASON } from '../../../shared/policy/reasons.ts';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';

const ROOT = join(import.meta.dirname, '../../..');
const reasons = reasonsOf(bundledRuleSet());

describe('reasons', () => {
  it('are said in Chinese and in English, with their rule', () => {
    expect(reasonText('person-decided-already')).toEqual({
      rule: 'A1',
      zh: expect.stringMatching(/同一人/),
      en: expect.stringMatching(/one role per person/),
    });
    expect(reasonText('no-such-code')).toBeNull();
    for (const [code, { rule, zh, en }] of reasons) {
      expect([code, zh]).toEqual([code, expect.stringMatching(/\p{Script=Han}/u)]);
      expect([code, en]).toEqual([code, expect.stringMatching(/^[\x20-\x7e]+$/)]);
      if (code !== UNWRITTEN_REASON)
        expect([code, rule]).toEqual([code, expect.stringMatching(/^[A-Z]\d+$/)]);
    }
  });

  it('that code states by itself are known, under the same rule', () => {
    const stated = globSync('{shared,functions}/**/*.ts', { cwd: ROOT }).flatMap((file) =>
      [
        ...readFileSync(join(ROOT, file), 'utf8').matchAll(
          /\b(?:deny|conflict)\(\s*'([A-Z]\d+)',\s*'([a-z-]+)'/g,
        ),
      ].map(([, rule, code]) => ({ file, rule, code: code ?? '' })),
    );
    expect(stated.length).toBeGreaterThan(5);
    expect(stated.filter(({ code, rule }) => reasons.get(code)?.rule !== rule)).toEqual([]);
  });
});
