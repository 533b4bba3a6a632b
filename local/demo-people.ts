import { createHash } from 'node:crypto';
import { nobody, type Person } from '../shared/domain/person.ts';
import { ROLE_NAMES, type Role } from '../shared/domain/roles.ts';
import type { Shift } from '../shared/domain/shift.ts';

/** Two at the first hotel, one at the second. */
const HOTELS = ['SHA01', 'SHA01', 'HGH02'] as const;

/** Roles held for the whole group in this region; every other role is held for the person's own hotel. */
const GROUP_ROLES: readonly Role[] = [
  'legal',
  'infosec-director',
  'privacy-officer',
  'internal-audit',
  'hq-approver',
  'auditor',
];

/** Roles of people outside the hotel's own staff: nobody's subordinates. */
const OUTSIDERS: readonly Role[] = ['liaison', 'partner', 'guest'];

/** Roles that report to their hotel's general manager; other hotel staff report to a department head. */
const UNDER_THE_GM: readonly Role[] = ['department-head', 'duty-manager', 'security'];

/** Staff who talk with guests: their accounts on source platforms tell who takes part in a record. */
const ON_PLATFORMS: readonly Role[] = [
  'front-desk',
  'agent',
  'supervisor',
  'duty-manager',
  'account-manager',
];

const DEPARTMENTS: Record<Role, string> = {
  'front-desk': '前厅部',
  supervisor: '客服部',
  'infosec-director': '信息安全部',
  'it-ops': 'IT部',
  gm: '总经理办公室',
  'account-manager': '大客户部',
  legal: '法务部',
  sales: '销售部',
  trainer: '培训部',
  analyst: '数据部',
  marketing: '市场部',
  trainee: '前厅部',
  seconded: '前厅部',
  liaison: '外部协查单位',
  partner: '外部合作方',
  guest: '客人',
  agent: '客服部',
  security: '安保部',
  'duty-manager': '值班经理室',
  'department-head': '客服部',
  'privacy-officer': '个人信息保护办公室',
  'internal-audit': '内部审计部',
  'hq-approver': '集团总部',
  auditor: '审计部',
};

/** Who work in shifts: what they may see goes by the shift of now (T1, T15, T16, T17). */
const IN_SHIFTS: readonly Role[] = ['front-desk', 'agent', 'duty-manager', 'security', 'supervisor'];

/** Hotels of the demo are in China: their days begin at 16:00 UTC. */
const DAY_BEGINS_UTC_HOUR = 16;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days that are filled with shifts, from yesterday on: a stack that stays up has some for a while. */
const SHIFT_DAYS = 14;

const SINCE = '2026-01-05T00:00:00.000Z';

/**
 * The demo's directory: three people for each role, and two who hold none: the chief executive, to whom the group's
 * functions report side by side (so that none of them is another's superior, A1), and the directory's keeper, who
 * gave every role.
 */
export function demoPeople(): Person[] {
  const names = inventedNames();
  const person = (
    username: string,
    details: Partial<Person> & { department: string; hotel: string },
  ): Person => ({
    ...nobody(personIdOf(username)),
    username,
    displayName: names.next(),
    active: true,
    training: { system: SINCE, exam: thisQuarter() },
    ...details,
  });
  const chief = person('chief', { department: '集团总部', hotel: 'SHA01' });
  const keeper = person('directory', { department: '人力资源部', hotel: 'SHA01', manager: chief.personId });
  const staff = ROLE_NAMES.flatMap((role) =>
    HOTELS.map((hotel, index) => {
      const username = usernameOf(role, index);
      return person(username, {
        department: DEPARTMENTS[role],
        hotel,
        manager: managerOf(role, hotel, chief.personId),
        ...(role === 'trainee' ? { mentor: personIdOf(usernameOf('front-desk', index)) } : {}),
        ...(role === 'seconded' ? { secondments: [secondmentAt(hotel)] } : {}),
        accounts: ON_PLATFORMS.includes(role)
          ? ['wecom', 'internal', 'workgroup'].map((platform) => `${platform}:${username}`)
          : [],
        roles: [
          {
            role,
            hotels: GROUP_ROLES.includes(role) ? '*' : [hotel],
            grantedBy: keeper.personId,
            since: SINCE,
          },
        ],
      });
    }),
  );
  return [chief, keeper, ...staff];
}

/** One shift for each day around now, all day long, for whoever works in shifts; nothing for everybody else. */
export function demoShifts({ roles, hotel }: Person, now: Date): Shift[] {
  if (!roles.some(({ role }) => IN_SHIFTS.includes(role))) return [];
  const offset = DAY_BEGINS_UTC_HOUR * HOUR_MS;
  const today = Math.floor((now.getTime() - offset) / DAY_MS) * DAY_MS + offset;
  return Array.from({ length: SHIFT_DAYS }, (_, day) => {
    const from = today + (day - 1) * DAY_MS;
    return { hotel, from: new Date(from).toISOString(), to: new Date(from + DAY_MS).toISOString() };
  });
}

/** Lent to the front desk from customer service, this quarter and the next (T11). */
function secondmentAt(hotel: string): Person['secondments'][number] {
  const from = new Date(thisQuarter());
  const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 6, 1));
  return { department: DEPARTMENTS.agent, hotel, from: from.toISOString(), to: to.toISOString() };
}

/** The first day of the calendar quarter that it is now: everybody has just passed the privacy exam (R10). */
function thisQuarter(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), Math.floor(now.getUTCMonth() / 3) * 3, 1)).toISOString();
}

/** `frontdesk01`, `privacyofficer02`, … */
function usernameOf(role: Role, index: number): string {
  return `${role.replaceAll('-', '')}${String(index + 1).padStart(2, '0')}`;
}

function managerOf(role: Role, hotel: (typeof HOTELS)[number], chief: string): string | null {
  if (OUTSIDERS.includes(role)) return null;
  if (role === 'gm' || GROUP_ROLES.includes(role)) return chief;
  if (role === 'it-ops') return personIdOf(usernameOf('infosec-director', 0));
  const superior = UNDER_THE_GM.includes(role) ? 'gm' : 'department-head';
  return personIdOf(usernameOf(superior, HOTELS.indexOf(hotel)));
}

/** Opaque, and the same each time, so that seeding twice changes nothing. */
function personIdOf(username: string): string {
  return `p_${createHash('sha256').update(`dualkey demo directory\n${username}`).digest('hex').slice(0, 20)}`;
}

/** Invented Chinese names, each one once. */
function inventedNames(): { next(): string } {
  const surnames = [...'陈林黄周吴徐孙胡朱高何郭马罗梁宋郑谢韩唐冯于董萧'];
  const given = [
    '雅文',
    '思远',
    '海宁',
    '若曦',
    '子墨',
    '明哲',
    '清越',
    '书涵',
    '景行',
    '安澜',
    '知秋',
    '云舒',
    '望舒',
  ];
  let count = 0;
  return {
    next() {
      // 24 surnames and 13 given names share no factor: 312 pairs before one comes again.
      const name = `${surnames[count % surnames.length]}${given[count % given.length]}`;
      count += 1;
      return name;
    },
  };
}
