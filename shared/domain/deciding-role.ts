import type { AccessGrant } from './access-grant.ts';
import { type Person, rolesFor } from './person.ts';
import type { Role } from './roles.ts';

/**
 * The role in which somebody decides on a request: the one named, else one of the route that they hold now, an undecided
 * one first; null where they hold none of the route.
 */
export function decidingRole(
  { route, hotels, approvals }: Pick<AccessGrant, 'route' | 'hotels' | 'approvals'>,
  person: Person,
  named: Role | undefined,
  now: Date,
): Role | null {
  const held = rolesFor(person, hotels, now);
  const decided = approvals.map(({ role }) => role);
  const own = route.filter((role) => held.includes(role));
  return named ?? own.find((role) => !decided.includes(role)) ?? own[0] ?? null;
}
