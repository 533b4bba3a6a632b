import { EMERGENCY_STARTERS } from '../domain/break-glass.ts';
import { type Person, rolesFor } from '../domain/person.ts';
import { ROLE_NAMES, type Role } from '../domain/roles.ts';

/** Roles that can ask for an escalated retrieval, the narrower reach first (RULES "Who may reach what"). */
const ASKING_ROLES = [
  'sales',
  'account-manager',
  'marketing',
  'trainer',
  'analyst',
  'security',
  'duty-manager',
  'supervisor',
  'seconded',
  'partner',
  'liaison',
  'gm',
  'legal',
  'infosec-director',
] as const satisfies readonly Role[];

/**
 * The role in which a person's request is judged where it names none: one that can ask, held at this time for all of the
 * hotels; else any role held for them; else any role at all (and the rulebook refuses it by that role's rule). Null for
 * somebody without a role. Break-glass is judged in a role that may start it, where one is held (L5).
 */
export function requestingRole(
  person: Person,
  hotels: readonly string[],
  at: Date,
  emergency = false,
): Role | null {
  const held = rolesFor(person, hotels, at);
  const anywhere = person.roles.map(({ role }) => role);
  const inOrder = [...(emergency ? EMERGENCY_STARTERS : []), ...ASKING_ROLES, ...ROLE_NAMES];
  return (
    inOrder.find((role) => held.includes(role)) ?? inOrder.find((role) => anywhere.includes(role)) ?? null
  );
}
