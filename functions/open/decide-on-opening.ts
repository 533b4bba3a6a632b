import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { Person } from '../../shared/domain/person.ts';
import { deny, type Verdict } from '../../shared/domain/verdict.ts';
import { findAgain } from '../../shared/facts/find-again.ts';
import { openingFacts, type SignedApprovals } from '../../shared/facts/gather-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import { decideOpening } from '../../shared/policy/decide-opening.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { RegionFacts, StepUpOutcome } from '../../shared/policy/facts.ts';
import type { Cases } from '../../shared/ports/cases.ts';
import type { ConsentStore } from '../../shared/ports/consent-store.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { RecordsIndex } from '../../shared/ports/records-index.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';

export type OpeningSources = {
  region: RegionFacts;
  directory: Directory;
  ruleSets: RuleSets;
  records: RecordsIndex;
  evidence: ObjectStore;
  consents: Pick<ConsentStore, 'ofGuests'>;
  cases: Cases;
  signed: SignedApprovals;
};

/**
 * Everything that provision asked, asked again for this opening: people, approvals, the records that still stand behind
 * what was staged; under the pinned rule set and the one in force, the stricter wins.
 */
export async function decideOnOpening(
  grant: AccessGrant,
  actor: Person,
  now: Date,
  stepUp: StepUpOutcome,
  sources: OpeningSources,
): Promise<Verdict> {
  // Whatever else would stand in its way: break-glass has nothing to open, and its starter is told where to look.
  if (grant.emergency && actor.personId === grant.recipient)
    return deny('L5', 'break-glass-is-seen-on-screen-alone');
  // A request that was never checked has nothing to look for.
  if (grant.scope === null) return deny('R11', 'grant-not-open');
  const [found, sets] = await Promise.all([
    findAgain(grant, sources, now),
    ruleSetsFor(sources.ruleSets, grant),
  ]);
  // It was counted when it was granted; openings in one grant don't count (R4).
  const facts = await openingFacts(
    { ...sources, now },
    grant,
    { ...found.facts, retrievals: 0 },
    {
      actor,
      stepUp,
    },
  );
  return decideUnder(sets, decideOpening, facts);
}
