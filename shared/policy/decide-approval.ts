import type { Verdict } from '../domain/verdict.ts';
import { atOf, decidingContext, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { ApprovalFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * May this person, in this role, approve or deny this request now (A1, A4, A5, A7)? A decision that was taken before
 * is refused: whoever repeats one answers from the row instead of asking.
 */
export function decideApproval(ruleSet: RuleSet, facts: ApprovalFacts): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act: facts.decision,
    resource: requestUid(facts.grant),
    context: decidingContext(facts),
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient, facts.actor], atOf(facts)),
  });
}
