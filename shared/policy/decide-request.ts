import { stricter, type Verdict } from '../domain/verdict.ts';
import { askingContext, atOf, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { tooFewApprovals } from './dual-control.ts';
import { evaluate } from './evaluate.ts';
import type { RequestFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * May this be asked for, and who must all agree? An allowed request carries its route: at least two roles, whatever
 * the rule set says; and the rules that added roles speak in it. Ask it once without the scope (a request that is refused
 * anyway is never searched for) and again with it.
 */
export function decideRequest(ruleSet: RuleSet, facts: RequestFacts): Verdict {
  const question = {
    principal: personUid(facts.requester.personId),
    resource: requestUid(facts.grant),
    context: askingContext(facts),
    entities: entitiesOf(facts.grant, [facts.requester, facts.recipient], atOf(facts)),
  };
  const asked = evaluate(ruleSet, { ...question, act: 'request' });
  if (asked.outcome === 'deny') return asked;
  const added = evaluate(ruleSet, { ...question, act: 'route' });
  const verdict = added.outcome === 'allow' ? stricter(asked, added) : asked;
  const floor = tooFewApprovals(verdict.route.length, facts.region.minimumApprovals);
  return floor ? stricter(verdict, floor) : { ...verdict, route: [...verdict.route].sort() };
}
