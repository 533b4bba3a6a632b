import { type Person, rolesFor } from '../domain/person.ts';
import { ROLES, type Role } from '../domain/roles.ts';
import { deny, type Verdict } from '../domain/verdict.ts';
import type { RegionFacts } from './facts.ts';

/** Roles that keep the ways into custody: they set up channels, have unread pushes tried again and blocks merged. It gives them nothing to read. */
const KEEPERS: readonly Role[] = ['it-ops', 'infosec-director'];

/**
 * May this person set up the channels by which platforms push to this hotel, have pushes of it that could not be read tried
 * again, or have its blocks merged (T4)? What belongs
 * to another region is kept there (A3); a refused role is named by its own rule.
 */
export function decideUpkeep({
  person,
  hotel,
  region,
}: {
  person: Person;
  hotel: string;
  region: RegionFacts;
}): Verdict {
  if (!region.hotels.includes(hotel)) return deny('A3', 'duty-outside-region');
  const held = rolesFor(person, [hotel]);
  if (held.some((role) => KEEPERS.includes(role))) {
    return { outcome: 'allow', reasons: [], rules: [], route: [] };
  }
  const roles = held.length > 0 ? held : person.roles.map(({ role }) => role);
  const rules = [...new Set(roles.map((role) => ROLES[role].rule))];
  return {
    outcome: 'deny',
    reasons: ['role-may-not-keep-channels'],
    rules: rules.length > 0 ? rules : ['T4'],
    route: [],
  };
}
