import { describe, expect, it } from '@jest/globals';
import { verdictLines } from '../../cli/console.ts';

describe('a verdict, for people', () => {
  it('names in its first line the rules of the reasons that it shows', () => {
    const [head, ...reasons] = verdictLines(
      { outcome: 'deny', reasons: ['role-may-not-ingest'], rules: ['T4'], route: [] },
      'both',
    );
    expect(head).toBe('不准 refused (T15)');
    expect(reasons[0]).toContain('T15');
  });

  it('names the verdict’s rules where its reasons aren’t known', () => {
    const verdict = { outcome: 'deny' as const, reasons: ['never-heard-of'], rules: ['T4'], route: [] };
    expect(verdictLines(verdict, 'both')).toEqual(['不准 refused (T4)', '  · T4 never-heard-of']);
  });

  it('names a chain’s rule beside one that is known', () => {
    const verdict = {
      outcome: 'deny' as const,
      reasons: ['role-may-not-ingest', 'never-heard-of'],
      rules: ['T15', 'R8'],
      route: [],
    };
    const [head, known, own] = verdictLines(verdict, 'en');
    expect(head).toBe('refused (T15, R8)');
    expect(known).toMatch(/^ {2}· T15 \w/);
    expect(own).toBe('  · R8 never-heard-of');
  });

  it('is in the language that was asked for, each reason with its rule', () => {
    const verdict = {
      outcome: 'deny' as const,
      reasons: ['person-decided-already'],
      rules: ['A1'],
      route: [],
    };
    const [chinese, english] = [verdictLines(verdict, 'zh'), verdictLines(verdict, 'en')];
    expect(chinese[0]).toBe('不准 (A1)');
    expect(chinese[1]).toMatch(/^ {2}· A1 \p{Script=Han}/u);
    expect(chinese.join()).not.toMatch(/refused|\//);
    expect(english[0]).toBe('refused (A1)');
    expect(english[1]).toMatch(/^ {2}· A1 \w/);
    expect(english.join()).not.toMatch(/\p{Script=Han}/u);
  });
});
