import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CHANGE_STATE_LABELS, IMPORT_STATE_LABELS, STAFF_FIELD_LABELS } from '../../shared/domain/labels.ts';
import { heldRoleSchema } from '../../shared/domain/person.ts';
import { ROLE_NAMES, ROLES } from '../../shared/domain/roles.ts';
import { STAFF_FORMATS, type StaffFormat } from '../../shared/domain/staff-import.ts';
import { aligned, minuteOf } from '../aligned.ts';
import type { Api } from '../api.ts';
import { contextOf } from '../context.ts';
import { BadInputError } from '../failure.ts';
import { failedPerson, importStaff, type StaffImportResult, shownImport } from '../import-staff.ts';
import { named, type Say } from '../language.ts';
import { poll } from '../poll.ts';

const person = z.looseObject({
  personId: z.string(),
  username: z.string(),
  displayName: z.string(),
  department: z.string(),
  hotel: z.string(),
  manager: z.string().nullable(),
  active: z.boolean(),
  /** Of somebody who isn't active: the change that waits to make them so. */
  awaits: z.string().nullish(),
  roles: z.array(heldRoleSchema),
  accounts: z.array(z.string()),
  training: z.object({ system: z.string().nullable(), exam: z.string().nullable() }),
  mentor: z.string().nullable(),
  superiors: z.array(z.string()),
  shifts: z.array(z.object({ hotel: z.string(), from: z.string(), to: z.string() })),
  clients: z.number(),
  lock: z.looseObject({ sessionUntil: z.string().nullable(), account: z.boolean() }),
  lockedSince: z
    .object({ session: z.string().nullable(), account: z.string().nullable() })
    .default({ session: null, account: null }),
});
export type ShownPerson = z.infer<typeof person>;
const settled = z.object({ by: z.string(), role: z.string().nullable(), at: z.string() });
const change = z.looseObject({
  changeId: z.string(),
  state: z.string(),
  hotels: z.array(z.string()),
  gives: z.array(z.string()),
  items: z.number(),
  proposed: z.object({ by: z.string(), roles: z.array(z.enum(ROLE_NAMES)), at: z.string() }),
  settled: settled.nullable(),
});
const settling = z.looseObject({
  changeId: z.string(),
  state: z.string(),
  failures: z.array(failedPerson).default([]),
});

const KEEPER = { role: 'infosec-director' };
const CONFIRMER = { role: 'hq-approver' };

const LIST_HEAD = (say: Say) => [
  say('变更', 'change'),
  say('状态', 'state'),
  say('人数', 'people'),
  say('增加', 'gives'),
  say('酒店', 'hotels'),
  say('提出人', 'proposed by'),
  say('时间', 'at'),
];

/** `dualkey staff …`: the directory of people. */
export function registerStaff(program: Command): void {
  const staff = program.command('staff').description('人员目录 the directory of people');

  staff
    .command('import')
    .description('导入人员文件 bring people, roles, shifts … up to date from a CSV or JSON file')
    .argument('<file>')
    .addOption(
      new Option('--format <format>', '格式 format; by the file’s ending where absent').choices(
        STAFF_FORMATS,
      ),
    )
    .action(async (file: string, options: { format?: StaffFormat }, command: Command) => {
      const { console, tell, say, api } = contextOf(command);
      const format = options.format ?? formatOf(file);
      const result = await importStaff(await api(KEEPER), file, format, tell);
      const { faults: _none, verdict: _allowed, ...shown } = result;
      console.result(shown, importLines(result, say));
    });

  staff
    .command('show-import')
    .description('查看一次导入的结果 what became of a directory file')
    .argument('<import>', '导入编号 its number')
    .action(async (importId: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const route = `/staff/imports/${encodeURIComponent(importId)}`;
      const result = await (await api(KEEPER)).get(route, shownImport);
      console.result(result, [
        `${say('导入', 'import')} ${importId}: ${named(say, IMPORT_STATE_LABELS, result.state)}`,
        ...importLines(result, say),
      ]);
    });

  staff
    .command('show')
    .description('查看人员 what the directory says of somebody')
    .argument('<user>', '用户名或人员编号 username or person id')
    .action(async (user: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const route = `/staff/people?user=${encodeURIComponent(user)}`;
      const result = await (await api(KEEPER)).get(route, person);
      console.result(result, personLines(result, say, new Date()));
    });

  staff
    .command('changes')
    .description('待确认的变更 changes that wait for a second person')
    .argument('[change]', '变更编号 one of them, with its people')
    .action(async (changeId: string | undefined, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const signedIn = await api(CONFIRMER);
      if (changeId !== undefined) {
        const one = await signedIn.get(`/staff/changes/${encodeURIComponent(changeId)}`, withPeople);
        console.result(one, [
          changeLine(one, say),
          ...changedPeopleLines(one, say),
          ...failureLines(one.failures, say),
        ]);
        return;
      }
      const result = await signedIn.get('/staff/changes', z.object({ changes: z.array(change) }));
      console.result(
        result,
        result.changes.length === 0
          ? [say('没有待确认的变更', 'no changes wait')]
          : aligned(
              LIST_HEAD(say),
              result.changes.map(({ changeId: id, state, items, gives, hotels, proposed }) => [
                id,
                named(say, CHANGE_STATE_LABELS, state),
                String(items),
                fieldNames(gives, say),
                hotels.join(','),
                proposed.by,
                minuteOf(proposed.at),
              ]),
            ),
      );
    });

  for (const { act, description } of [
    { act: 'confirm', description: '确认变更 put a change in force as the second person' },
    { act: 'reject', description: '否决变更 let a change come to nothing' },
  ] as const) {
    staff
      .command(act)
      .description(description)
      .argument('<change>')
      .requiredOption('--reason <reason>', '理由 reason')
      .action(async (changeId: string, { reason }: { reason: string }, command: Command) => {
        const { console, say, api } = contextOf(command);
        const signedIn = await api(CONFIRMER);
        const route = `/staff/changes/${encodeURIComponent(changeId)}`;
        const begun = await signedIn.post(`${route}/${act}`, { reason }, settling);
        const result = begun.state === 'confirming' ? await inForce(signedIn, route, changeId) : begun;
        console.result(result, [
          `${say('变更', 'change')} ${changeId}: ${named(say, CHANGE_STATE_LABELS, result.state)}`,
          ...failureLines(result.failures, say),
        ]);
      });
  }
}

