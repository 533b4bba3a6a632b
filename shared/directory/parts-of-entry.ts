import { type Digest, digestOf } from '../domain/digest.ts';
import type { DirectoryEntry, StaffField, StaffPatch } from '../domain/directory-entry.ts';

/** What stands in each field of a patch; `login` as a whole. */
function partOf({ person, shifts, clients, login }: DirectoryEntry, field: StaffField): unknown {
  switch (field) {
    case 'roles':
    case 'deputyships':
      return person.roles;
    case 'training':
      return person.training.system;
    case 'exam':
      return person.training.exam;
    case 'shifts':
      return shifts;
    case 'clients':
      return clients;
    case 'login':
      return login;
    default:
      return person[field];
  }
}

/** The digest of what stands in these fields: whether they were changed since somebody looked. */
export function digestOfParts(entry: DirectoryEntry, fields: readonly StaffField[]): Digest {
  return digestOf(Object.fromEntries(fields.map((field) => [field, partOf(entry, field)])));
}

/** The fields that differ; who stands above somebody goes with the manager. */
export function fieldsThatDiffer(one: DirectoryEntry, other: DirectoryEntry): StaffField[] {
  return FIELDS.filter((field) => digestOfParts(one, [field]) !== digestOfParts(other, [field]));
}

/** Of a patch, these fields alone. */
export function patchOf(patch: StaffPatch, fields: readonly StaffField[]): StaffPatch {
  const kept = Object.entries(patch).filter(([name]) => fields.some((field) => field === name));
  return { personId: patch.personId, ...Object.fromEntries(kept) };
}

/** `roles` and `deputyships` are one part: its name is the first. */
const FIELDS = [
  'username',
  'displayName',
  'department',
  'hotel',
  'manager',
  'active',
  'roles',
  'accounts',
  'clients',
  'shifts',
  'training',
  'exam',
  'secondments',
  'mentor',
  'legalEntity',
  'jurisdiction',
  'login',
] as const satisfies readonly StaffField[];
