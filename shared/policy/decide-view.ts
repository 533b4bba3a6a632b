import type { Verdict } from '../domain/verdict.ts';
import { atOf, personEntity, personUid, viewContext, viewEntity, viewUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { ViewFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person see this on screen, masked (T1, T2, T4, T6, T10, T15)? */
export function decideView(ruleSet: RuleSet, facts: ViewFacts): Verdict {
  const { viewer, hotel } = facts;
  const verdict = evaluate(ruleSet, {
    principal: personUid(viewer.personId),
    act: 'view',
    resource: viewUid(),
    context: viewContext(facts),
    entities: [personEntity(viewer, [hotel], atOf(facts)), viewEntity(facts)],
  });
  return { ...verdict, route: [] };
}
