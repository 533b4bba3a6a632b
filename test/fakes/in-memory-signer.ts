import { generateKeyPairSync, sign } from 'node:crypto';
import { sha256 } from '../../shared/domain/digest.ts';
import type { Signer } from '../../shared/ports/signer.ts';

/** A region's Ed25519 key, made for this test. */
export function inMemorySigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    async sign(message) {
      return { keyId: 'key-1', signature: sign(null, message, privateKey) };
    },
    async publicKey() {
      return { keyId: 'key-1', spki, fingerprint: sha256(spki) };
    },
  };
}
