import { constants, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { Words } from '../domain/words.ts';

/** A private key of a WeCom archive can't be used. */
export class WecomKeyError extends Error {
  override name = 'WecomKeyError';
  readonly words: Words;
  constructor(words: Words, options?: ErrorOptions) {
    super(words.en, options);
    this.words = words;
  }
}

/** RSA keys of the archive have 2,048 bits; shorter ones are none of it. */
const LEAST_BITS = 2_048;
/** The random key is a text; of what comes out under a wrong key, hardly anything is that long and printable. */
const PRINTABLE = /^[\x20-\x7e]{8,}$/;

/** A private key in PEM, PKCS#1 or PKCS#8, not encrypted. Throws WecomKeyError. */
export function wecomPrivateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new WecomKeyError(
      {
        zh: '不是无口令的 PEM 私钥(PKCS#1 或 PKCS#8)',
        en: 'It is no private key in PEM (PKCS#1 or PKCS#8) without a passphrase',
      },
      { cause: error },
    );
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS) {
    throw new WecomKeyError({
      zh: `不是至少 ${LEAST_BITS} 位的 RSA 密钥`,
      en: `It is no RSA key of at least ${LEAST_BITS} bits`,
    });
  }
  return key;
}

/**
 * The random key of one message: RSA with PKCS#1 v1.5 (developer.work.weixin.qq.com/document/path/91774). Null where the
 * key is another's. OpenSSL answers bad padding with random bytes rather than an error (implicit rejection, against
 * Bleichenbacher's attack), so that only what was opened tells whether the key was the right one.
 */
export function openWecomRandomKey(key: KeyObject, randomKey: string): string | null {
  let opened: Buffer;
  try {
    opened = privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(randomKey, 'base64'));
  } catch {
    return null;
  }
  const text = opened.toString('latin1');
  return PRINTABLE.test(text) ? text : null;
}
