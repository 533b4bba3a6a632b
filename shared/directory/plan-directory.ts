import type { Login, StaffPatch } from '../domain/directory-entry.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Person } from '../domain/person.ts';
import type { PlannedPerson } from '../domain/staff-import.ts';
import type { FileFault, FileFaultCode } from './file-faults.ts';
import { reaches } from './held-roles.ts';
import { PERSON_ID, type StaffFields, type StaffLine } from './staff-fields.ts';

/** The directory as it stands, as far as a file speaks of it: everybody named in it, and everyone above them. */
export type Standing = {
  people: ReadonlyMap<string, Person>;
  byUsername: ReadonlyMap<string, string>;
  /** By issuer and subject, as `loginOf` has them. */
  byLogin: ReadonlyMap<string, string>;
  /** Hotels of this region, in which roles are held and shifts are worked; and of the whole chain, where people belong. */
  hotels: readonly string[];
  chainHotels: readonly string[];
  /** The issuer of this deployment's tokens, for logins that name none. */
  issuer: string;
  newPersonId(): string;
};

/** A planned person with the guests who are to be looked up for them. */
export type Planned = PlannedPerson & {
  line: StaffLine;
  clients: { hotel: string; guests: NonNullable<StaffFields['clients']> } | null;
};

/** How a file's login is told apart. */
export function loginOf({ issuer, subject }: Login): string {
  return `${issuer}#${subject}`;
}

/** Everybody whom the lines name: ids and usernames. */
export function namesIn(lines: readonly StaffLine[]): { ids: string[]; usernames: string[] } {
  const names = lines.flatMap(({ fields }) => [
    ...[fields.personId, fields.username, fields.manager, fields.mentor],
    ...(fields.deputies ?? []).map((deputy) => deputy.for),
  ]);
  const said = [...new Set(names.filter((name) => typeof name === 'string'))];
  return {
    ids: said.filter((name) => PERSON_ID.test(name)),
    usernames: said.filter((name) => !PERSON_ID.test(name)),
  };
}

/** The login that a line gives; null where it takes one away. */
export function loginIn({ subject, issuer }: StaffFields, ours: string): Login | null | undefined {
  if (subject === undefined || subject === null) return subject;
  return { issuer: issuer ?? ours, subject };
}

/**
 * What a file is to change, against the directory as it stands: everybody in it, managers before those under them, so that
 * superiors are right as each is written. Or every fault: then nothing of it is done.
 */
export function planDirectory(
  lines: readonly StaffLine[],
  standing: Standing,
): { planned: Planned[] } | { faults: FileFault[] } {
  const faults: FileFault[] = [];
  const fault = (line: StaffLine, field: string | null, code: FileFaultCode) => {
    faults.push({ line: field === null ? line.line : line.lineOf(field), field, code });
  };

  const people = identified(lines, standing, fault);
  const lineOf = new Map(people.map(({ personId, line }) => [personId, line]));
  const inFile = new Map(
    people.flatMap(({ personId, line }) =>
      line.fields.username === undefined ? [] : [[line.fields.username, personId] as const],
    ),
  );
  const resolve = (name: string): string | null => {
    const personId = PERSON_ID.test(name) ? name : (inFile.get(name) ?? standing.byUsername.get(name));
    if (personId === undefined) return null;
    return standing.people.has(personId) || lineOf.has(personId) ? personId : null;
  };

  const planned = people.map(({ personId, line, isNew }): Planned => {
    const { fields } = line;
    const known = standing.people.get(personId);
    const named = (field: 'manager' | 'mentor') => {
      const name = fields[field];
      if (name === undefined || name === null) return name;
      const found = resolve(name);
      if (found === null) fault(line, field, 'unknown-person');
      return found;
    };
    checkHotels(line, standing, fault);
    const deputyships = fields.deputies?.map((deputy, at) => {
      const deputyOf = resolve(deputy.for);
      const { role, hotels, from, until } = deputy;
      if (deputyOf === null) fault(line, `deputies.${at}.for`, 'unknown-person');
      else if (deputyOf === personId) fault(line, `deputies.${at}.for`, 'deputy-of-oneself');
      else if (!holdsAfter(deputyOf, { role, hotels }, standing, lineOf)) {
        fault(line, `deputies.${at}.for`, 'deputy-of-nobody-in-the-role');
      }
      return { role, hotels, deputyOf: deputyOf ?? '', from, until };
    });
    const login = loginIn(fields, standing.issuer);
    if (login !== undefined && login !== null) {
      const whose = standing.byLogin.get(loginOf(login));
      if (whose !== undefined && whose !== personId) fault(line, 'subject', 'login-of-another');
    }
    const { username, displayName, department, hotel, active, roles } = fields;
    const { accounts, shifts, training, exam, secondments, legalEntity, jurisdiction } = fields;
    const manager = named('manager');
    const mentor = named('mentor');
    const patch: StaffPatch = {
      personId,
      ...given({ username, displayName, department, hotel, manager, active, roles, deputyships }),
      ...given({ accounts, shifts, training, exam, secondments, mentor, legalEntity, jurisdiction, login }),
    };
    return {
      patch,
      isNew,
      moves: manager !== undefined && manager !== (known?.manager ?? null),
      line,
      clients:
        fields.clients === undefined ? null : { hotel: hotel ?? known?.hotel ?? '', guests: fields.clients },
    };
  });
  checkLogins(planned, fault);
  const depths = depthsOf(planned, standing, fault);
  if (faults.length > 0) return { faults: faults.sort((one, other) => one.line - other.line) };
  const depth = ({ patch }: Planned) => depths.get(patch.personId) ?? 0;
  return { planned: planned.sort((one, other) => depth(one) - depth(other)) };
}

