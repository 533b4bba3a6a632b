import type { EntityJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Verdict } from '../domain/verdict.ts';
import { personUid, relyingContext, requestUid, type StandingApproval } from './cedar-facts.ts';
import { evaluate } from './evaluate.ts';
import type { RelianceFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * Does each approval on record still count (A1, A6, A7, A8)? One verdict for each, looked at as if it were given now, beside
 * the others: what provision, open and a look of break-glass ask alike. `entities` are the request and everybody in it.
 */
export function decideReliance(
  ruleSet: RuleSet,
  facts: RelianceFacts,
  { approvals, entities }: { approvals: readonly StandingApproval[]; entities: EntityJson[] },
): Verdict[] {
  return approvals.map((approval) =>
    evaluate(ruleSet, {
      principal: personUid(approval.person.personId),
      act: 'rely',
      resource: requestUid(facts.grant),
      context: relyingContext(
        facts,
        approval,
        approvals.filter((other) => other !== approval),
      ),
      entities,
    }),
  );
}
