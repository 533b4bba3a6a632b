import type { Verdict } from '../domain/verdict.ts';
import { atOf, personEntity, personUid } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { DeviceFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** May this person confirm, revoke or see devices of that one (A6, R5)? Roles count that are held for the owner's hotel. */
export function decideDevice(ruleSet: RuleSet, { actor, owner, act, now, region }: DeviceFacts): Verdict {
  const at = atOf({ now, region });
  const people = actor.personId === owner.personId ? [actor] : [actor, owner];
  return evaluate(ruleSet, {
    principal: personUid(actor.personId),
    act,
    resource: personUid(owner.personId),
    context: {},
    entities: people.map((person) => personEntity(person, [owner.hotel], at)),
  });
}
