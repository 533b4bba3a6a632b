import type { RegionFacts } from './facts.ts';
import { refuseLoosening } from './refuse-loosening.ts';
import { bundledRuleSet, type RuleSet } from './rule-set.ts';

/** Any time will do: the rulebook knows times by how far apart they are. */
export const SUPPOSED_NOW = new Date('2026-06-15T12:00:00.000Z');

/**
 * The rule set of a region as it may come into force: the bundled one, with the chain's own policies of that region,
 * which loosen nothing. `policies` is the chain's folder, where it isn't beside the code.
 * @throws RuleSetInvalidError with file, line and reason; a policy that would loosen the rulebook with a request that
 * shows it.
 */
export function admittedRuleSet(region: RegionFacts, policies?: URL): RuleSet {
  const ruleSet = bundledRuleSet(region.region, policies);
  refuseLoosening(ruleSet, { region, now: SUPPOSED_NOW });
  return ruleSet;
}
