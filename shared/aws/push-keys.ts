import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { LONGEST_CACHE_MS } from '../domain/key-cache-time.ts';
import type { Clock } from '../ports/clock.ts';
import type { PushKeys } from '../ports/push-keys.ts';
import { KeyServiceError, keyCache } from './wrapping-keys.ts';

const CONTEXT = { purpose: 'push' };

/** Data keys of pushes under the channels' KMS key. `clock` gives the real time: it measures how long a key is kept. */
export function pushKeys(kms: KMSClient, channelKey: string, clock: Clock): PushKeys {
  const opened = keyCache(clock);
  let own: { key: Uint8Array; wrapped: Uint8Array; since: number } | null = null;

  return {
    async forSealing() {
      const now = clock().getTime();
      if (own !== null && now >= own.since && now - own.since < LONGEST_CACHE_MS) return own;
      const { Plaintext, CiphertextBlob } = await kms.send(
        new GenerateDataKeyCommand({ KeyId: channelKey, KeySpec: 'AES_256', EncryptionContext: CONTEXT }),
      );
      if (Plaintext === undefined || CiphertextBlob === undefined)
        throw new KeyServiceError('KMS made no key');
      own = { key: Plaintext, wrapped: CiphertextBlob, since: now };
      return own;
    },

    forOpening: (wrapped) =>
      opened.get<never>(Buffer.from(wrapped).toString('base64'), async () => {
        const { Plaintext } = await kms.send(
          new DecryptCommand({ KeyId: channelKey, CiphertextBlob: wrapped, EncryptionContext: CONTEXT }),
        );
        if (Plaintext === undefined) throw new KeyServiceError('KMS decrypted no key');
        return Plaintext;
      }),
  };
}
