import type { Verdict } from '../domain/verdict.ts';
import { atOf, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { PrintFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person put a print of what was opened on record, or that it was returned or destroyed (R13)? */
export function decidePrint(ruleSet: RuleSet, facts: PrintFacts): Verdict {
  const { actor, grant, act } = facts;
  return evaluate(ruleSet, {
    principal: personUid(actor.personId),
    act,
    resource: requestUid(grant),
    context: {},
    entities: entitiesOf(grant, [actor], atOf(facts)),
  });
}
