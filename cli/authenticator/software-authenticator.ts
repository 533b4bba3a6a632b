import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { z } from 'zod';
import { SOFTWARE_AAGUID } from '../../shared/domain/step-up.ts';
import { cbor } from './cbor.ts';

/**
 * A WebAuthn credential that software keeps: an ES256 key for one site. It takes for granted that its user is verified:
 * whoever can read the key is. The directory marks such keys `software`, and a region may refuse them (R5).
 */
export const softwareKeySchema = z.strictObject({
  version: z.literal(1),
  credentialId: z.string(),
  rpId: z.string(),
  origin: z.string(),
  /** PKCS #8, base64. */
  privateKey: z.string(),
  /**
   * Signatures given. Null for a key that counts none, as synced passkeys do (WebAuthn Level 3, §6.1.1): commands that
   * run side by side would else overtake each other.
   */
  counter: z.number().int().min(0).nullable(),
});
export type SoftwareKey = z.infer<typeof softwareKeySchema>;

/** Whose site the key is for. */
export type Site = { rpId: string; origin: string };

export type Assertion = {
  credentialId: string;
  authenticatorData: string;
  clientDataJSON: string;
  signature: string;
};

/** What a browser gives after `navigator.credentials.create` (RegistrationResponseJSON). */
export type Registration = {
  id: string;
  rawId: string;
  type: 'public-key';
  response: { clientDataJSON: string; attestationObject: string };
  clientExtensionResults: Record<string, never>;
};

// Flags of authenticator data (WebAuthn Level 3, §6.1): user present, user verified, attested credential data included.
const [USER_PRESENT, USER_VERIFIED, ATTESTED] = [0x01, 0x04, 0x40] as const;

export function newSoftwareKey({ rpId, origin }: Site, { counts }: { counts: boolean }): SoftwareKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    version: 1,
    credentialId: randomBytes(16).toString('base64url'),
    rpId,
    origin,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    counter: counts ? 0 : null,
  };
}

/** Its public key as a COSE_Key (RFC 9052): EC2, ES256, P-256. */
export function coseKeyOf({ privateKey }: SoftwareKey): Buffer {
  const { x = '', y = '' } = keyOf(privateKey).export({ format: 'jwk' });
  return cbor(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]),
  );
}

/** Registers the key for a challenge (base64url), without attestation. */
export function register(key: SoftwareKey, challenge: string): Registration {
  const credentialId = Buffer.from(key.credentialId, 'base64url');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  const authData = Buffer.concat([
    authenticatorData(key, USER_PRESENT | USER_VERIFIED | ATTESTED, key.counter ?? 0),
    Buffer.from(SOFTWARE_AAGUID.replaceAll('-', ''), 'hex'),
    length,
    credentialId,
    coseKeyOf(key),
  ]);
  const attestation = new Map<string, string | Uint8Array | ReadonlyMap<string, string>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', authData],
  ]);
  return {
    id: key.credentialId,
    rawId: key.credentialId,
    type: 'public-key',
    response: {
      clientDataJSON: clientData('webauthn.create', challenge, key).toString('base64url'),
      attestationObject: cbor(attestation).toString('base64url'),
    },
    clientExtensionResults: {},
  };
}

/** Signs a challenge (base64url). A key that counts is to be kept with the counter that comes back. */
export function assert(key: SoftwareKey, challenge: string): { assertion: Assertion; key: SoftwareKey } {
  const counter = key.counter === null ? null : key.counter + 1;
  const data = authenticatorData(key, USER_PRESENT | USER_VERIFIED, counter ?? 0);
  const client = clientData('webauthn.get', challenge, key);
  const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
  return {
    assertion: {
      credentialId: key.credentialId,
      authenticatorData: data.toString('base64url'),
      clientDataJSON: client.toString('base64url'),
      signature: sign('sha256', signed, keyOf(key.privateKey)).toString('base64url'),
    },
    key: { ...key, counter },
  };
}

function authenticatorData({ rpId }: Site, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags]), count]);
}

function clientData(type: 'webauthn.create' | 'webauthn.get', challenge: string, { origin }: Site): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function keyOf(pkcs8: string) {
  return createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), format: 'der', type: 'pkcs8' });
}
