import { stricter, type Verdict } from '../domain/verdict.ts';
import { inReasons } from './reasons.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * One decision under several rule sets, the stricter wins: the one that the request pinned and the one in force. A set
 * that stands twice is asked once. A denial under several says itself in the words of those that deny: the same code may
 * read otherwise in the others.
 */
export function decideUnder<Facts>(
  ruleSets: readonly [RuleSet, ...RuleSet[]],
  decide: (ruleSet: RuleSet, facts: Facts) => Verdict,
  facts: Facts,
): Verdict {
  const said = [...new Set(ruleSets)].map((ruleSet) => ({ ruleSet, verdict: decide(ruleSet, facts) }));
  const strictest = said.map(({ verdict }) => verdict).reduce(stricter);
  if (said.length === 1 || strictest.outcome === 'allow') return strictest;
  // Where two that deny say the same code otherwise, the last one counts: it is told as it reads now.
  const words = said
    .filter(({ verdict }) => verdict.outcome === 'deny')
    .toReversed()
    .flatMap(({ ruleSet, verdict }) => Object.entries(inReasons(verdict.reasons, ruleSet)));
  return { ...strictest, words: Object.fromEntries(words) };
}
