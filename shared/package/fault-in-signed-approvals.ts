import { AssertionFormatError, isSignedByDevice, readAssertion, rpIdHash } from '../crypto/assertion.ts';
import { CoseKeyError } from '../crypto/cose-key.ts';
import { digestOf } from '../domain/digest.ts';
import { type StepUpEvidence, stepUpChallenge } from '../domain/step-up.ts';
import type { Manifest } from './manifest.ts';
import type { Fault } from './package-fault.ts';

/** A6: how old a signature may be when it counts; and by how much the clocks of who signs and who counts may differ. */
const OLDEST_MS = 300_000;
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * The first way in which what approvers' devices signed (custody/approvals.json) isn't the manifest's approvals: for each of
 * them one assertion, in their order, in which the device of this person, its user verified, signed exactly this request, in
 * this role, with this reason, no more than five minutes before; each by a device of its own that a second person confirmed.
 * Whose device a key is, is the directory's word.
 */
export function faultInSignedApprovals(
  { approvals, requestId }: Manifest,
  signed: readonly StepUpEvidence[],
): Fault | null {
  if (signed.length !== approvals.length) {
    return { zh: '设备签名与审批数目不符', en: 'there are more or fewer signatures than approvals (A6)' };
  }
  if (new Set(signed.map(({ credential }) => credential.publicKey)).size !== signed.length) {
    return { zh: '同一设备签了两项审批', en: 'one device signed two approvals' };
  }
  for (const [at, approval] of approvals.entries()) {
    const evidence = signed[at];
    if (evidence === undefined || digestOf(evidence) !== approval.stepUp) {
      return {
        zh: `${approval.role} 的签名证据与清单不符`,
        en: `the evidence of ${approval.role} is not the manifest's`,
      };
    }
    const wrong = faultInStatement(approval, requestId, evidence) ?? faultInAssertion(evidence);
    if (wrong !== null) return { zh: `${approval.role} ${wrong.zh}`, en: `${approval.role}: ${wrong.en}` };
  }
  return null;
}

function faultInStatement(
  approval: Manifest['approvals'][number],
  requestId: string,
  { statement, credential }: StepUpEvidence,
): Fault | null {
  const same =
    statement.action === 'approve' &&
    statement.subject === requestId &&
    statement.digest === approval.requestDigest &&
    statement.role === approval.role &&
    statement.person === approval.by &&
    statement.reason === approval.reasonCommitment;
  if (!same) return { zh: '签署的不是这项审批', en: 'what was signed is not this approval' };
  const age = Date.parse(approval.at) - Date.parse(statement.time);
  if (age > OLDEST_MS || age < -CLOCK_DIFFERENCE_MS) {
    return { zh: '签署时间与审批时间不符', en: 'it was signed too long before, or after (A6)' };
  }
  if (credential.enrolled.by !== approval.by || credential.confirmed.by === approval.by) {
    return {
      zh: '设备不是本人登记、他人确认',
      en: 'the device was not enrolled by its owner and confirmed by another',
    };
  }
  return null;
}

function faultInAssertion({
  assertion,
  statement,
  credential,
  relyingParty,
  counterBefore,
}: StepUpEvidence): Fault | null {
  try {
    const read = readAssertion(assertion);
    if (read.type !== 'webauthn.get' || read.challenge !== stepUpChallenge(statement)) {
      return { zh: '设备签署的是另一内容', en: 'the device signed another statement' };
    }
    if (read.origin !== relyingParty.origin || read.rpIdHash !== rpIdHash(relyingParty.rpId)) {
      return { zh: '签名是为另一网站作出的', en: 'it was signed for another site' };
    }
    if (!read.userPresent || !read.userVerified) {
      return { zh: '设备未验证使用者本人', en: 'the device did not verify its user' };
    }
    if ((read.counter > 0 || counterBefore > 0) && read.counter <= counterBefore) {
      return { zh: '设备计数倒退', en: 'the counter of the device went back' };
    }
    return isSignedByDevice(assertion, Buffer.from(credential.publicKey, 'base64url'))
      ? null
      : { zh: '设备签名无效', en: 'the signature of the device is not valid' };
  } catch (error) {
    if (error instanceof AssertionFormatError || error instanceof CoseKeyError) {
      return { zh: '签名证据无法读取', en: 'the evidence can’t be read' };
    }
    throw error;
  }
}
