import type { AccessGrant } from './access-grant.ts';
import { EMERGENCY_OPENERS, isWaitingForOpener } from './break-glass.ts';
import { type Person, rolesFor } from './person.ts';
import type { Role } from './roles.ts';

/**
 * The role in which somebody decides on a request: the one named, else one of the route that they hold now, an undecided
 * one first; null where they hold none of the route. Break-glass that waits is opened in the roles that may open it (L5).
 */
export function decidingRole(
  grant: Pick<AccessGrant, 'route' | 'hotels' | 'approvals' | 'state' | 'emergency' | 'emergencyAsked'>,
  person: Person,
  named: Role | undefined,
  now: Date,
): Role | null {
  const { route, hotels, approvals } = grant;
  const opening: readonly Role[] = EMERGENCY_OPENERS;
  const asked = isWaitingForOpener(grant) ? route.filter((role) => opening.includes(role)) : route;
  const held = rolesFor(person, hotels, now);
  const decided = approvals.map(({ role }) => role);
  const own = asked.filter((role) => held.includes(role));
  return named ?? own.find((role) => !decided.includes(role)) ?? own[0] ?? null;
}
