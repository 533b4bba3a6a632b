import type { DirectoryEntry, StaffField } from '../domain/directory-entry.ts';
import type { Given } from './apply-patch.ts';
import { fieldsThatGive } from './gives-more.ts';

/** Fields of several values: one more leaves those that were given before as they were given. */
const LISTS: readonly StaffField[] = ['shifts', 'clients', 'secondments', 'accounts'];

/**
 * The entry with who gave what it gives more than before (A1): of a field of one value, whoever brought the value that
 * stands; of a list, whoever brought any of it. Roles keep their givers themselves.
 */
export function withGivers(before: DirectoryEntry, after: DirectoryEntry, given: Given): DirectoryEntry {
  const by = given.confirmedBy === undefined ? [given.grantedBy] : [given.grantedBy, given.confirmedBy];
  const fields = fieldsThatGive(before, after).filter(
    (field) => field !== 'roles' && field !== 'deputyships',
  );
  if (fields.length === 0) return after;
  const { givenBy } = before.person;
  const brought = Object.fromEntries(
    fields.map((field) => [
      field,
      LISTS.includes(field) ? [...new Set([...(givenBy[field] ?? []), ...by])] : by,
    ]),
  );
  return { ...after, person: { ...after.person, givenBy: { ...givenBy, ...brought } } };
}
