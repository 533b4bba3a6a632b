import { ROLE_NAMES, type Role } from '../../../shared/domain/roles.ts';
import { SUPPOSED_NOW } from '../../../shared/policy/admitted-rule-set.ts';
import { decideRequest } from '../../../shared/policy/decide-request.ts';
import type { RuleSet } from '../../../shared/policy/rule-set.ts';
import { supposedPerson, supposedRequest } from '../../../shared/policy/supposed-request.ts';
import { REGION } from './staff.ts';

const supposition = { region: REGION, now: SUPPOSED_NOW };
export const HAT_CATEGORIES = ['enquiry', 'key-card', 'dispute'] as const;

/** Somebody who holds every role there is asks in one of them: the answer is that role's. */
export function everyHat(
  ruleSet: RuleSet,
): { role: Role; category: (typeof HAT_CATEGORIES)[number]; answer: string }[] {
  const requester = supposedPerson('requester', ROLE_NAMES, supposition);
  return ROLE_NAMES.flatMap((role) =>
    HAT_CATEGORIES.map((category) => {
      const facts = { ...supposedRequest(role, [category], supposition), requester, recipient: requester };
      const { outcome, route } = decideRequest(ruleSet, facts);
      return { role, category, answer: outcome === 'allow' ? [...route].sort().join(' + ') : 'refused' };
    }),
  );
}
