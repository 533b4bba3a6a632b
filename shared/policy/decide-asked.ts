import type { Verdict } from '../domain/verdict.ts';
import { decideEmergency } from './decide-emergency.ts';
import { decideRequest } from './decide-request.ts';
import type { RequestFacts } from './facts.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * What check answers to a request: as break-glass where it cites an emergency (L5), otherwise as an ordinary request.
 * `uses`: how often the requester has used break-glass this month.
 */
export function decideAsked(ruleSet: RuleSet, facts: RequestFacts, uses = 0): Verdict {
  const { grant, requester } = facts;
  return grant.emergency
    ? decideEmergency(ruleSet, { ...facts, actor: requester, role: grant.requesterRole, uses })
    : decideRequest(ruleSet, facts);
}
