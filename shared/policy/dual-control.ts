import { requestDigest } from '../domain/request-digest.ts';
import { deny, stricter, type Verdict } from '../domain/verdict.ts';
import type { ProvisionFacts } from './facts.ts';

const LEAST_APPROVALS = 2;

/**
 * The floor under every rule set: two different people in two different roles, neither of them the requester, whose devices
 * signed exactly this request digest and scope. The rulebook says the same and more; this holds even where a rule set doesn't.
 * Null where the floor is met.
 */
export function dualControl(facts: ProvisionFacts): Verdict | null {
  const { grant } = facts;
  const agreed = facts.approvers.filter(({ role, person, stepUp }) =>
    grant.approvals.some(
      (approval) =>
        stepUp === 'verified' &&
        approval.role === role &&
        approval.by === person?.personId &&
        approval.by !== grant.requester &&
        approval.decision === 'approve' &&
        approval.requestDigest === grant.requestDigest,
    ),
  );
  const people = new Set(agreed.map(({ person }) => person?.personId));
  const roles = new Set(agreed.map(({ role }) => role));
  const faults = [
    tooFewApprovals(Math.min(people.size, roles.size), facts.region.minimumApprovals),
    requestDigest(grant) === grant.requestDigest ? null : deny('A7', 'request-row-differs-from-its-digest'),
    facts.scopeDigestNow === grant.scope?.digest ? null : deny('A7', 'records-changed'),
  ].filter((fault) => fault !== null);
  return faults.length > 0 ? faults.reduce(stricter) : null;
}

/** A1's number, which no rule set and no region can lower. */
export function tooFewApprovals(approvals: number, minimum: number): Verdict | null {
  return approvals >= Math.max(LEAST_APPROVALS, minimum) ? null : deny('A1', 'too-few-approvals');
}
