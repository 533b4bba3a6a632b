import {
  assert,
  coseKeyOf,
  newSoftwareKey,
  type Site,
  type SoftwareKey,
} from '../../cli/authenticator/software-authenticator.ts';
import {
  type Device,
  type IssuedChallenge,
  reasonCommitment,
  type StepUpBody,
  type StepUpStatement,
  stepUpChallenge,
} from '../../shared/domain/step-up.ts';
import type { ActToSign, StepUpRules } from '../../shared/step-up/verify-step-up.ts';

export const SITE: Site = { rpId: 'dualkey.example', origin: 'https://dualkey.example' };
export const RULES: StepUpRules = {
  relyingParty: { rpId: SITE.rpId, origins: [SITE.origin] },
  maxSeconds: 300,
  softwareDevices: 'allowed',
};
export const SALT = Buffer.alloc(32, 9).toString('base64url');

/** A device of this person, enrolled and confirmed. */
export function deviceOf(key: SoftwareKey, person: string, changes: Partial<Device> = {}): Device {
  return {
    credentialId: key.credentialId,
    person,
    kind: 'software',
    state: 'enrolled',
    publicKey: coseKeyOf(key).toString('base64url'),
    counter: key.counter ?? 0,
    aaguid: '00000000-0000-0000-0000-000000000000',
    backedUp: false,
    enrolled: { by: person, at: '2026-06-01T08:00:00.000Z' },
    confirmed: { by: 'p_confirmer', at: '2026-06-01T09:00:00.000Z' },
    revoked: null,
    ...changes,
  };
}

export function challengeFor(
  act: Pick<ActToSign, 'action' | 'subject' | 'person' | 'now'>,
  number = 1,
): IssuedChallenge {
  return {
    nonce: Buffer.alloc(32, number).toString('base64url'),
    person: act.person,
    action: act.action,
    subject: act.subject,
    issuedAt: act.now.toISOString(),
  };
}

export function statementFor(act: ActToSign, challenge: IssuedChallenge): StepUpStatement {
  return {
    version: 1,
    action: act.action,
    subject: act.subject,
    digest: act.digest,
    role: act.role,
    reason: act.reason === null ? null : reasonCommitment(SALT, act.reason),
    time: challenge.issuedAt,
    nonce: challenge.nonce,
    person: act.person,
  };
}

/** What somebody gives whose key signs this statement. */
export function signed(key: SoftwareKey, statement: StepUpStatement): StepUpBody {
  return {
    statement,
    ...(statement.reason === null ? {} : { reasonSalt: SALT }),
    assertion: assert(key, stepUpChallenge(statement)).assertion,
  };
}

export function newKey(counts = true): SoftwareKey {
  return newSoftwareKey(SITE, { counts });
}
