import { type Person, rolesFor } from '../domain/person.ts';
import { ROLE_NAMES, type Role } from '../domain/roles.ts';

/** Roles that can ask for an escalated retrieval, the narrower reach first. */
const ASKING_ROLES: readonly Role[] = ['legal', 'infosec-director'];

/**
 * The role in which a person's request is judged: one that can ask, held for all of the hotels; else any role held for
 * them; else any role at all (and the rulebook refuses it by that role's rule). Null for somebody without a role.
 */
export function requestingRole(person: Person, hotels: readonly string[]): Role | null {
  const held = rolesFor(person, hotels);
  const anywhere = person.roles.map(({ role }) => role);
  const inOrder = [...ASKING_ROLES, ...ROLE_NAMES];
  return (
    inOrder.find((role) => held.includes(role)) ?? inOrder.find((role) => anywhere.includes(role)) ?? null
  );
}
