import { createPublicKey, type KeyObject } from 'node:crypto';

/** Bytes that are no COSE_Key of an algorithm that devices of this product sign with. */
export class CoseKeyError extends Error {
  override name = 'CoseKeyError';
}

/** A public key, and the hash that its signatures are over (null: the algorithm's own). */
export type CosePublicKey = { key: KeyObject; hash: 'sha256' | null };

/** COSE algorithms that devices may sign with (RFC 9053): ES256, EdDSA, RS256. */
export const COSE_ALGORITHMS = { ES256: -7, EdDSA: -8, RS256: -257 } as const;

// Labels of COSE_Key (RFC 9052, §7.1; RFC 9053, §7; RFC 8230, §4).
const [TYPE, ALGORITHM] = [1, 3] as const;
const [CURVE_OR_MODULUS, X_OR_EXPONENT, Y] = [-1, -2, -3] as const;
const [OKP, EC2, RSA] = [1, 2, 3] as const;
const [P256, ED25519] = [1, 6] as const;

/** The public key of a WebAuthn credential: a COSE_Key (RFC 9052) in CTAP2's canonical CBOR. Throws CoseKeyError. */
export function cosePublicKey(bytes: Uint8Array): CosePublicKey {
  const key = readMap(bytes);
  const kind = `${key.get(TYPE)}/${key.get(ALGORITHM)}`;
  const jwk = jwkOf(kind, key);
  try {
    return {
      key: createPublicKey({ key: jwk, format: 'jwk' }),
      hash: kind === `${OKP}/${COSE_ALGORITHMS.EdDSA}` ? null : 'sha256',
    };
  } catch (error) {
    throw new CoseKeyError('These bytes are no public key', { cause: error });
  }
}

type Members = ReadonlyMap<number, number | Buffer>;

function jwkOf(kind: string, key: Members): Record<string, string> {
  const text = (label: number) => {
    const value = key.get(label);
    if (!Buffer.isBuffer(value)) throw new CoseKeyError(`The COSE_Key has no bytes ${label}`);
    return value.toString('base64url');
  };
  const curve = key.get(CURVE_OR_MODULUS);
  if (kind === `${EC2}/${COSE_ALGORITHMS.ES256}` && curve === P256) {
    return { kty: 'EC', crv: 'P-256', x: text(X_OR_EXPONENT), y: text(Y) };
  }
  if (kind === `${OKP}/${COSE_ALGORITHMS.EdDSA}` && curve === ED25519) {
    return { kty: 'OKP', crv: 'Ed25519', x: text(X_OR_EXPONENT) };
  }
  if (kind === `${RSA}/${COSE_ALGORITHMS.RS256}`) {
    return { kty: 'RSA', n: text(CURVE_OR_MODULUS), e: text(X_OR_EXPONENT) };
  }
  throw new CoseKeyError(`No key type and algorithm of devices: ${kind}`);
}

/** A CBOR map of integers to integers and byte strings, of definite length, and nothing after it (RFC 8949). */
function readMap(bytes: Uint8Array): Members {
  const data = Buffer.from(bytes);
  let at = 0;

  function head(): { major: number; value: number } {
    const first = data[at];
    if (first === undefined) throw new CoseKeyError('The COSE_Key is cut short');
    at += 1;
    const [major, info] = [first >> 5, first & 0x1f];
    if (info < 24) return { major, value: info };
    const size = info === 24 ? 1 : info === 25 ? 2 : 0;
    if (size === 0 || at + size > data.length) throw new CoseKeyError('The COSE_Key is not canonical CBOR');
    const value = data.readUIntBE(at, size);
    at += size;
    return { major, value };
  }

  function item(): number | Buffer {
    const { major, value } = head();
    if (major === 0) return value;
    if (major === 1) return -1 - value;
    if (major !== 2 || at + value > data.length)
      throw new CoseKeyError('The COSE_Key has what none of its members may be');
    at += value;
    return data.subarray(at - value, at);
  }

  const { major, value: entries } = head();
  if (major !== 5) throw new CoseKeyError('A COSE_Key is a map');
  const members = new Map<number, number | Buffer>();
  for (let entry = 0; entry < entries; entry += 1) {
    const label = item();
    if (typeof label !== 'number' || members.has(label))
      throw new CoseKeyError('The COSE_Key has a label that is no number, or twice');
    members.set(label, item());
  }
  if (at !== data.length) throw new CoseKeyError('Something follows the COSE_Key');
  return members;
}
