import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { AgainSources } from '../../shared/facts/find-again.ts';
import { requestFacts } from '../../shared/facts/gather-facts.ts';
import type { EmergencyFacts } from '../../shared/policy/facts.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';

export type EmergencyFactSources = Omit<AgainSources, 'cases' | 'directory'> & {
  cases: Cases;
  directory: Directory;
  ruleSets: RuleSets;
};

/** Facts about an act on break-glass in use; `uses` are counted where it is asked for and opened, not here. */
export async function emergencyFacts(
  grant: AccessGrant,
  actor: Person,
  scope: EmergencyFacts['scope'],
  { directory, region, cases }: EmergencyFactSources,
  now: Date,
): Promise<EmergencyFacts> {
  return {
    ...(await requestFacts({ directory, region, cases, now }, grant, scope)),
    actor,
    role: grant.requesterRole,
    uses: 0,
  };
}
