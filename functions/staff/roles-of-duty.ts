import { rolesFor } from '../../shared/domain/person.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { decideDuty } from '../../shared/policy/decide-duty.ts';
import type { DutyFacts } from '../../shared/policy/facts.ts';
import type { RuleSet } from '../../shared/policy/rule-set.ts';

/** Each role that the person holds for these hotels in which alone the duty would be theirs. */
export function rolesOfDuty(ruleSet: RuleSet, facts: DutyFacts): Role[] {
  const { actor, hotels, now } = facts;
  return [...new Set(rolesFor(actor, hotels, now))].filter((role) => {
    const alone = { ...actor, roles: actor.roles.filter((one) => one.role === role) };
    return decideDuty(ruleSet, { ...facts, actor: alone }).outcome === 'allow';
  });
}
