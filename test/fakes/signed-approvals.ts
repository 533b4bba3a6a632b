import type { AccessGrant, Approval } from '../../shared/domain/access-grant.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { checkStepUp, keepStepUp } from '../../shared/step-up/take-step-up.ts';
import type { ActToSign } from '../../shared/step-up/verify-step-up.ts';
import type { InMemoryStepUps } from './in-memory-step-ups.ts';

/** A decision as somebody makes it with the own device, its evidence kept. */
export async function signedApproval(
  { requestId }: Pick<AccessGrant, 'requestId'>,
  approval: Approval,
  signing: InMemoryStepUps,
  evidence: Pick<ObjectStore, 'putOnce'>,
): Promise<Approval> {
  const act: ActToSign = {
    action: approval.decision,
    subject: requestId,
    digest: approval.requestDigest,
    role: approval.role,
    reason: 'agreed',
    person: approval.by,
    now: new Date(approval.at),
  };
  const checked = await checkStepUp(signing.sign(act), act, signing.sources(evidence));
  if (checked.outcome !== 'verified') throw new Error(`The approval can't be signed: ${checked.outcome}`);
  signing.use(checked.use);
  return {
    ...approval,
    reasonCommitment: checked.evidence.statement.reason ?? '',
    stepUp: await keepStepUp(checked.evidence, signing.sources(evidence)),
  };
}

/** The same of every approval of a request. */
export async function withSignatures(
  grant: AccessGrant,
  signing: InMemoryStepUps,
  evidence: Pick<ObjectStore, 'putOnce'>,
): Promise<AccessGrant> {
  const approvals: Approval[] = [];
  for (const one of grant.approvals) approvals.push(await signedApproval(grant, one, signing, evidence));
  return { ...grant, approvals };
}
