import type { Verdict } from '../domain/verdict.ts';
import { decideRelease } from './decide-provision.ts';
import type { OpeningFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * May this person open the grant now? All that provision asked is asked again, and with it state, window, openings
 * left and recipient (R11, R13).
 */
export function decideOpening(ruleSet: RuleSet, facts: OpeningFacts): Verdict {
  return decideRelease(ruleSet, facts, 'open');
}
