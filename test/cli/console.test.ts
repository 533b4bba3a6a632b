import { describe, expect, it } from '@jest/globals';
import { verdictLines } from '../../cli/console.ts';

describe('a verdict, for people', () => {
  it('names in its first line the rules of the reasons that it shows', () => {
    const [head, ...reasons] = verdictLines({
      outcome: 'deny',
      reasons: ['role-may-not-ingest'],
      rules: ['T4'],
      route: [],
    });
    expect(head).toBe('不准 refused (T15)');
    expect(reasons[0]).toContain('T15');
  });

  it('names the verdict’s rules where its reasons aren’t known', () => {
    const verdict = { outcome: 'deny' as const, reasons: ['never-heard-of'], rules: ['T4'], route: [] };
    expect(verdictLines(verdict)[0]).toBe('不准 refused (T4)');
  });
});
