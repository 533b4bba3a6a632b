import type { AccessGrant } from '../domain/access-grant.ts';
import { type RuleSet, readyRuleSet } from '../policy/rule-set.ts';
import type { RuleSets } from '../ports/rule-sets.ts';

/** The rule set in force now, ready to be asked. */
export async function currentRuleSet(ruleSets: RuleSets): Promise<RuleSet> {
  return readyRuleSet(await ruleSets.current());
}

/**
 * The rule set in force now and, where it is another one, the set that check pinned on the request: what decisions
 * after check are asked under (shared/policy/decide-under.ts).
 */
export async function ruleSetsFor(
  ruleSets: RuleSets,
  { ruleSet }: AccessGrant,
): Promise<readonly [RuleSet, ...RuleSet[]]> {
  const current = await ruleSets.current();
  if (ruleSet === null || ruleSet === current.digest) return [readyRuleSet(current)];
  const pinned = await ruleSets.byDigest(ruleSet);
  return [readyRuleSet(current), readyRuleSet(pinned)];
}
