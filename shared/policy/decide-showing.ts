import type { Verdict } from '../domain/verdict.ts';
import { atOf, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { ShowingFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person see the request's metadata and counts (T18)? Never its content. */
export function decideShowing(ruleSet: RuleSet, facts: ShowingFacts): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act: 'see',
    resource: requestUid(facts.grant),
    context: {},
    entities: entitiesOf(facts.grant, [facts.actor], atOf(facts)),
  });
}
