import { describe, expect, it } from '@jest/globals';
import { personLines, type ShownPerson } from '../../../cli/commands/staff.ts';
import { speaking } from '../../../cli/language.ts';

const PERSON: ShownPerson = {
  personId: 'p_1',
  username: 'li',
  displayName: '李',
  department: '前台',
  hotel: 'SHA01',
  manager: null,
  active: true,
  roles: [{ role: 'front-desk', hotels: ['SHA01'], grantedBy: 'p_2', since: '2026-01-01T00:00:00.000Z' }],
  accounts: [],
  training: { system: null, exam: null },
  mentor: null,
  superiors: [],
  shifts: [],
  clients: 0,
  lock: { sessionUntil: null, account: false },
  lockedSince: { session: null, account: null },
};
const SINCE = '2026-06-15T11:50:00.000Z';
const UNTIL = '2026-06-15T12:05:00.000Z';
const session = {
  lock: { sessionUntil: UNTIL, account: false },
  lockedSince: { session: SINCE, account: null },
};

function lines(changes: Partial<ShownPerson>, languages: 'zh' | 'en', now = '2026-06-15T12:00:00.000Z') {
  return personLines({ ...PERSON, ...changes }, speaking(languages), new Date(now));
}

describe('somebody of the directory, for people', () => {
  it('whose account is locked: since when, under which rule, and by whom it is lifted', () => {
    const locked = {
      lock: { sessionUntil: UNTIL, account: true },
      lockedSince: { session: SINCE, account: SINCE },
    };
    expect(lines(locked, 'zh').slice(-2)).toEqual([
      '  账号已锁定 (R9) 自 2026-06-15 11:50Z',
      '    由信息安全总监或其代理人解锁: dualkey unlock li --reason …',
    ]);
    expect(lines(locked, 'en').at(-1)).toMatch(/the information security director, or a deputy, unlocks it/);
  });

  it('whose session is locked: until when, and what then', () => {
    expect(lines(session, 'zh').slice(-2)).toEqual([
      '  会话已锁定 (R9) 自 2026-06-15 11:50Z 至 2026-06-15 12:05Z',
      '    其后须重新登录',
    ]);
    expect(lines(session, 'en', UNTIL).at(-2)).toMatch(/the session was locked \(R9\) since .* until /);
  });

  it('who isn’t locked is told nothing of locks', () => {
    expect(lines({}, 'en').join()).not.toMatch(/lock|R9/);
  });

  it('has roles in words', () => {
    expect(lines({}, 'zh').join()).toContain('前台 @ SHA01');
    expect(lines({}, 'en').join()).toContain('front desk @ SHA01');
  });
});
