import type { ChannelSecretsStore } from '../../shared/aws/channel-secrets.ts';
import type { ChannelTable } from '../../shared/aws/channel-table.ts';
import type { PushQueue } from '../../shared/aws/push-queue.ts';
import type { PushRefusals } from '../../shared/aws/push-refusals.ts';
import { sealPushed } from '../../shared/crypto/pushed-content.ts';
import {
  CHANNELS,
  type Channel,
  type ChannelName,
  channelAccountSchema,
  channelSubject,
} from '../../shared/domain/channel.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { encodePushedBody } from '../../shared/domain/pushed-body.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { PushKeys } from '../../shared/ports/push-keys.ts';
import { namesAnotherAccount } from './names-another-account.ts';
import type { PushCall, PushRefusal } from './push-call.ts';
import { verifyHandshake, verifyPush } from './verify-push.ts';

export type PushDependencies = {
  channels: Pick<ChannelTable, 'read'>;
  secrets: Pick<ChannelSecretsStore, 'open'>;
  keys: Pick<PushKeys, 'forSealing'>;
  queue: PushQueue;
  /** Notes a refusal in custody, a bounded number of times. */
  refusals: PushRefusals;
  /** Each refusal, for the log and the alarm. */
  refused(reason: PushRefusal): void;
  clock: Clock;
};

/** Plain text: platforms want to hear a word, or the text that they sent. */
export type PushAnswer = { status: 200 | 401 | 413; text: string };

/** What each platform takes as "received" (its documentation, as in verify-push.ts). */
const RECEIVED: Record<ChannelName, string> = {
  'wechat-official': 'success',
  miniprogram: 'success',
  weibo: '',
  whatsapp: '',
  line: '',
  booking: '',
};

const UNKNOWN = 'channel/unknown';

/**
 * Takes a push: nothing of it is kept unless it is the platform's; then it goes, encrypted, into the queue, and the
 * platform is answered. A push that is sent again goes again: it is recognised where its messages are.
 */
export async function receivePush(
  { channel: name, account }: { channel: string; account: string },
  call: PushCall,
  dependencies: PushDependencies,
): Promise<PushAnswer> {
  const { secrets, keys, queue, clock } = dependencies;
  const now = clock();
  if (call.body.length > LIMITS.pushBodyBytes) return refuse(UNKNOWN, 'too-large', now, dependencies);
  const channel = await channelOf(name, account, dependencies);
  if (channel === null) return refuse(UNKNOWN, 'unknown-channel', now, dependencies);
  const subject = channelSubject(channel);

  let reason: PushRefusal = 'bad-signature';
  for (const own of await secrets.open(channel)) {
    if (call.method === 'GET') {
      const verified = verifyHandshake(call, own, now);
      if (verified.ok) return { status: 200, text: verified.answer };
      reason = worse(reason, verified.reason);
      continue;
    }
    const verified = verifyPush(call, own, now);
    if (!verified.ok) {
      reason = worse(reason, verified.reason);
      continue;
    }
    if (namesAnotherAccount(channel, verified.body)) {
      return refuse(subject, 'wrong-receiver', now, dependencies);
    }
    const place = { channel: channel.channel, account, hotel: channel.hotel, receivedAt: now.toISOString() };
    const { key, wrapped } = await keys.forSealing();
    const sealed = sealPushed(key, place, verified.body);
    if (sealed.length > LIMITS.pushSealedBytes) return refuse(subject, 'too-large', now, dependencies);
    await queue.send(encodePushedBody({ version: 1, ...place, wrapped, sealed }));
    return { status: 200, text: RECEIVED[channel.channel] };
  }
  return refuse(subject, reason, now, dependencies);
}

async function channelOf(
  name: string,
  account: string,
  { channels }: PushDependencies,
): Promise<Channel | null> {
  const channel = CHANNELS.find((known) => known === name);
  if (channel === undefined || !channelAccountSchema.safeParse(account).success) return null;
  return channels.read({ channel, account });
}

/** Of two versions' reasons the one that says more: with a signature that holds, something else was wrong. */
function worse(known: PushRefusal, next: PushRefusal): PushRefusal {
  return next === 'bad-signature' ? known : next;
}

/** The caller isn't told why, nor whether there is such a channel. */
async function refuse(
  subject: string,
  reason: PushRefusal,
  at: Date,
  { refused, refusals }: PushDependencies,
): Promise<PushAnswer> {
  refused(reason);
  await refusals.note(subject, reason, at);
  return reason === 'too-large' ? { status: 413, text: 'too large' } : { status: 401, text: 'refused' };
}
