import { describe, expect, it } from '@jest/globals';
import { RECORD_CLASSES } from '../../../shared/domain/record.ts';
import { isDue, overshootDays, RETENTION_RULES } from '../../../shared/policy/retention-rules.ts';

describe('the rules of retention', () => {
  it('name a rule and say why, in both languages, for every record class', () => {
    for (const recordClass of RECORD_CLASSES) {
      const { rule, en, zh } = RETENTION_RULES[recordClass];
      expect(rule).toMatch(/^D\d+$/);
      expect(en).not.toBe('');
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
  });

  it('say of stay records that copies which the police keep are outside the hotel’s erasure (D2)', () => {
    expect(RETENTION_RULES.stay.en).toContain('police');
    expect(RETENTION_RULES.stay.zh).toContain('公安');
  });

  it.each([
    ['2026-07', '2026-07-31T15:59:59.999Z', false],
    ['2026-07', '2026-07-31T16:00:00.000Z', true],
    ['2026-07-30', '2026-07-30T16:00:00.000Z', true],
    ['2026-07-31', '2026-07-30T16:00:00.000Z', false],
  ])('say that %s is due at %s in Shanghai: %s', (period, now, due) => {
    expect(isDue(period, 'Asia/Shanghai', new Date(now))).toBe(due);
  });

  it('state by how many days the first record outlived its own term', () => {
    const term = { months: 6 };
    const first = new Date('2026-01-10T10:00:00+08:00');
    const state = (at: string) => overshootDays(first, term, 'Asia/Shanghai', new Date(at));
    expect(state('2026-07-10T10:00:00+08:00')).toBe(0);
    expect(state('2026-07-10T10:00:01+08:00')).toBe(1);
    expect(state('2026-08-01T00:00:00+08:00')).toBe(22);
    expect(overshootDays(null, term, 'Asia/Shanghai', first)).toBe(0);
  });
});