const reach = z.object({ role: z.string(), hotels: z.union([z.literal('*'), z.array(z.string())]) });
const changedPerson = z.looseObject({
  personId: z.string(),
  username: z.string().optional(),
  displayName: z.string().optional(),
});
export const withPeople = change.extend({
  people: z.array(changedPerson),
  /** Whom the directory has already, by id. */
  names: z.record(z.string(), z.object({ username: z.string(), displayName: z.string() })).default({}),
  failures: z.array(failedPerson),
});

async function inForce(api: Api, route: string, changeId: string) {
  const { people: _who, ...result } = await poll(
    () => api.get(route, withPeople),
    ({ state }) => state !== 'confirming',
    { minutes: 30, what: { zh: `变更 ${changeId}`, en: `change ${changeId}` } },
  );
  return result;
}

function importLines(result: StaffImportResult, say: Say): string[] {
  return [
    `${say('已导入', 'imported')}: ${result.people} ${say('人', 'people')}, ${say('新增', 'new')} ${result.added}`,
    `  ${say('即时生效', 'in force at once')}: ${result.changed} · ${say('待第二人确认', 'waiting for a second person')}: ${result.waiting}`,
    ...failureLines(result.failed, say),
    ...result.changes.map((changeId) => `  ${changeId}: dualkey staff confirm ${changeId} --reason …`),
  ];
}

function failureLines(failed: readonly z.infer<typeof failedPerson>[], say: Say): string[] {
  return failed.map(
    ({ username, personId, field, zh, en }) =>
      `  ${say('未写入', 'not written')}: ${username} (${personId}) ${named(say, STAFF_FIELD_LABELS, field)}: ${say(zh, en)}; ${say('更正后重新导入', 'correct it and import it again')}`,
  );
}

type WithPeople = z.infer<typeof withPeople>;

/** Who proposed it, and of each person what the change sets, field by field: what a second person puts in force. */
export function changedPeopleLines({ proposed, people, names }: WithPeople, say: Say): string[] {
  const who = (id: string) => {
    const known = names[id];
    return known === undefined || known.username === ''
      ? id
      : `${known.displayName} ${known.username} (${id})`.trim();
  };
  return [
    `  ${say('提出人', 'proposed by')}: ${who(proposed.by)} · ${minuteOf(proposed.at)}`,
    ...people.flatMap(({ personId, ...fields }) => [
      `  ${names[personId] === undefined ? newcomer(personId, fields) : who(personId)}`,
      ...Object.entries(fields).map(
        ([field, value]) =>
          `    ${named(say, STAFF_FIELD_LABELS, field)}: ${shownField(field, value, { say, who })}`,
      ),
    ]),
  ];
}

/** Somebody whom the directory doesn't have yet is called as the change calls them. */
function newcomer(
  personId: string,
  { username, displayName }: { username?: string | undefined; displayName?: string | undefined },
): string {
  return [displayName, username, `(${personId})`].filter((part) => part !== undefined).join(' ');
}

const deputyship = reach.extend({ deputyOf: z.string(), from: z.string(), until: z.string() });
const span = z.object({
  hotel: z.string(),
  department: z.string().optional(),
  from: z.string(),
  to: z.string(),
});

