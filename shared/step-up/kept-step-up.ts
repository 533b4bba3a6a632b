import { AssertionFormatError, isSignedByDevice, readAssertion } from '../crypto/assertion.ts';
import { CoseKeyError } from '../crypto/cose-key.ts';
import type { AccessGrant, Approval } from '../domain/access-grant.ts';
import { sha256 } from '../domain/digest.ts';
import {
  type Device,
  type StepUpEvidence,
  stepUpEvidenceKey,
  stepUpEvidenceSchema,
} from '../domain/step-up.ts';
import type { StepUpOutcome } from '../policy/facts.ts';
import type { DeviceStore } from '../ports/device-store.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { faultInAssertion } from './fault-in-assertion.ts';
import type { StepUpRules } from './verify-step-up.ts';

export type KeptStepUpSources = {
  evidence: Pick<ObjectStore, 'get'>;
  devices: Pick<DeviceStore, 'read'>;
  rules: Pick<StepUpRules, 'relyingParty' | 'softwareDevices'>;
};

/** A6: how old a signature may be when it counts, whatever the region says; by how much clocks differ. */
const OLDEST_MS = 300_000;
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * What the approvers' devices signed, checked again from the evidence that was kept of it (A6): an approval is the act of a
 * person, and not what a row says. The evidence is the one that the row names by its digest; its statement is this approval
 * of exactly this request; the key is the one that the directory has of this person, confirmed by another, and not
 * revoked before; and the signature holds. Nothing is used up, and no nonce is asked for: that was the approval's own.
 */
export function keptStepUps({ evidence, devices, rules }: KeptStepUpSources) {
  return async (grant: AccessGrant, approval: Approval): Promise<StepUpOutcome> => {
    const { stepUp, by } = approval;
    if (stepUp === undefined) return 'missing';
    const [bytes, device] = await Promise.all([
      evidence.get(stepUpEvidenceKey(stepUp.evidence)),
      devices.read(by, stepUp.credentialId),
    ]);
    if (bytes === null || sha256(bytes) !== stepUp.evidence) return 'missing';
    const kept = evidenceIn(bytes);
    if (kept === null) return 'malformed';
    return (
      faultInStatement(grant, approval, kept) ??
      faultInDevice(kept, approval, device, rules) ??
      faultInSignature(kept, rules) ??
      'verified'
    );
  };
}

function evidenceIn(bytes: Uint8Array): StepUpEvidence | null {
  try {
    const parsed = stepUpEvidenceSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function faultInStatement(
  { requestId }: AccessGrant,
  approval: Approval,
  { statement }: StepUpEvidence,
): 'other-request' | 'reason-changed' | 'other-statement' | 'challenge-expired' | null {
  if (statement.subject !== requestId || statement.digest !== approval.requestDigest) return 'other-request';
  if (statement.reason !== approval.reasonCommitment) return 'reason-changed';
  const same =
    statement.action === approval.decision &&
    statement.role === approval.role &&
    statement.person === approval.by;
  if (!same) return 'other-statement';
  const age = Date.parse(approval.at) - Date.parse(statement.time);
  return age <= OLDEST_MS && age >= -CLOCK_DIFFERENCE_MS ? null : 'challenge-expired';
}

/** A device that was revoked after it signed has signed all the same. */
function faultInDevice(
  { credential }: StepUpEvidence,
  { at, by }: Approval,
  device: Device | null,
  { softwareDevices }: KeptStepUpSources['rules'],
): 'device-not-enrolled' | 'device-not-confirmed' | 'device-revoked' | 'software-device-refused' | null {
  const enrolled =
    device !== null &&
    device.person === by &&
    device.credentialId === credential.credentialId &&
    device.publicKey === credential.publicKey;
  if (!enrolled) return 'device-not-enrolled';
  if (device.confirmed === null || device.confirmed.by === by) return 'device-not-confirmed';
  if (device.revoked !== null && Date.parse(device.revoked.at) <= Date.parse(at)) return 'device-revoked';
  return device.kind === 'software' && softwareDevices === 'refused' ? 'software-device-refused' : null;
}

function faultInSignature(
  { assertion, statement, credential, counterBefore }: StepUpEvidence,
  { relyingParty }: KeptStepUpSources['rules'],
): StepUpOutcome | null {
  try {
    const read = readAssertion(assertion);
    const wrong = faultInAssertion(read, statement, relyingParty);
    if (wrong !== null) return wrong;
    if (!isSignedByDevice(assertion, Buffer.from(credential.publicKey, 'base64url')))
      return 'signature-invalid';
    const wentBack = (read.counter > 0 || counterBefore > 0) && read.counter <= counterBefore;
    return wentBack ? 'counter-went-back' : null;
  } catch (error) {
    if (error instanceof AssertionFormatError) return 'malformed';
    if (error instanceof CoseKeyError) return 'signature-invalid';
    throw error;
  }
}
