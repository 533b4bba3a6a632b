import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { CATEGORIES, type Source } from './record.ts';

/** Platforms that push what guests write. Each is read by the importer of the source of the same name. */
export const CHANNELS = [
  'wechat-official',
  'miniprogram',
  'weibo',
  'whatsapp',
  'line',
  'booking',
] as const satisfies readonly Source[];
export type ChannelName = (typeof CHANNELS)[number];

const secret = z.string().min(1).max(LIMITS.channelSecretCharacters);

const wechatSecrets = z.strictObject({
  /** The token that signs each call. */
  token: secret,
  /** 43 characters: where it is given, encrypted bodies alone are taken. */
  encodingAesKey: z
    .string()
    .regex(
      /^[A-Za-z0-9]{43}$/,
      'must be the 43 characters that the platform shows as EncodingAESKey · 须为平台所示 EncodingAESKey 的 43 个字符',
    )
    .optional(),
  /** Whom encrypted bodies must name as their receiver. */
  appId: secret.optional(),
});

/** What proves that a push is the platform's, by channel. */
export const CHANNEL_SECRETS = {
  'wechat-official': wechatSecrets,
  miniprogram: wechatSecrets,
  weibo: z.strictObject({ appSecret: secret }),
  whatsapp: z.strictObject({ appSecret: secret, verifyToken: secret }),
  line: z.strictObject({ channelSecret: secret }),
  /** The key (HS256) of the tokens that the hotel's own token endpoint gives to the platform. */
  booking: z.strictObject({ tokenSecret: z.string().min(32).max(LIMITS.channelSecretCharacters) }),
} as const satisfies Record<ChannelName, z.ZodType>;
export type ChannelSecrets = {
  [Name in ChannelName]: { channel: Name; secrets: z.infer<(typeof CHANNEL_SECRETS)[Name]> };
}[ChannelName];

/** The hotel's account on the platform as its console shows it: never a guest's. It stands in the path of its pushes. */
export const channelAccountSchema = z
  .string()
  .max(LIMITS.channelAccountCharacters)
  .regex(/^[A-Za-z0-9_.@-]+$/, 'an account has letters, digits and _ . @ - · 帐号只含字母、数字及 _ . @ -');

/** A channel as its row has it: no secret in the clear. */
export const channelSchema = z.object({
  channel: z.enum(CHANNELS),
  account: channelAccountSchema,
  hotel: z.string(),
  /** Category of messages that don't say one. */
  category: z.enum(CATEGORIES),
  /** IANA zone of times that have none, or null for the hotel's. */
  timezone: z.string().nullable(),
  addedAt: z.string(),
  /** Newest first, at most LIMITS.channelVersions: during a rotation a push may be signed with either. */
  versions: z
    .array(
      z.object({
        version: z.number().int().min(1),
        addedAt: z.string(),
        /** The data key under KMS, and the secrets under the data key. */
        wrapped: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
        sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
      }),
    )
    .min(1)
    .max(LIMITS.channelVersions),
  /** Rises with each change. */
  revision: z.number().int(),
});
export type Channel = z.infer<typeof channelSchema>;

export type ChannelPlace = Pick<Channel, 'channel' | 'account'>;

/** The channel's subject in the chain of custody. */
export function channelSubject({ channel, account }: ChannelPlace): string {
  return `channel/${channel}/${account}`;
}
