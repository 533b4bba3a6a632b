import type { Verdict } from '../domain/verdict.ts';
import { atOf, entitiesOf, personUid, requestUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { ShowingFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * May this person, who may see the request's metadata, also read its free text (remarks, reasons of decisions)? Those
 * may whom it was written for: the requester, and the roles that approve. It can name a guest, so auditors read counts,
 * and whoever is abroad reads none (A3).
 */
export function decideReadingFreeText(ruleSet: RuleSet, facts: ShowingFacts): Verdict {
  return evaluate(ruleSet, {
    principal: personUid(facts.actor.personId),
    act: 'read-free-text',
    resource: requestUid(facts.grant),
    context: { jurisdiction: facts.region.jurisdiction },
    entities: entitiesOf(facts.grant, [facts.actor], atOf(facts)),
  });
}
