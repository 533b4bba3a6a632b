import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import {
  AssertionFormatError,
  type AssertionParts,
  isSignedByDevice,
  type ReadAssertion,
  readAssertion,
} from '../crypto/assertion.ts';
import type { Role } from '../domain/roles.ts';
import {
  type Device,
  type RelyingParty,
  reasonCommitment,
  type StepUpAction,
  type StepUpBody,
  type StepUpEvidence,
  type StepUpUse,
  stepUpChallenge,
} from '../domain/step-up.ts';
import type { StepUpOutcome } from '../policy/facts.ts';
import type { KnownStepUp } from '../ports/step-up-store.ts';
import { faultInAssertion } from './fault-in-assertion.ts';

/** What is done, as the product has it: what the signed statement must say. */
export type ActToSign = {
  action: StepUpAction;
  subject: string;
  digest: string;
  /** Null where the act has no role, or the person holds none for it. */
  role: Role | null;
  /** As it came; null where the act has none. */
  reason: string | null;
  person: string;
  now: Date;
};

export type StepUpRules = {
  relyingParty: RelyingParty;
  /** A6: how old a nonce may be. */
  maxSeconds: number;
  /** R5: whether keys that software keeps count. */
  softwareDevices: 'allowed' | 'refused';
};

/** Only `verified` has what is used up with the act, and what is kept as evidence. */
export type CheckedStepUp =
  | { outcome: 'verified'; use: StepUpUse; evidence: StepUpEvidence }
  | { outcome: Exclude<StepUpOutcome, 'verified'> };

/** Clocks of the product's functions differ by less. */
const CLOCK_DIFFERENCE_MS = 60_000;

/**
 * Checks a step-up (A6, R5): that its nonce was issued to this person for this act, is fresh and was never used; that the
 * statement is exactly what is done, the reason included; that the device is this person's, confirmed and not revoked; and
 * that the device, with its user verified, signed this statement for this site. The first thing that is wrong is the
 * outcome. Uses nothing up: that is for the transaction of the act.
 */
export async function verifyStepUp(
  given: StepUpBody | undefined,
  act: ActToSign,
  { challenge, device }: KnownStepUp,
  rules: StepUpRules,
): Promise<CheckedStepUp> {
  if (given === undefined) return { outcome: 'missing' };
  const { statement, assertion } = given;
  const read = readOrNull(assertion);
  if (read === null) return { outcome: 'malformed' };

  if (challenge === null || challenge.action !== act.action) return { outcome: 'challenge-unknown' };
  if (challenge.usedAt !== undefined) return { outcome: 'challenge-used' };
  const age = act.now.getTime() - Date.parse(challenge.issuedAt);
  if (!(age <= rules.maxSeconds * 1000 && age >= -CLOCK_DIFFERENCE_MS))
    return { outcome: 'challenge-expired' };

  const wrong =
    faultInStatement(given, act, challenge) ??
    faultInDevice(device, rules) ??
    faultInAssertion(read, statement, rules.relyingParty);
  if (wrong !== null) return { outcome: wrong };
  // faultInDevice lets nothing pass that has no device, or one that nobody confirmed.
  if (device === null || device.confirmed === null) return { outcome: 'device-not-enrolled' };

  if (!(await isSigned(given, read, device, rules.relyingParty))) return { outcome: 'signature-invalid' };
  // Keys that count nothing say 0 each time; any other must have moved on (WebAuthn Level 3, §6.1.1).
  if ((read.counter > 0 || device.counter > 0) && read.counter <= device.counter)
    return { outcome: 'counter-went-back' };

  const { person, credentialId, kind, publicKey, enrolled, confirmed, counter } = device;
  return {
    outcome: 'verified',
    use: {
      person,
      nonce: statement.nonce,
      credentialId,
      counter: { before: counter, after: read.counter },
      at: act.now,
    },
    evidence: {
      version: 1,
      kind: 'dualkey-step-up',
      relyingParty: { rpId: rules.relyingParty.rpId, origin: read.origin },
      statement,
      credential: { credentialId, kind, publicKey, enrolled, confirmed },
      counterBefore: counter,
      assertion: partsOf(assertion),
    },
  };
}

function partsOf({ authenticatorData, clientDataJSON, signature }: AssertionParts): AssertionParts {
  return { authenticatorData, clientDataJSON, signature };
}

function readOrNull(parts: AssertionParts): ReadAssertion | null {
  try {
    return readAssertion(parts);
  } catch (error) {
    if (error instanceof AssertionFormatError) return null;
    throw error;
  }
}

/** What of the statement isn't what is done, or was not asked for so. */
function faultInStatement(
  { statement, reasonSalt }: StepUpBody,
  act: ActToSign,
  challenge: NonNullable<KnownStepUp['challenge']>,
): 'other-request' | 'reason-changed' | 'other-statement' | null {
  if (
    statement.subject !== act.subject ||
    challenge.subject !== act.subject ||
    statement.digest !== act.digest
  ) {
    return 'other-request';
  }
  const reason =
    act.reason === null
      ? null
      : reasonSalt === undefined
        ? undefined
        : reasonCommitment(reasonSalt, act.reason);
  if (statement.reason !== reason) return 'reason-changed';
  const same =
    statement.action === act.action &&
    statement.role === act.role &&
    statement.person === act.person &&
    statement.nonce === challenge.nonce &&
    statement.time === challenge.issuedAt &&
    challenge.person === act.person;
  return same ? null : 'other-statement';
}

function faultInDevice(
  device: Device | null,
  { softwareDevices }: StepUpRules,
): 'device-not-enrolled' | 'device-revoked' | 'device-not-confirmed' | 'software-device-refused' | null {
  if (device === null) return 'device-not-enrolled';
  if (device.state === 'revoked') return 'device-revoked';
  if (device.state === 'pending' || device.confirmed === null) return 'device-not-confirmed';
  return device.kind === 'software' && softwareDevices === 'refused' ? 'software-device-refused' : null;
}

/**
 * Two words on the signature: WebAuthn's library over the whole of it, and the strict check that anybody makes of it later
 * (the library reads DER more kindly, and what it alone lets pass would fail offline). A fault that either throws for is
 * no valid signature. The counter is looked at after.
 */
async function isSigned(
  { statement, assertion }: StepUpBody,
  { counter }: ReadAssertion,
  device: Device,
  { rpId, origins }: RelyingParty,
): Promise<boolean> {
  const publicKey = new Uint8Array(Buffer.from(device.publicKey, 'base64url'));
  const { credentialId } = assertion;
  try {
    if (!isSignedByDevice(assertion, publicKey)) return false;
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        response: partsOf(assertion),
        clientExtensionResults: {},
      },
      expectedChallenge: stepUpChallenge(statement),
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: device.credentialId,
        publicKey,
        // So that a counter that went back is told apart from a signature that is wrong.
        counter: Math.max(0, counter - 1),
      },
    });
    return verified;
  } catch {
    return false;
  }
}
