import { describe, expect, it } from '@jest/globals';
import { joinedPeople, withPeopleAt } from '../../../shared/domain/dated-people.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';

const NOON = new Date('2026-06-15T12:00:00.000Z');
const at = NOON.toISOString();
const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number) => new Date(NOON.getTime() - days * DAY_MS).toISOString();

describe('people whom an entry dates', () => {
  it('stand there with every time when they had a part, each once', () => {
    const before = { p_a: [daysAgo(3)], p_b: [daysAgo(4), daysAgo(2)] };
    const after = { p_a: [daysAgo(3)], p_b: [daysAgo(4), daysAgo(2), at], p_c: [at] };
    expect(withPeopleAt(before, ['p_b', 'p_c'], NOON)).toEqual(after);
    expect(withPeopleAt(after, ['p_b', 'p_c'], NOON)).toEqual(after);
  });

  it('keep a later time, and one that nobody can read', () => {
    const later = daysAgo(-1);
    expect(withPeopleAt({ p_a: [later], p_b: ['once'], p_c: ['once'] }, ['p_a', 'p_b'], NOON)).toEqual({
      p_a: [at, later],
      p_b: [at, 'once'],
      p_c: ['once'],
    });
  });

  it('are dropped once no request can be as old, and not before', () => {
    const { directoryHistoryDays: days } = LIMITS;
    const old = daysAgo(days + 1);
    expect(withPeopleAt({ p_a: [daysAgo(days)], p_b: [old], p_c: [old, at] }, [], NOON)).toEqual({
      p_a: [daysAgo(days)],
      p_c: [at],
    });
  });

  it('are kept for longer than a request takes at the most: its approvals, then its window', () => {
    const DEADLINE_HOURS_AT_MOST = 168;
    expect(LIMITS.directoryHistoryDays * 24).toBeGreaterThan(
      2 * (LIMITS.windowHours + DEADLINE_HOURS_AT_MOST),
    );
  });

  it('of two places are all of both', () => {
    expect(
      joinedPeople({ p_a: [daysAgo(2)], p_b: [at] }, { p_a: [daysAgo(3), daysAgo(2)], p_c: [at] }),
    ).toEqual({ p_a: [daysAgo(3), daysAgo(2)], p_b: [at], p_c: [at] });
  });
});
