import type { Verdict } from '../domain/verdict.ts';
import { atOf, endingContext, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { EndingFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person withdraw the request, or close or revoke the grant, in the state it is in? */
export function decideEnding(ruleSet: RuleSet, facts: EndingFacts): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act: facts.ending,
    resource: requestUid(facts.grant),
    context: endingContext(facts),
    entities: entitiesOf(facts.grant, [facts.actor], atOf(facts)),
  });
}
