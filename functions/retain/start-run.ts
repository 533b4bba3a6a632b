import type { Person } from '../../shared/domain/person.ts';
import { currentRuleSet } from '../../shared/facts/rule-sets-in-force.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import { done, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import { regionFacts } from '../../shared/runtime/region.ts';
import type { RetainDependencies } from './retain-dependencies.ts';
import { runRetention } from './run-retention.ts';

export type RunCall = { actor: Person; dryRun: boolean };

/** A run that a responsible person starts (D4): as that person, over every hotel of the region. */
export async function startRun(
  { actor, dryRun }: RunCall,
  dependencies: RetainDependencies & { ruleSets: RuleSets },
): Promise<HttpResult> {
  const { region, ruleSets } = dependencies;
  const facts = regionFacts(region);
  const verdict = decideDuty(await currentRuleSet(ruleSets), {
    region: facts,
    actor,
    duty: 'run-retention',
    hotels: facts.hotels,
  });
  if (verdict.outcome === 'deny') return refused(verdict);
  const answered = dryRun ? ok : done;
  return answered(await runRetention({ responsible: actor.personId, dryRun }, dependencies));
}
