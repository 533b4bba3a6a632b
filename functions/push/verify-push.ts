import { createHmac, hash } from 'node:crypto';
import { z } from 'zod';
import type { ChannelSecrets } from '../../shared/domain/channel.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { sameInConstantTime } from './constant-time.ts';
import type { PushCall, VerifiedHandshake, VerifiedPush } from './push-call.ts';
import { encryptedPart, openEnvelope } from './wechat-envelope.ts';

type SecretsOf<Name extends ChannelSecrets['channel']> = Extract<
  ChannelSecrets,
  { channel: Name }
>['secrets'];

const BAD = { ok: false, reason: 'bad-signature' } as const;

/**
 * Whether the platform made this push, by the secrets of one version of its channel, over the exact bytes that came.
 * Signatures are compared in constant time.
 */
export function verifyPush(call: PushCall, own: ChannelSecrets, now: Date): VerifiedPush {
  switch (own.channel) {
    case 'wechat-official':
    case 'miniprogram':
      return verifyWechat(call, own.secrets, now);
    case 'weibo':
      return signedQuery(call, own.secrets.appSecret, now) ?? { ok: true, body: call.body };
    case 'whatsapp':
      // developers.facebook.com, "Webhooks", Validating Payloads.
      return sameInConstantTime(
        headerOf(call, 'x-hub-signature-256'),
        `sha256=${createHmac('sha256', own.secrets.appSecret).update(call.body).digest('hex')}`,
      )
        ? { ok: true, body: call.body }
        : BAD;
    case 'line':
      // developers.line.biz, "Verify webhook signature".
      return sameInConstantTime(
        headerOf(call, 'x-line-signature'),
        createHmac('sha256', own.secrets.channelSecret).update(call.body).digest('base64'),
      )
        ? { ok: true, body: call.body }
        : BAD;
    case 'booking':
      return verifyBearer(call, own.secrets, now);
  }
}

/** Whether the platform asks if this is the endpoint that it was told, and what it wants to hear. */
export function verifyHandshake(call: PushCall, own: ChannelSecrets, now: Date): VerifiedHandshake {
  switch (own.channel) {
    case 'wechat-official':
    case 'miniprogram':
      return signedQuery(call, own.secrets.token, now) ?? echoed(call.query['echostr']);
    case 'weibo':
      return signedQuery(call, own.secrets.appSecret, now) ?? echoed(call.query['echostr']);
    case 'whatsapp':
      return call.query['hub.mode'] === 'subscribe' &&
        sameInConstantTime(call.query['hub.verify_token'] ?? '', own.secrets.verifyToken)
        ? echoed(call.query['hub.challenge'])
        : BAD;
    case 'line':
    case 'booking':
      return { ok: false, reason: 'not-a-handshake' };
  }
}

/** Nothing that a browser could take for a page is ever sent back. */
function echoed(text: string | undefined): VerifiedHandshake {
  return text !== undefined && /^[A-Za-z0-9+/=_-]{1,256}$/.test(text)
    ? { ok: true, answer: text }
    : { ok: false, reason: 'not-a-handshake' };
}

/**
 * WeChat and Weibo: SHA-1 over the secret, the timestamp and the nonce, sorted and joined (WeChat: "Access Overview";
 * Weibo: open.weibo.com/wiki, message push service). It covers no body. Null where it holds.
 */
function signedQuery(
  { query }: PushCall,
  secret: string,
  now: Date,
): { ok: false; reason: 'bad-signature' | 'stale' } | null {
  const { signature = '', timestamp = '', nonce = '' } = query;
  if (!sameInConstantTime(signature, sortedSha1(secret, timestamp, nonce))) return BAD;
  return isFresh(timestamp, now) ? null : { ok: false, reason: 'stale' };
}

function verifyWechat(call: PushCall, secrets: SecretsOf<'wechat-official'>, now: Date): VerifiedPush {
  const { query, body } = call;
  if (query['encrypt_type'] !== 'aes') {
    const refused = signedQuery(call, secrets.token, now);
    if (refused !== null) return refused;
    // Otherwise whoever saw one signed call could leave out the encryption, which covers the body.
    return secrets.encodingAesKey === undefined ? { ok: true, body } : { ok: false, reason: 'not-encrypted' };
  }
  const { timestamp = '', nonce = '', msg_signature: signature = '' } = query;
  const encrypted = encryptedPart(body);
  if (encrypted === null) return { ok: false, reason: 'not-encrypted' };
  if (!sameInConstantTime(signature, sortedSha1(secrets.token, timestamp, nonce, encrypted))) return BAD;
  if (!isFresh(timestamp, now)) return { ok: false, reason: 'stale' };
  if (secrets.encodingAesKey === undefined) return { ok: false, reason: 'encrypted-mode-not-configured' };
  const opened = openEnvelope(secrets.encodingAesKey, encrypted);
  if (opened === null) return { ok: false, reason: 'not-encrypted' };
  return secrets.appId === undefined || sameInConstantTime(opened.receiver, secrets.appId)
    ? { ok: true, body: opened.message }
    : { ok: false, reason: 'wrong-receiver' };
}

function sortedSha1(...parts: string[]): string {
  return hash('sha1', parts.sort().join(''), 'hex');
}

/** Seconds, or milliseconds as Weibo sends them. */
function isFresh(timestamp: string, now: Date): boolean {
  if (!/^\d{10}(\d{3})?$/.test(timestamp)) return false;
  const at = Number(timestamp) * (timestamp.length === 10 ? 1000 : 1);
  return Math.abs(now.getTime() - at) <= LIMITS.pushWindowSeconds * 1000;
}

const tokenHeader = z.object({ alg: z.literal('HS256') });
const tokenClaims = z.object({ exp: z.number(), nbf: z.number().optional() });

/** A header's value; one that is longer than any platform's is none. */
function headerOf({ headers }: PushCall, name: string): string {
  const value = headers[name] ?? '';
  return value.length > LIMITS.pushHeaderCharacters ? '' : value;
}

/**
 * Booking.com signs nothing: its notification service gets a token from the hotel's own token endpoint and sends it as a
 * bearer (developers.booking.com, Connectivity Notification Service, "Authentication"). The token is a JWT (RFC 7519) of
 * HS256 with an expiry.
 */
function verifyBearer(call: PushCall, secrets: SecretsOf<'booking'>, now: Date): VerifiedPush {
  const { body } = call;
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(headerOf(call, 'authorization'));
  if (token === null) return BAD;
  const [, header = '', claims = '', signature = ''] = token;
  const expected = createHmac('sha256', secrets.tokenSecret)
    .update(`${header}.${claims}`)
    .digest('base64url');
  if (!sameInConstantTime(signature, expected)) return BAD;
  if (!tokenHeader.safeParse(decoded(header)).success) return BAD;
  const read = tokenClaims.safeParse(decoded(claims));
  if (!read.success) return BAD;
  const seconds = now.getTime() / 1000;
  const { exp, nbf = seconds } = read.data;
  const inTime =
    exp > seconds && exp <= seconds + LIMITS.pushTokenSeconds && nbf <= seconds + LIMITS.pushWindowSeconds;
  return inTime ? { ok: true, body } : { ok: false, reason: 'stale' };
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
