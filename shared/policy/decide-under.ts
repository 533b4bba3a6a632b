import { stricter, type Verdict } from '../domain/verdict.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * One decision under several rule sets, the stricter wins: the one that the request pinned and the one in force. A set
 * that stands twice is asked once.
 */
export function decideUnder<Facts>(
  ruleSets: readonly [RuleSet, ...RuleSet[]],
  decide: (ruleSet: RuleSet, facts: Facts) => Verdict,
  facts: Facts,
): Verdict {
  return [...new Set(ruleSets)].map((ruleSet) => decide(ruleSet, facts)).reduce(stricter);
}
