import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { sha256 } from '../domain/digest.ts';
import type { Signer } from '../ports/signer.ts';
import { KeyServiceError } from './wrapping-keys.ts';

/** KMS signs raw messages of at most this many bytes. */
const LONGEST_MESSAGE_BYTES = 4_096;

/** The region's Ed25519 key in KMS (`ECC_NIST_EDWARDS25519`). Key ids are the key's own, without the account. */
export function kmsSigner(kms: KMSClient, signingKey: string): Signer {
  let known: Awaited<ReturnType<Signer['publicKey']>> | undefined;
  return {
    async sign(message: Uint8Array) {
      if (message.length > LONGEST_MESSAGE_BYTES) {
        throw new RangeError(`A message to sign has at most ${LONGEST_MESSAGE_BYTES} bytes`);
      }
      const { Signature, KeyId } = await kms.send(
        new SignCommand({
          KeyId: signingKey,
          Message: message,
          MessageType: 'RAW',
          SigningAlgorithm: 'ED25519_SHA_512',
        }),
      );
      if (Signature === undefined) throw new KeyServiceError('KMS gave no signature');
      return { keyId: ownId(KeyId ?? signingKey), signature: Signature };
    },

    async publicKey() {
      if (known === undefined) {
        const { PublicKey, KeyId } = await kms.send(new GetPublicKeyCommand({ KeyId: signingKey }));
        if (PublicKey === undefined) throw new KeyServiceError('KMS gave no public key');
        known = { keyId: ownId(KeyId ?? signingKey), spki: PublicKey, fingerprint: sha256(PublicKey) };
      }
      return known;
    },
  };
}

/** The last part of a key's ARN: an archive names no account. */
function ownId(keyId: string): string {
  return keyId.split('/').at(-1) ?? keyId;
}
