import type { Verdict } from '../domain/verdict.ts';
import { atOf, hotelsEntity, hotelsUid, personEntity, personUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { Duty, DutyFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** Duties that the person's own device signs (A6). */
const SIGNED: readonly Duty[] = ['release-hold'];

/** May this person place, release or see legal holds (D3), run the deletion of what is due or see its certificates (D4)? */
export function decideDuty(ruleSet: RuleSet, facts: DutyFacts): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act: facts.duty,
    resource: hotelsUid(),
    context: {
      regionHotels: facts.region.hotels,
      ...(facts.caseKind === undefined ? {} : { caseKind: facts.caseKind }),
      ...(SIGNED.includes(facts.duty) ? { stepUp: facts.stepUp ?? 'missing' } : {}),
    },
    entities: [personEntity(facts.actor, facts.hotels, atOf(facts)), hotelsEntity(facts.hotels)],
  });
}
