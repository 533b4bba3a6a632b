import type { Verdict } from '../domain/verdict.ts';
import { evaluate } from './evaluate.ts';
import type { GuestRightFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

const GUEST = { type: 'Guest', id: 'asking' };
const RECORDS = { type: 'GuestRecords', id: 'concerned' };

/** May this guest use this right (T14)? An identity that was proven and the own records are enough: no staff approves. */
export function decideGuestRight(ruleSet: RuleSet, { right, identityProven, own }: GuestRightFacts): Verdict {
  return evaluate(ruleSet, {
    principal: GUEST,
    act: 'guest-right',
    resource: RECORDS,
    context: { right, identityProven, own },
    entities: [
      { uid: GUEST, attrs: {}, parents: [] },
      { uid: RECORDS, attrs: {}, parents: [] },
    ],
  });
}
