import { type Person, rolesFor } from '../domain/person.ts';
import type { Category, Source } from '../domain/record.ts';
import { ROLES, type Role } from '../domain/roles.ts';
import { deny, type Verdict } from '../domain/verdict.ts';
import type { RegionFacts } from './facts.ts';

/** Roles that may bring records into custody for their hotels. It gives them nothing to read. */
const INGESTING_ROLES: readonly Role[] = [
  'it-ops',
  'privacy-officer',
  'legal',
  'infosec-director',
  'agent',
  'supervisor',
  'department-head',
];

/**
 * May this person bring records of this hotel and category into custody, or see what became of them? Records stay in
 * their region (A3); employees' own talk comes from work groups alone, and only where the hotel has a basis for it (R7);
 * a refused role is named by its own rule.
 */
export function decideIngest(facts: {
  person: Person;
  hotel: string;
  source: Source;
  category: Category;
  /** Whether the hotel has any authorisation or notice on which employees' talk may be collected. */
  hasCollectionBasis: boolean;
  region: RegionFacts;
}): Verdict {
  const { person, hotel, source, category, region, hasCollectionBasis } = facts;
  if (!region.hotels.includes(hotel)) return deny('A3', 'duty-outside-region');
  const held = rolesFor(person, [hotel]);
  if (!held.some((role) => INGESTING_ROLES.includes(role))) {
    const roles = held.length > 0 ? held : person.roles.map(({ role }) => role);
    const rules = [...new Set(roles.map((role) => ROLES[role].rule))];
    return {
      outcome: 'deny',
      reasons: ['role-may-not-ingest'],
      rules: rules.length > 0 ? rules : ['T15'],
      route: [],
    };
  }
  if (category === 'employee' && source !== 'workgroup') {
    return deny('R7', 'employee-records-from-work-groups-only');
  }
  if (source === 'workgroup' && !hasCollectionBasis) return deny('R7', 'employee-records-without-basis');
  return { outcome: 'allow', reasons: [], rules: [], route: [] };
}