function shownField(
  field: string,
  value: unknown,
  { say, who }: { say: Say; who: (id: string) => string },
): string {
  if (value === null) return '—';
  if (typeof value === 'boolean') return value ? say('是', 'yes') : say('否', 'no');
  if (Array.isArray(value)) return value.map((one) => shownField(field, one, { say, who })).join('; ') || '—';
  if (typeof value !== 'object') {
    return field === 'manager' || field === 'mentor' ? who(String(value)) : String(value);
  }
  const asDeputy = deputyship.safeParse(value);
  const held = reach.safeParse(value);
  if (held.success) {
    const { role, hotels } = held.data;
    const where = `${named(say, ROLES, role)} @ ${hotels === '*' ? '*' : hotels.join(', ')}`;
    if (!asDeputy.success) return where;
    const { deputyOf, from, until } = asDeputy.data;
    return `${where} ${say('代理', 'deputy of')} ${who(deputyOf)} ${minuteOf(from)} – ${minuteOf(until)}`;
  }
  const during = span.safeParse(value);
  if (during.success) {
    const { hotel, department, from, to } = during.data;
    return `${[hotel, department].filter((part) => part !== undefined).join(' ')} ${minuteOf(from)} – ${minuteOf(to)}`;
  }
  return Object.values(value).map(String).join(' · ');
}

function fieldNames(fields: readonly string[], say: Say): string {
  return fields.map((field) => named(say, STAFF_FIELD_LABELS, field)).join(', ');
}

function formatOf(file: string): StaffFormat {
  const format = STAFF_FORMATS.find((one) => file.toLowerCase().endsWith(`.${one}`));
  if (format !== undefined) return format;
  throw new BadInputError(
    { zh: '无法从文件名判断格式', en: 'the file’s name doesn’t say its format' },
    file,
    { zh: '加 --format csv 或 json', en: 'name it with --format csv or json' },
  );
}

function changeLine({ changeId, state, items, gives }: z.infer<typeof change>, say: Say): string {
  return `${say('变更', 'change')} ${changeId}: ${named(say, CHANGE_STATE_LABELS, state)} · ${items} ${say('人', 'people')} · ${fieldNames(gives, say)}`;
}

/** What the directory says of somebody, for people; `now`: whether a session's lock is over. */
export function personLines(found: ShownPerson, say: Say, now: Date): string[] {
  const { personId, username, displayName, department, hotel, active, roles, training } = found;
  return [
    `${displayName} ${username} (${personId})${active ? '' : ` ${inactive(found, say)}`}`,
    `  ${department} · ${hotel}`,
    ...roles.map(({ role, hotels, deputyOf, until }) => {
      const where = hotels === '*' ? '*' : hotels.join(', ');
      const deputy =
        deputyOf === undefined
          ? ''
          : ` ${say('代理', 'deputy of')} ${deputyOf} ${say('至', 'until')} ${until ?? '—'}`;
      return `  ${named(say, ROLES, role)} @ ${where}${deputy}`;
    }),
    `  ${say('上级', 'superiors')}: ${found.superiors.join(' → ') || '—'}`,
    `  ${say('培训', 'training')}: ${minuteOf(training.system)} · ${say('考试', 'exam')}: ${minuteOf(training.exam)}`,
    `  ${say('账号', 'accounts')}: ${found.accounts.join(', ') || '—'} · ${say('客户', 'own clients')}: ${found.clients}`,
    ...found.shifts
      .slice(0, 7)
      .map(
        ({ hotel: where, from, to }) =>
          `  ${say('班次', 'shift')} ${where} ${minuteOf(from)} – ${minuteOf(to)}`,
      ),
    ...lockLines(found, say, now),
  ];
}

/** Somebody new is not active until a second person confirms it; that is no deactivation. */
function inactive({ awaits }: ShownPerson, say: Say): string {
  return awaits == null
    ? say('已停用', 'not active')
    : `${say('尚未启用,待第二人确认', 'not active yet, waits for a second person')}: dualkey staff changes ${awaits}`;
}

/** R9: what is locked, since when, and how it opens again. An account's lock stands whatever the session's says. */
function lockLines({ username, lock, lockedSince }: ShownPerson, say: Say, now: Date): string[] {
  const since = (at: string | null) =>
    at === null ? '' : ` ${say(`自 ${minuteOf(at)}`, `since ${minuteOf(at)}`)}`;
  if (lock.account) {
    return [
      `  ${say('账号已锁定', 'the account is locked')} (R9)${since(lockedSince.account)}`,
      `    ${say('由信息安全总监或其代理人解锁', 'the information security director, or a deputy, unlocks it')}: dualkey unlock ${username} --reason …`,
    ];
  }
  if (lock.sessionUntil === null) return [];
  const until = minuteOf(lock.sessionUntil);
  const state =
    now < new Date(lock.sessionUntil)
      ? say('会话已锁定', 'the session is locked')
      : say('会话曾被锁定', 'the session was locked');
  return [
    `  ${state} (R9)${since(lockedSince.session)} ${say(`至 ${until}`, `until ${until}`)}`,
    `    ${say('其后须重新登录', 'a sign-in after that opens it again')}`,
  ];
}
