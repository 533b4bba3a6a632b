import { stricter, type Verdict } from '../domain/verdict.ts';
import {
  atOf,
  entitiesOf,
  personUid,
  releasingContext,
  requestUid,
  standingApprovals,
} from './cedar-facts.ts';
import { decideReliance } from './decide-reliance.ts';
import { decideRequest } from './decide-request.ts';
import { dualControl } from './dual-control.ts';
import { evaluate } from './evaluate.ts';
import type { OpeningFacts, ProvisionFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * May what was approved be made ready now? Everything is asked again on the facts of now: the request itself, each
 * approval, the digests, the scope.
 */
export function decideProvision(ruleSet: RuleSet, facts: ProvisionFacts): Verdict {
  return decideRelease(ruleSet, { ...facts, actor: facts.requester, stepUp: 'verified' }, 'provision');
}

/** What provision and open ask alike. */
export function decideRelease(ruleSet: RuleSet, facts: OpeningFacts, act: 'provision' | 'open'): Verdict {
  const { grant, requester, recipient, actor } = facts;
  const approvals = standingApprovals(facts);
  const resource = requestUid(grant);
  const entities = entitiesOf(
    grant,
    [requester, recipient, actor, ...approvals.map(({ person }) => person)],
    atOf(facts),
  );
  const asked = decideRequest(ruleSet, facts);
  const relied = decideReliance(ruleSet, facts, { approvals, entities });
  const released = evaluate(ruleSet, {
    principal: personUid(actor.personId),
    act,
    resource,
    context: releasingContext(facts, approvals, asked.route),
    entities,
  });
  const floor = dualControl(facts);
  const verdict = [asked, ...relied, released, ...(floor ? [floor] : [])].reduce(stricter);
  return { ...verdict, route: [] };
}
