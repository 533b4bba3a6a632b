import { withPeopleAt } from '../domain/dated-people.ts';
import type { DirectoryEntry, StaffField } from '../domain/directory-entry.ts';
import type { Given } from './apply-patch.ts';
import { fieldsThatGive } from './gives-more.ts';

/** Fields of several values: one more leaves those that were given before as they were given. */
const LISTS: readonly StaffField[] = ['shifts', 'clients', 'secondments', 'accounts'];

/**
 * Fields by which somebody can decide on requests, beside the roles, which say themselves since when: who signs in as them,
 * as whom others know them, and what the rulebook asks of an approver.
 */
const LETS_DECIDE: readonly StaffField[] = [
  'active',
  'login',
  'username',
  'displayName',
  'accounts',
  'hotel',
  'department',
  'jurisdiction',
];

/**
 * The entry with who gave what it gives more than before (A1): of a field of one value, whoever brought the value that
 * stands; of a list, whoever brought any of it. Roles keep their givers themselves.
 * Of what lets the person decide, whoever brought it stands there with when, whatever came of the field since.
 */
export function withGivers(
  before: DirectoryEntry,
  after: DirectoryEntry,
  given: Given,
  at: Date,
): DirectoryEntry {
  const by = given.confirmedBy === undefined ? [given.grantedBy] : [given.grantedBy, given.confirmedBy];
  const fields = fieldsThatGive(before, after).filter(
    (field) => field !== 'roles' && field !== 'deputyships',
  );
  if (fields.length === 0) return after;
  const { givenBy, enablers } = before.person;
  const brought = Object.fromEntries(
    fields.map((field) => [
      field,
      LISTS.includes(field) ? [...new Set([...(givenBy[field] ?? []), ...by])] : by,
    ]),
  );
  const enabling = fields.some((field) => LETS_DECIDE.includes(field))
    ? { enablers: withPeopleAt(enablers, by, at) }
    : {};
  return { ...after, person: { ...after.person, givenBy: { ...givenBy, ...brought }, ...enabling } };
}
