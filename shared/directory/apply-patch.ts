import type { DirectoryEntry, StaffPatch } from '../domain/directory-entry.ts';
import type { HeldRole, Person } from '../domain/person.ts';
import type { Shift } from '../domain/shift.ts';
import { gainedRoles, keptRoles, type Reach } from './held-roles.ts';

/** Who gives what somebody gains, and when: the time of the confirmation, where it takes one. */
export type Given = Pick<HeldRole, 'grantedBy' | 'confirmedBy' | 'since'>;

/**
 * The entry as a patch has it. Roles that were held stay as they were given; those that are gained are `given`.
 * `superiors` are those of the new manager, the manager first; null where the manager stays. Shifts that ended before
 * `keepFrom` are dropped.
 */
export function applyPatch(
  entry: DirectoryEntry,
  patch: StaffPatch,
  { given, superiors, keepFrom }: { given: Given; superiors: string[] | null; keepFrom: Date },
): DirectoryEntry {
  const { person } = entry;
  return {
    person: {
      ...person,
      username: patch.username ?? person.username,
      displayName: patch.displayName ?? person.displayName,
      department: patch.department ?? person.department,
      hotel: patch.hotel ?? person.hotel,
      manager: orKept(patch.manager, person.manager),
      active: patch.active ?? person.active,
      roles: rolesAfter(person, patch, given),
      accounts: patch.accounts === undefined ? person.accounts : [...new Set(patch.accounts)].sort(),
      legalEntity: orKept(patch.legalEntity, person.legalEntity),
      jurisdiction: orKept(patch.jurisdiction, person.jurisdiction),
      training: {
        system: orKept(patch.training, person.training.system),
        exam: orKept(patch.exam, person.training.exam),
      },
      mentor: orKept(patch.mentor, person.mentor),
      secondments: patch.secondments ?? person.secondments,
    },
    superiors: superiors ?? entry.superiors,
    shifts: shiftsAfter(entry.shifts, patch.shifts, keepFrom),
    clients: patch.clients === undefined ? entry.clients : [...new Set(patch.clients)].sort(),
    login: orKept(patch.login, entry.login),
  };
}

function orKept<Value>(given: Value | undefined, kept: Value): Value {
  return given === undefined ? kept : given;
}

function rolesAfter({ roles }: Person, { roles: own, deputyships }: StaffPatch, given: Given): HeldRole[] {
  if (own === undefined && deputyships === undefined) return roles;
  const wanted: Reach[] = [
    ...(own ?? roles.filter(({ deputyOf }) => deputyOf === undefined)),
    ...(deputyships ?? roles.filter(({ deputyOf }) => deputyOf !== undefined)),
  ];
  return [
    ...keptRoles(roles, wanted),
    ...gainedRoles(roles, wanted).map((gained) => ({ ...gained, ...given })),
  ];
}

/** Those given replace whatever begins in the time that they cover; each stands once, in order of time. */
function shiftsAfter(before: readonly Shift[], given: readonly Shift[] | undefined, keepFrom: Date): Shift[] {
  const standing = given === undefined ? before : before.filter((shift) => isOutside(shift, given));
  const all = [...standing, ...(given ?? [])].filter(({ to }) => Date.parse(to) >= keepFrom.getTime());
  return all
    .filter((one, at) => all.findIndex((other) => isSame(one, other)) === at)
    .sort(
      (one, other) => Date.parse(one.from) - Date.parse(other.from) || (one.hotel < other.hotel ? -1 : 1),
    );
}

function isOutside({ from }: Shift, given: readonly Shift[]): boolean {
  if (given.length === 0) return false;
  const begins = Date.parse(from);
  return (
    begins < Math.min(...given.map((shift) => Date.parse(shift.from))) ||
    begins >= Math.max(...given.map((shift) => Date.parse(shift.to)))
  );
}

function isSame(one: Shift, other: Shift): boolean {
  return one.hotel === other.hotel && one.from === other.from && one.to === other.to;
}
