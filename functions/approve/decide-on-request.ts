import { sealText, textCommitment } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant, Approval } from '../../shared/domain/access-grant.ts';
import { type Person, rolesFor } from '../../shared/domain/person.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { approvalFacts } from '../../shared/facts/gather-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import {
  moveAsItStands,
  RequestMissingError,
  RowKeepsChangingError,
} from '../../shared/loop/move-as-it-stands.ts';
import { releasePassedGates } from '../../shared/loop/release-passed-gates.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { decideApproval } from '../../shared/policy/decide-approval.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import type { Workflow } from '../../shared/ports/workflow.ts';
import { conflict, type HttpResult, notFound, ok } from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';
import type { DecisionBody } from './decision-body.ts';

export type DecisionCall = { requestId: string; actor: Person; body: DecisionBody; now: Date };

export type DecideDependencies = {
  store: GrantStore;
  workflow: Workflow;
  directory: Directory;
  keys: Pick<RequestKeys, 'read'>;
  ruleSets: RuleSets;
  region: RegionFacts;
  /** Something broke after the decision stood; the reconciler finishes it. */
  broke(error: unknown): void;
};

/**
 * One person's decision on exactly one request digest. The decision and its event are one transaction, and stand before
 * any token is given back. Repeated by the same person it answers what stands and changes nothing.
 */
export async function decideOnRequest(
  call: DecisionCall,
  dependencies: DecideDependencies,
): Promise<HttpResult> {
  const { store, broke } = dependencies;
  try {
    const result = await moveAsItStands<Answer>(store, call.requestId, (grant) =>
      decide(grant, call, dependencies),
    );
    const answer = result.outcome === 'stop' ? result.answer : { is: 'standing' as const, ...result };
    if (answer.is === 'refused') return answer.refusal;
    const { grant } = answer;
    // The decision stands whatever becomes of this: a token that is not given back now is given back by reconcile.
    await releasePassedGates(grant, dependencies).catch(broke);
    return ok(answerOf(grant));
  } catch (error) {
    if (error instanceof RequestMissingError) return notFound('no such request', 'path.id');
    if (error instanceof RowKeepsChangingError) return conflict('A7', 'row-keeps-changing');
    throw error;
  }
}

/** What is answered where nothing moves: the row says it already, or the rulebook refuses. */
type Answer = { is: 'standing'; grant: AccessGrant } | { is: 'refused'; refusal: HttpResult };

async function decide(
  grant: AccessGrant,
  call: DecisionCall,
  { store, directory, keys, ruleSets, region }: DecideDependencies,
): Promise<MoveResult | { outcome: 'stop'; answer: Answer }> {
  const { actor, body, now } = call;
  if (isRepeated(grant, call)) return { outcome: 'stop', answer: { is: 'standing', grant } };
  const role = roleOf(grant, call);
  const [facts, inForce] = await Promise.all([
    approvalFacts({ directory, region, now }, grant, {
      actor,
      role,
      decision: body.decision,
      seenDigest: body.requestDigest,
      stepUp: 'verified',
    }),
    ruleSetsFor(ruleSets, grant),
  ]);
  const verdict = decideUnder(inForce, decideApproval, facts);
  if (verdict.outcome === 'deny')
    return { outcome: 'stop', answer: { is: 'refused', refusal: refusalOf(verdict) } };

  const key = await evidenceKeyOf(keys, grant.requestId);
  const place = requestTexts.decisionReason(grant.requestId, role);
  const approval: Approval = {
    role,
    by: actor.personId,
    at: now.toISOString(),
    requestDigest: body.requestDigest,
    decision: body.decision,
    reason: sealText(key, place, body.reason),
    reasonCommitment: textCommitment(key, place, body.reason),
  };
  const approvals = [...grant.approvals, approval];
  return store.move(
    grant,
    transitionOf(grant.route, approvals, body.decision),
    body.decision === 'deny' ? { approvals, endReason: 'denied' } : { approvals },
    {
      at: now,
      actor: actor.personId,
      data: { role, requestDigest: body.requestDigest, reasonCommitment: approval.reasonCommitment },
    },
  );
}

/** The same person's same decision on the same digest, sent again; asking for another role is another decision. */
function isRepeated({ approvals }: AccessGrant, { actor, body }: DecisionCall): boolean {
  return approvals.some(
    ({ by, decision, requestDigest, role }) =>
      by === actor.personId &&
      decision === body.decision &&
      requestDigest === body.requestDigest &&
      (body.role ?? role) === role,
  );
}

/**
 * The role that is decided in: the one named, else one of the route that the person holds, an undecided one first.
 * Somebody without any is judged in a role of the route, and refused.
 */
function roleOf(grant: AccessGrant, { actor, body }: DecisionCall): Role {
  const held = rolesFor(actor, grant.hotels);
  const decided = grant.approvals.map(({ role }) => role);
  const own = grant.route.filter((role) => held.includes(role));
  return (
    body.role ??
    own.find((role) => !decided.includes(role)) ??
    own[0] ??
    grant.route[0] ??
    held[0] ??
    grant.requesterRole
  );
}

function transitionOf(
  route: Role[],
  approvals: Approval[],
  decision: 'approve' | 'deny',
): 'approve' | 'complete' | 'deny' {
  if (decision === 'deny') return 'deny';
  const agreed = approvals.filter((approval) => approval.decision === 'approve').map(({ role }) => role);
  return route.every((role) => agreed.includes(role)) ? 'complete' : 'approve';
}

function answerOf({ requestId, state, approvals }: AccessGrant): object {
  const shown = (decision: 'approve' | 'deny') =>
    approvals
      .filter((approval) => approval.decision === decision)
      .map(({ role, by, at }) => ({ role, by, at }));
  return { requestId, state, approvals: shown('approve'), denial: shown('deny')[0] ?? null };
}
