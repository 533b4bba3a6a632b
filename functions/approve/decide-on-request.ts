import { sealText } from '../../shared/crypto/sealed-text.ts';
import type { AccessGrant, Approval } from '../../shared/domain/access-grant.ts';
import { EMERGENCY_OPENERS, isWaitingForOpener } from '../../shared/domain/break-glass.ts';
import { decidingRole } from '../../shared/domain/deciding-role.ts';
import { type Person, rolesFor, standsInFor } from '../../shared/domain/person.ts';
import type { Role } from '../../shared/domain/roles.ts';
import { deny } from '../../shared/domain/verdict.ts';
import { approvalFacts } from '../../shared/facts/gather-facts.ts';
import { ruleSetsFor } from '../../shared/facts/rule-sets-in-force.ts';
import { evidenceKeyOf } from '../../shared/loop/evidence-key.ts';
import {
  moveAsItStands,
  RequestMissingError,
  RowKeepsChangingError,
} from '../../shared/loop/move-as-it-stands.ts';
import { requestTexts } from '../../shared/loop/request-texts.ts';
import { decideApproval } from '../../shared/policy/decide-approval.ts';
import { decideUnder } from '../../shared/policy/decide-under.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { EventDraft, GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { RuleSets } from '../../shared/ports/rule-sets.ts';
import {
  type Attempted,
  conflict,
  done,
  type HttpResult,
  notFound,
  ok,
  refused,
} from '../../shared/runtime/http-result.ts';
import { refusalOf } from '../../shared/runtime/refusal-of.ts';
import { checkStepUp, keepStepUp, type StepUpSources } from '../../shared/step-up/take-step-up.ts';
import { type EmergencySources, emergencyVerdict, moveEmergency } from './decide-on-emergency.ts';
import type { DecisionBody } from './decision-body.ts';

export type DecisionCall = { requestId: string; actor: Person; body: DecisionBody; now: Date };

export type DecideDependencies = {
  store: GrantStore;
  directory: Directory;
  keys: Pick<RequestKeys, 'read'>;
  ruleSets: RuleSets;
  region: RegionFacts;
  stepUps: StepUpSources;
  emergency: Pick<EmergencySources, 'places' | 'cases' | 'emergencies'>;
  /** Break-glass was opened (L5): internal audit is told. */
  emergencyOpened(): void;
};

/**
 * One person's decision on exactly one request digest: the row, its event and the step-up that it rests on, in one
 * transaction. The tokens of the gates that it passed are given back by reconcile, which the changed row wakes. Repeated by
 * the same person it answers what stands and changes nothing.
 */
export async function decideOnRequest(
  call: DecisionCall,
  dependencies: DecideDependencies,
): Promise<HttpResult> {
  const { store } = dependencies;
  try {
    const result = await moveAsItStands<Answer>(store, call.requestId, (grant) =>
      decide(grant, call, dependencies),
    );
    if (result.outcome === 'moved' && isJustOpened(result.grant)) dependencies.emergencyOpened();
    const answer = result.outcome === 'stop' ? result.answer : { is: 'standing' as const, ...result };
    if (answer.is === 'refused') return answer.refusal;
    const answered = result.outcome === 'moved' ? done : ok;
    return answered(answerOf(answer.grant));
  } catch (error) {
    if (error instanceof RequestMissingError)
      return notFound({ zh: '没有这份申请', en: 'no such request' }, 'path.id');
    if (error instanceof RowKeepsChangingError) return conflict('A7', 'row-keeps-changing');
    throw error;
  }
}

/** What is answered where nothing moves: the row says it already, or the rulebook refuses. */
type Answer = { is: 'standing'; grant: AccessGrant } | { is: 'refused'; refusal: HttpResult };

