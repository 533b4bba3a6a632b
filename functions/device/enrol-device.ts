import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { COSE_ALGORITHMS, CoseKeyError, cosePublicKey } from '../../shared/crypto/cose-key.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import { type Device, type IssuedChallenge, SOFTWARE_AAGUID } from '../../shared/domain/step-up.ts';
import { deny } from '../../shared/domain/verdict.ts';
import type { DeviceStore } from '../../shared/ports/device-store.ts';
import type { StepUpStore } from '../../shared/ports/step-up-store.ts';
import { conflict, type HttpResult, ok, refused } from '../../shared/runtime/http-result.ts';
import type { StepUpRules } from '../../shared/step-up/verify-step-up.ts';
import type { EnrolBody } from './device-body.ts';
import { shownDevice } from './shown-device.ts';

export type EnrolDependencies = {
  stepUps: Pick<StepUpStore, 'known'>;
  devices: Pick<DeviceStore, 'of' | 'offer'>;
  rules: StepUpRules;
};

/**
 * Enrols a device of whoever calls: its registration is verified (WebAuthn), and the device waits for a second person's
 * confirmation. The same registration sent again answers what stands.
 */
export async function enrolDevice(
  { actor, body, now }: { actor: Person; body: EnrolBody; now: Date },
  { stepUps, devices, rules }: EnrolDependencies,
): Promise<HttpResult> {
  const person = actor.personId;
  const { registration, nonce } = body;
  const own = await devices.of(person);
  const there = own.find(({ credentialId }) => credentialId === registration.id);
  if (there !== undefined) {
    return there.state === 'revoked' ? refused(deny('R5', 'device-revoked')) : ok(shownDevice(there));
  }
  if (own.filter(({ state }) => state !== 'revoked').length >= LIMITS.devicesPerPerson) {
    return refused(deny('R5', 'too-many-devices'));
  }
  const { challenge } = await stepUps.known(person, nonce, registration.id);
  const fault = faultIn(challenge, now, rules);
  if (challenge === null || fault !== null) return fault ?? refused(deny('A6', 'step-up-not-asked-for'));

  const registered = await verified(body, nonce, rules);
  if (registered === null) return refused(deny('A6', 'device-registration-not-valid'));
  const software = registered.aaguid === SOFTWARE_AAGUID;
  if (software && rules.softwareDevices === 'refused') {
    return refused(deny('R5', 'software-device-refused'));
  }
  const device: Device = {
    ...registered,
    person,
    kind: software ? 'software' : 'device',
    state: 'pending',
    enrolled: { by: person, at: now.toISOString() },
    confirmed: null,
    revoked: null,
  };
  const outcome = await devices.offer(device, challenge, {
    at: now,
    actor: person,
    data: {
      credentialId: device.credentialId,
      kind: device.kind,
      aaguid: device.aaguid,
      publicKey: sha256(Buffer.from(device.publicKey, 'base64url')),
    },
  });
  return outcome === 'done' ? ok(shownDevice(device)) : conflict('A6', 'step-up-used-already');
}

function faultIn(
  challenge: IssuedChallenge | null,
  now: Date,
  { maxSeconds }: StepUpRules,
): HttpResult | null {
  if (challenge?.action !== 'enrol') return refused(deny('A6', 'step-up-not-asked-for'));
  if (challenge.usedAt !== undefined) return refused(deny('A6', 'step-up-used-already'));
  const age = now.getTime() - Date.parse(challenge.issuedAt);
  return age <= maxSeconds * 1000 ? null : refused(deny('A6', 'step-up-too-old'));
}

/** What was registered; null where WebAuthn's library, or the reader of its key, finds a fault. */
async function verified(
  { registration }: EnrolBody,
  nonce: string,
  { relyingParty: { rpId, origins } }: StepUpRules,
): Promise<Pick<Device, 'credentialId' | 'publicKey' | 'counter' | 'aaguid' | 'backedUp'> | null> {
  const answer = await verifyRegistrationResponse({
    response: { ...registration, clientExtensionResults: {} },
    expectedChallenge: nonce,
    expectedOrigin: [...origins],
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: Object.values(COSE_ALGORITHMS),
    // The library says whatever is wrong by throwing.
  }).catch(() => null);
  if (answer?.verified !== true) return null;
  const { credential, aaguid, credentialBackedUp } = answer.registrationInfo;
  if (credential.id !== registration.id || !isReadable(credential.publicKey)) return null;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    aaguid,
    backedUp: credentialBackedUp,
  };
}

/** What it signs must verify offline: a key that only the library can read would not. */
function isReadable(publicKey: Uint8Array): boolean {
  try {
    cosePublicKey(publicKey);
    return true;
  } catch (error) {
    if (error instanceof CoseKeyError) return false;
    throw error;
  }
}
