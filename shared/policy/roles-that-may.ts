import { rolesFor } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import { decideDuty } from './decide-duty.ts';
import type { DutyFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/** Each role that the person holds for these hotels in which alone the duty would be theirs. */
export function rolesThatMay(ruleSet: RuleSet, facts: DutyFacts): Role[] {
  const { actor, hotels, now } = facts;
  const held = [...new Set(rolesFor(actor, hotels, now))];
  return held.filter((role) => {
    const alone = { ...actor, roles: actor.roles.filter((one) => one.role === role) };
    return decideDuty(ruleSet, { ...facts, actor: alone }).outcome === 'allow';
  });
}
