import { describe, expect, it } from '@jest/globals';
import {
  changedPeopleLines,
  personLines,
  type ShownPerson,
  withPeople,
} from '../../../cli/commands/staff.ts';
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

describe('somebody who isn’t active', () => {
  it('is told apart: not confirmed yet, with the change that waits, or not any longer', () => {
    expect(lines({ active: false }, 'zh')[0]).toBe('李 li (p_1) 已停用');
    expect(lines({ active: false }, 'en')[0]).toBe('李 li (p_1) not active');
    const waits = { active: false, awaits: 'chg_1' };
    expect(lines(waits, 'zh')[0]).toBe('李 li (p_1) 尚未启用,待第二人确认: dualkey staff changes chg_1');
    expect(lines(waits, 'en')[0]).toMatch(/not active yet, waits for a second person: .* chg_1$/);
  });
});

describe('a change of the directory, for the second person', () => {
  const change = withPeople.parse({
    changeId: 'chg_1',
    state: 'proposed',
    hotels: ['SHA01'],
    gives: ['roles'],
    items: 2,
    proposed: { by: 'p_9', roles: ['infosec-director'], at: '2026-06-15T11:50:00.000Z' },
    settled: null,
    failures: [],
    names: {
      p_9: { username: 'zhao', displayName: '赵' },
      p_1: { username: 'li', displayName: '李' },
      p_2: { username: 'wang', displayName: '王' },
    },
    people: [
      {
        personId: 'p_1',
        active: true,
        manager: 'p_2',
        roles: [
          { role: 'front-desk', hotels: ['SHA01', 'SHA02'] },
          { role: 'legal', hotels: '*' },
        ],
        deputyships: [
          {
            role: 'gm',
            hotels: ['SHA01'],
            deputyOf: 'p_2',
            from: '2026-06-01T00:00:00.000Z',
            until: '2026-07-01T00:00:00.000Z',
          },
        ],
        shifts: [{ hotel: 'SHA01', from: '2026-06-01T00:00:00.000Z', to: '2026-06-01T08:00:00.000Z' }],
      },
      { personId: 'p_new', username: 'sun', displayName: '孙', deputyships: [] },
    ],
  });

  it('names everybody, and says roles, deputyships and times in words', () => {
    expect(changedPeopleLines(change, speaking('zh'))).toEqual([
      '  提出人: 赵 zhao (p_9) · 2026-06-15 11:50Z',
      '  李 li (p_1)',
      '    在职: 是',
      '    上级: 王 wang (p_2)',
      '    角色: 前台 @ SHA01, SHA02; 法务 @ *',
      '    代理: 总经理 @ SHA01 代理 王 wang (p_2) 2026-06-01 00:00Z – 2026-07-01 00:00Z',
      '    班次: SHA01 2026-06-01 00:00Z – 2026-06-01 08:00Z',
      '  孙 sun (p_new)',
      '    用户名: sun',
      '    姓名: 孙',
      '    代理: —',
    ]);
    const en = changedPeopleLines(change, speaking('en'));
    expect(en).toContain('    roles: front desk @ SHA01, SHA02; legal @ *');
    expect(en).toContain(
      '    deputyships: general manager @ SHA01 deputy of 王 wang (p_2) 2026-06-01 00:00Z – 2026-07-01 00:00Z',
    );
    expect(en.join('\n')).not.toMatch(/[{}"]/);
  });
});