type Fault = (line: StaffLine, field: string | null, code: FileFaultCode) => void;
type Identified = { personId: string; line: StaffLine; isNew: boolean };

/** Who each line is about: somebody of the directory, or somebody new. */
function identified(lines: readonly StaffLine[], standing: Standing, fault: Fault): Identified[] {
  const seen = { ids: new Set<string>(), usernames: new Set<string>() };
  return lines.flatMap((line) => {
    const { personId: given, username } = line.fields;
    if (given === undefined && username === undefined) {
      fault(line, null, 'nobody-named');
      return [];
    }
    const owner = username === undefined ? undefined : standing.byUsername.get(username);
    if (given !== undefined && owner !== undefined && owner !== given) {
      fault(line, 'username', 'username-of-another');
    }
    const personId = given ?? owner ?? standing.newPersonId();
    if (seen.ids.has(personId) || (username !== undefined && seen.usernames.has(username))) {
      fault(line, given === undefined ? 'username' : 'personId', 'doubled-person');
    }
    seen.ids.add(personId);
    if (username !== undefined) seen.usernames.add(username);
    const isNew = !standing.people.has(personId);
    const { displayName, department, hotel } = line.fields;
    if (isNew && [username, displayName, department, hotel].includes(undefined)) {
      fault(line, null, given === undefined ? 'new-person-incomplete' : 'unknown-person');
    }
    return [{ personId, line, isNew }];
  });
}

function checkHotels(line: StaffLine, { hotels, chainHotels }: Standing, fault: Fault): void {
  const { hotel, roles = [], deputies = [], shifts = [], secondments = [] } = line.fields;
  if (hotel !== undefined && !chainHotels.includes(hotel)) fault(line, 'hotel', 'unknown-hotel');
  const held: [field: string, hotels: '*' | readonly string[]][] = [
    ...roles.map((role, at) => [`roles.${at}.hotels`, role.hotels] as [string, '*' | string[]]),
    ...deputies.map((role, at) => [`deputies.${at}.hotels`, role.hotels] as [string, '*' | string[]]),
  ];
  for (const [field, codes] of held) {
    if (codes !== '*' && !codes.every((code) => hotels.includes(code))) fault(line, field, 'unknown-hotel');
  }
  for (const [field, items] of Object.entries({ shifts, secondments })) {
    for (const [at, item] of items.entries()) {
      if (!hotels.includes(item.hotel)) fault(line, `${field}.${at}.hotel`, 'unknown-hotel');
    }
  }
}

/** Two of the file with one login. */
function checkLogins(planned: readonly Planned[], fault: Fault): void {
  const seen = new Set<string>();
  for (const { patch, line } of planned) {
    if (patch.login === undefined || patch.login === null) continue;
    const key = loginOf(patch.login);
    if (seen.has(key)) fault(line, 'subject', 'login-of-another');
    seen.add(key);
  }
}

/** Whether somebody will hold a role themselves, once the file is in force. */
function holdsAfter(
  personId: string,
  wanted: Pick<Person['roles'][number], 'role' | 'hotels'>,
  { people }: Standing,
  lines: ReadonlyMap<string, StaffLine>,
): boolean {
  const own = people.get(personId)?.roles.filter(({ deputyOf }) => deputyOf === undefined) ?? [];
  const after = lines.get(personId)?.fields.roles ?? own;
  return after.some(({ role, hotels }) => reaches({ role, hotels }, wanted));
}

/** How far each planned person is from the top, under the managers of the file and, where it names none, of the directory. */
function depthsOf(planned: readonly Planned[], { people }: Standing, fault: Fault): Map<string, number> {
  const managers = new Map<string, string | null>(
    [...people.values()].map(({ personId, manager }) => [personId, manager]),
  );
  for (const { patch } of planned) {
    if (patch.manager !== undefined) managers.set(patch.personId, patch.manager);
    else if (!managers.has(patch.personId)) managers.set(patch.personId, null);
  }
  const depths = new Map<string, number>();
  for (const { patch, line } of planned) {
    const above = new Set<string>();
    let next = managers.get(patch.personId) ?? null;
    while (next !== null && next !== patch.personId && !above.has(next)) {
      above.add(next);
      next = managers.get(next) ?? null;
    }
    // Whoever is under a cycle, and not of it, is no part of the fault.
    if (next === patch.personId && patch.manager !== undefined) fault(line, 'manager', 'cycle-of-managers');
    else if (above.size > LIMITS.managersAbove) fault(line, 'manager', 'chain-too-long');
    depths.set(patch.personId, above.size);
  }
  return depths;
}

/** Without the fields that aren't there. */
function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } | object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
