import { describe, expect, it } from '@jest/globals';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import {
  assert,
  coseKeyOf,
  newSoftwareKey,
  register,
} from '../../../cli/authenticator/software-authenticator.ts';
import { SOFTWARE_AAGUID } from '../../../shared/domain/step-up.ts';

const SITE = { rpId: 'dualkey.example', origin: 'https://dualkey.example' };
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');

describe('the software authenticator', () => {
  it('registers as WebAuthn has it, by a model of its own, with its user verified', async () => {
    const key = newSoftwareKey(SITE, { counts: true });
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: register(key, CHALLENGE),
      expectedChallenge: CHALLENGE,
      expectedOrigin: SITE.origin,
      expectedRPID: SITE.rpId,
    });
    expect(verified).toBe(true);
    expect(registrationInfo).toMatchObject({ aaguid: SOFTWARE_AAGUID, userVerified: true, fmt: 'none' });
    expect(registrationInfo?.credential.id).toBe(key.credentialId);
    expect(Buffer.from(registrationInfo?.credential.publicKey ?? [])).toEqual(coseKeyOf(key));
  });

  it('signs a challenge, and counts', async () => {
    const first = assert(newSoftwareKey(SITE, { counts: true }), CHALLENGE);
    const second = assert(first.key, CHALLENGE);
    const { credentialId, ...response } = second.assertion;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        response,
        clientExtensionResults: {},
      },
      expectedChallenge: CHALLENGE,
      expectedOrigin: SITE.origin,
      expectedRPID: SITE.rpId,
      credential: { id: credentialId, publicKey: new Uint8Array(coseKeyOf(second.key)), counter: 1 },
    });
    expect(verified).toBe(true);
    expect(authenticationInfo).toMatchObject({ newCounter: 2, userVerified: true });
  });

  it('counts nothing where the key is one that counts nothing', () => {
    const { key } = assert(newSoftwareKey(SITE, { counts: false }), CHALLENGE);
    expect(key.counter).toBeNull();
  });
});
