import type { DirectoryEntry, StaffField } from '../domain/directory-entry.ts';
import type { Person } from '../domain/person.ts';
import type { Shift } from '../domain/shift.ts';
import { gainedRoles, keptRoles } from './held-roles.ts';
import { areWithin, timesInCommon } from './times-in-common.ts';
import { losesSuperior } from './with-lost-superior.ts';

type Secondment = Person['secondments'][number];

/** A part of an entry: whether it gives more after than before, and what stays of it where nothing more is given. */
type Part = {
  fields: readonly StaffField[];
  gives(before: DirectoryEntry, after: DirectoryEntry): boolean;
  /** `after` with this part as it may be at once. */
  without(before: DirectoryEntry, after: DirectoryEntry): DirectoryEntry;
};

/**
 * What may give somebody more. Where a change can do so in a way that nobody sees from it alone, any change counts: of
 * hotel and department (T2, R3, T11), of the place of work (A3), of accounts on platforms (whoever has none takes part in
 * no record, A1; whoever has one may have its tickets, T15), of the login and of the mentor (T10), and of the names by which
 * people know whom they approve.
 */
const PARTS: readonly Part[] = [
  {
    fields: ['active'],
    gives: (before, after) => after.person.active && !before.person.active,
    without: (before, after) => withPerson(after, { active: before.person.active }),
  },
  {
    fields: ['roles', 'deputyships'],
    gives: (before, after) => gainedRoles(before.person.roles, after.person.roles).length > 0,
    without: (before, after) =>
      withPerson(after, { roles: keptRoles(before.person.roles, after.person.roles) }),
  },
  {
    // Whoever loses a superior may approve with them, and for them (A1).
    fields: ['manager'],
    gives: losesSuperior,
    without: (before, after) => ({
      ...withPerson(after, { manager: before.person.manager }),
      superiors: before.superiors,
    }),
  },
  nameOf('username'),
  nameOf('displayName'),
  anyChange('hotel'),
  anyChange('department'),
  anyChange('jurisdiction'),
  {
    fields: ['accounts'],
    gives: (before, after) => !areSame(before.person.accounts, after.person.accounts),
    without: (before, after) => withPerson(after, { accounts: before.person.accounts }),
  },
  {
    fields: ['mentor'],
    gives: (before, after) => after.person.mentor !== null && after.person.mentor !== before.person.mentor,
    without: (before, after) => withPerson(after, { mentor: before.person.mentor }),
  },
  training('training', 'system'),
  training('exam', 'exam'),
  {
    fields: ['secondments'],
    gives: (before, after) =>
      !areWithin(after.person.secondments, before.person.secondments, isSameSecondment),
    without: (before, after) =>
      withPerson(after, {
        secondments: timesInCommon(before.person.secondments, after.person.secondments, isSameSecondment),
      }),
  },
  {
    fields: ['shifts'],
    gives: (before, after) => !areWithin(after.shifts, before.shifts, isSameHotel),
    without: (before, after) => ({
      ...after,
      shifts: timesInCommon(before.shifts, after.shifts, isSameHotel),
    }),
  },
  {
    fields: ['clients'],
    gives: (before, after) => after.clients.some((guestId) => !before.clients.includes(guestId)),
    without: (before, after) => ({
      ...after,
      clients: after.clients.filter((guestId) => before.clients.includes(guestId)),
    }),
  },
  {
    fields: ['login'],
    gives: ({ login: before }, { login: after }) =>
      after !== null && (before?.issuer !== after.issuer || before.subject !== after.subject),
    without: ({ login }, after) => ({ ...after, login }),
  },
];

/**
 * Whether somebody could do, see or keep from others more after a change of the directory than before. Decides alone which
 * changes take two people; who gave a role says nothing about it.
 */
export function givesMore(before: DirectoryEntry, after: DirectoryEntry): boolean {
  return PARTS.some(({ gives }) => gives(before, after));
}

/** The fields by which it gives more. */
export function fieldsThatGive(before: DirectoryEntry, after: DirectoryEntry): StaffField[] {
  return PARTS.filter(({ gives }) => gives(before, after)).flatMap(({ fields }) => fields);
}

/** What of a change takes away or is neutral: as much of `after` as gives nothing more than `before`. */
export function withoutGains(before: DirectoryEntry, after: DirectoryEntry): DirectoryEntry {
  return PARTS.reduce(
    (entry, part) => (part.gives(before, after) ? part.without(before, entry) : entry),
    after,
  );
}

function anyChange(field: 'hotel' | 'department' | 'jurisdiction'): Part {
  return {
    fields: [field],
    gives: (before, after) => before.person[field] !== after.person[field],
    without: (before, after) => ({ ...after, person: { ...after.person, [field]: before.person[field] } }),
  };
}

/** Under another's name somebody is taken for them; somebody new is entered by a name, and has none to swap. */
function nameOf(field: 'username' | 'displayName'): Part {
  return {
    fields: [field],
    gives: (before, after) => before.person[field] !== '' && before.person[field] !== after.person[field],
    without: (before, after) => ({ ...after, person: { ...after.person, [field]: before.person[field] } }),
  };
}

function training(field: StaffField, kept: keyof Person['training']): Part {
  return {
    fields: [field],
    gives: (before, after) =>
      after.person.training[kept] !== null && after.person.training[kept] !== before.person.training[kept],
    without: (before, after) =>
      withPerson(after, {
        training: { ...after.person.training, [kept]: before.person.training[kept] },
      }),
  };
}

function withPerson(entry: DirectoryEntry, changes: Partial<Person>): DirectoryEntry {
  return { ...entry, person: { ...entry.person, ...changes } };
}

function isSameHotel(one: Shift, other: Shift): boolean {
  return one.hotel === other.hotel;
}

function isSameSecondment(one: Secondment, other: Secondment): boolean {
  return one.hotel === other.hotel && one.department === other.department;
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
