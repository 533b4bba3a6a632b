import { createHash, verify } from 'node:crypto';
import { z } from 'zod';
import { type CosePublicKey, cosePublicKey } from './cose-key.ts';

/** What a device signed can't be read: not WebAuthn's form. */
export class AssertionFormatError extends Error {
  override name = 'AssertionFormatError';
}

/** The parts of a WebAuthn assertion, base64url. */
export type AssertionParts = { authenticatorData: string; clientDataJSON: string; signature: string };

/** What an assertion says (WebAuthn Level 3, §5.8.1 and §6.1). */
export type ReadAssertion = {
  type: string;
  challenge: string;
  origin: string;
  /** Asked for by a page within another site's page. */
  crossOrigin: boolean;
  /** SHA-256 of the RP id, hex. */
  rpIdHash: string;
  userPresent: boolean;
  userVerified: boolean;
  counter: number;
};

const clientDataSchema = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().default(false),
});

// RP id's hash (32), flags (1), counter (4); extensions may follow.
const FLAGS_AT = 32;
const COUNTER_AT = 33;
const SHORTEST = 37;
const [USER_PRESENT, USER_VERIFIED] = [0x01, 0x04] as const;

/** Throws AssertionFormatError. */
export function readAssertion({
  authenticatorData,
  clientDataJSON,
  signature,
}: AssertionParts): ReadAssertion {
  const data = bytesOf(authenticatorData);
  if (data.length < SHORTEST) throw new AssertionFormatError('The authenticator data is cut short');
  if (bytesOf(signature).length === 0) throw new AssertionFormatError('There is no signature');
  const client = clientDataSchema.safeParse(json(bytesOf(clientDataJSON)));
  if (!client.success)
    throw new AssertionFormatError('The client data is not WebAuthn’s', { cause: client.error });
  const { type, challenge, origin, crossOrigin } = client.data;
  const flags = data.readUInt8(FLAGS_AT);
  return {
    type,
    challenge,
    origin,
    crossOrigin,
    rpIdHash: data.subarray(0, FLAGS_AT).toString('hex'),
    userPresent: (flags & USER_PRESENT) !== 0,
    userVerified: (flags & USER_VERIFIED) !== 0,
    counter: data.readUInt32BE(COUNTER_AT),
  };
}

/** Whether the signature is by this public key (COSE_Key) over these parts: over authenticator data ‖ SHA-256(client data). */
export function isSignedByDevice(
  { authenticatorData, clientDataJSON, signature }: AssertionParts,
  publicKey: Uint8Array,
): boolean {
  const { key, hash }: CosePublicKey = cosePublicKey(publicKey);
  const clientHash = createHash('sha256').update(bytesOf(clientDataJSON)).digest();
  const signed = Buffer.concat([bytesOf(authenticatorData), clientHash]);
  return verify(hash, signed, key, bytesOf(signature));
}

/** SHA-256 of an RP id, hex, as authenticator data begin with it. */
export function rpIdHash(rpId: string): string {
  return createHash('sha256').update(rpId).digest('hex');
}

/** Strict: base64url without padding, each byte in one way only. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new AssertionFormatError('A part is no base64url');
  return bytes;
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new AssertionFormatError('The client data is not JSON', { cause: error });
  }
}
