import type { Verdict } from '../domain/verdict.ts';
import { atOf, personEntity, personUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { UnlockingFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person open that one's locked account (R9)? Roles count that are held for the other's hotel. */
export function decideUnlocking(ruleSet: RuleSet, facts: UnlockingFacts): Verdict {
  const { actor, locked, stepUp } = facts;
  const people = actor.personId === locked.personId ? [actor] : [actor, locked];
  return evaluate(ruleSet, {
    principal: personUid(actor.personId),
    act: 'unlock-account',
    resource: personUid(locked.personId),
    context: { stepUp },
    entities: people.map((person) => personEntity(person, [locked.hotel], atOf(facts))),
  });
}
