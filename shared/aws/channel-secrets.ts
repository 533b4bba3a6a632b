import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { gcmOpen, gcmSeal } from '../crypto/gcm-box.ts';
import { joinParts } from '../crypto/keyed-parts.ts';
import { CHANNEL_SECRETS, type Channel, type ChannelPlace, type ChannelSecrets } from '../domain/channel.ts';
import type { Clock } from '../ports/clock.ts';
import { KeyServiceError, keyCache } from './wrapping-keys.ts';

const LABEL = 'dualkey/channel-secrets/1';

/** A version of a channel's secrets as its row has it: a data key under KMS, and the secrets under that. */
type SealedSecrets = Pick<Channel['versions'][number], 'wrapped' | 'sealed'>;

/** Secrets of channels, under a data key each; opened ones are kept for at most five minutes. */
export function channelSecrets(kms: KMSClient, channelKey: string, clock: Clock) {
  const cache = keyCache(clock);

  return {
    async seal({ channel, secrets }: ChannelSecrets, account: string): Promise<SealedSecrets> {
      const { Plaintext, CiphertextBlob } = await kms.send(
        new GenerateDataKeyCommand({
          KeyId: channelKey,
          KeySpec: 'AES_256',
          EncryptionContext: contextOf({ channel, account }),
        }),
      );
      if (Plaintext === undefined || CiphertextBlob === undefined)
        throw new KeyServiceError('KMS made no key');
      const sealed = gcmSeal(
        Plaintext,
        Buffer.from(JSON.stringify(secrets)),
        associated({ channel, account }),
      );
      return { wrapped: CiphertextBlob, sealed: Uint8Array.from(sealed) };
    },

    /** The channel's secrets, the newest version first. */
    async open(row: Channel): Promise<ChannelSecrets[]> {
      return Promise.all(
        row.versions.map(async ({ wrapped, sealed }) => {
          const key = await cache.get<never>(Buffer.from(wrapped).toString('base64'), async () => {
            const { Plaintext } = await kms.send(
              new DecryptCommand({
                KeyId: channelKey,
                CiphertextBlob: wrapped,
                EncryptionContext: contextOf(row),
              }),
            );
            if (Plaintext === undefined) throw new KeyServiceError('KMS decrypted no key');
            return Plaintext;
          });
          const json: unknown = JSON.parse(gcmOpen(key, sealed, associated(row)).toString('utf8'));
          return secretsOf(row.channel, json);
        }),
      );
    },
  };
}
export type ChannelSecretsStore = ReturnType<typeof channelSecrets>;

/** Secrets as this channel has them. Throws ZodError. */
export function secretsOf(channel: ChannelPlace['channel'], value: unknown): ChannelSecrets {
  switch (channel) {
    case 'wechat-official':
    case 'miniprogram':
      return { channel, secrets: CHANNEL_SECRETS[channel].parse(value) };
    case 'weibo':
      return { channel, secrets: CHANNEL_SECRETS.weibo.parse(value) };
    case 'whatsapp':
      return { channel, secrets: CHANNEL_SECRETS.whatsapp.parse(value) };
    case 'line':
      return { channel, secrets: CHANNEL_SECRETS.line.parse(value) };
    case 'booking':
      return { channel, secrets: CHANNEL_SECRETS.booking.parse(value) };
  }
}

function contextOf({ channel, account }: ChannelPlace): Record<string, string> {
  return { purpose: 'channel-secrets', channel, account };
}

function associated({ channel, account }: ChannelPlace): Buffer {
  return joinParts(LABEL, channel, account);
}