async function decide(
  grant: AccessGrant,
  call: DecisionCall,
  { store, directory, keys, ruleSets, region, stepUps, emergency }: DecideDependencies,
): Promise<MoveResult | { outcome: 'stop'; answer: Answer }> {
  const { actor, body, now } = call;
  if (isRepeated(grant, call)) return { outcome: 'stop', answer: { is: 'standing', grant } };
  // Of what the rulebook refused there is no route, no digest and no deadline: that it was refused says it all.
  if (grant.state === 'refused') {
    return { outcome: 'stop', answer: { is: 'refused', refusal: conflict('A1', 'request-was-refused') } };
  }
  if (comesAfterOpening(grant, call)) {
    const refusal = conflict('L5', 'break-glass-not-opened-yet');
    return { outcome: 'stop', answer: { is: 'refused', refusal } };
  }
  const own = decidingRole(grant, actor, body.role, now);
  const role = own ?? roleToJudge(grant, call);
  const stepUp = await checkStepUp(
    body.stepUp,
    {
      action: body.decision,
      subject: grant.requestId,
      digest: body.requestDigest,
      role: own,
      reason: body.reason,
      person: actor.personId,
      now,
    },
    stepUps,
  );
  const [facts, inForce] = await Promise.all([
    approvalFacts({ directory, region, now }, grant, {
      actor,
      role,
      decision: body.decision,
      seenDigest: body.requestDigest,
      stepUp: stepUp.outcome,
    }),
    ruleSetsFor(ruleSets, grant),
  ]);
  const verdict = grant.emergency
    ? await emergencyVerdict(facts, inForce, { directory, region, ...emergency })
    : decideUnder(inForce, decideApproval, facts);
  if (verdict.outcome === 'deny')
    return {
      outcome: 'stop',
      answer: { is: 'refused', refusal: refusalOf(verdict, attempted(grant, role, body)) },
    };
  // Whatever a rule set allows: nothing is decided that nobody signed.
  if (stepUp.outcome !== 'verified') {
    const refusal = refused(deny('A6', 'step-up-missing'));
    return { outcome: 'stop', answer: { is: 'refused', refusal } };
  }

  const [asDeputyOf] = standsInFor(actor, role, grant.hotels, now);
  const deputy = asDeputyOf === undefined ? {} : { asDeputyOf };
  const key = await evidenceKeyOf(keys, grant.requestId);
  const place = requestTexts.decisionReason(grant.requestId, role);
  const approval = {
    role,
    by: actor.personId,
    at: now.toISOString(),
    requestDigest: body.requestDigest,
    decision: body.decision,
    ...deputy,
    reason: sealText(key, place, body.reason),
    reasonCommitment: stepUp.evidence.statement.reason ?? '',
    stepUp: {
      ...(await keepStepUp(stepUp.evidence, stepUps)),
      reasonSalt: sealText(
        key,
        requestTexts.decisionSalt(grant.requestId, role),
        body.stepUp?.reasonSalt ?? '',
      ),
    },
  } satisfies Approval;
  const event: EventDraft = {
    at: now,
    actor: actor.personId,
    data: {
      role,
      requestDigest: body.requestDigest,
      reasonCommitment: approval.reasonCommitment,
      stepUp: approval.stepUp.evidence,
      device: approval.stepUp.credentialId,
      ...deputy,
    },
  };
  if (grant.emergency) {
    return moveEmergency(grant, approval, event, stepUp.use, { store, region, ...emergency });
  }
  const approvals = [...grant.approvals, approval];
  return store.move(
    grant,
    transitionOf(grant.route, approvals, body.decision),
    body.decision === 'deny' ? { approvals, endReason: 'denied' } : { approvals },
    event,
    stepUp.use,
  );
}

/**
 * Break-glass that still waits for its opener, and somebody whose role of the route agrees afterwards (L5): their turn comes,
 * so that nothing is wrong with the role.
 */
function comesAfterOpening(grant: AccessGrant, { actor, body, now }: DecisionCall): boolean {
  // A role that is named is judged as it stands: it opens nothing (L5.on-call).
  if (body.role !== undefined || !isWaitingForOpener(grant) || isParty(grant, actor)) return false;
  const held = rolesFor(actor, grant.hotels, now).filter((role) => grant.route.includes(role));
  const openers: readonly Role[] = EMERGENCY_OPENERS;
  return held.length > 0 && held.every((role) => !openers.includes(role));
}

function isParty({ requester, recipient }: AccessGrant, { personId }: Person): boolean {
  return personId === requester || personId === recipient;
}

/** What the event of a refused attempt says besides the reasons (L2): what was in scope, in which role, by which device. */
function attempted({ scope }: AccessGrant, role: Role, { decision, stepUp }: DecisionBody): Attempted {
  return {
    decision,
    role,
    device: stepUp?.assertion.credentialId ?? null,
    conversations: scope?.conversations ?? null,
    records: scope?.records ?? null,
    guests: scope?.guests.length ?? null,
  };
}

/** The one approval of break-glass is its opening: what follows adds to it (L5). */
function isJustOpened({ state, approvals }: AccessGrant): boolean {
  return state === 'emergency' && approvals.length === 1;
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

/** Somebody without any role of the route is judged in one of it, and refused. */
function roleToJudge(grant: AccessGrant, { actor, now }: DecisionCall): Role {
  return grant.route[0] ?? rolesFor(actor, grant.hotels, now)[0] ?? grant.requesterRole;
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
      .map(({ role, by, at, asDeputyOf }) => ({
        role,
        by,
        at,
        ...(asDeputyOf === undefined ? {} : { asDeputyOf }),
      }));
  return { requestId, state, approvals: shown('approve'), denial: shown('deny')[0] ?? null };
}
