import { type ChannelSecretsStore, secretsOf } from '../../shared/aws/channel-secrets.ts';
import type { ChannelTable } from '../../shared/aws/channel-table.ts';
import {
  CHANNEL_SECRETS,
  type Channel,
  type ChannelPlace,
  type ChannelSecrets,
} from '../../shared/domain/channel.ts';
import { issueWords } from '../../shared/domain/issue-words.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Person } from '../../shared/domain/person.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { joinWords } from '../../shared/domain/words.ts';
import { decideUpkeep } from '../../shared/policy/decide-upkeep.ts';
import type { RegionFacts } from '../../shared/policy/facts.ts';
import {
  badInput,
  conflict,
  done,
  type HttpResult,
  notFound,
  ok,
  refused,
} from '../../shared/runtime/http-result.ts';
import type { AddBody, RemoveBody, RotateBody } from './channel-body.ts';

export type ChannelsDependencies = {
  channels: ChannelTable;
  secrets: Pick<ChannelSecretsStore, 'seal'>;
  region: RegionFacts;
  chain: RegionConfig['hotels'];
};

type Call<Body> = { person: Person; body: Body; now: Date };

/** A channel by which a platform pushes to a hotel. Its secrets are sealed before anything is written, and never shown. */
export async function addChannel(
  { person, body, now }: Call<AddBody>,
  { channels, secrets, region, chain }: ChannelsDependencies,
): Promise<HttpResult> {
  const { channel, account, hotel, category, timezone = null } = body;
  if (!chain.some(({ code }) => code === hotel)) {
    const names = chain.map(({ code }) => code).join(', ');
    return badInput({ zh: '没有这家酒店', en: 'there is no such hotel' }, 'body.hotel', {
      zh: `写下列之一:${names}`,
      en: `name one of ${names}`,
    });
  }
  const verdict = decideUpkeep({ person, hotel, region });
  if (verdict.outcome === 'deny') return refused(verdict);
  const own = checked(channel, body.secrets);
  if ('status' in own) return own;
  const addedAt = now.toISOString();
  const added: Channel = {
    channel,
    account,
    hotel,
    category,
    timezone,
    addedAt,
    versions: [{ version: 1, addedAt, ...(await secrets.seal(own, account)) }],
    revision: 1,
  };
  const outcome = await channels.add(added, {
    at: now,
    actor: person.personId,
    data: { hotel, category, version: 1 },
  });
  if (outcome === 'exists') {
    return badInput(
      { zh: '此帐号已有推送渠道', en: 'there is a channel of this account already' },
      'body.account',
      { zh: '更换其密钥,或先移除', en: 'rotate its secrets, or remove it first' },
    );
  }
  return done(shown(added));
}

/** The channels of the hotels whose ways in this person keeps. */
export async function listChannels(
  person: Person,
  { channels, region }: ChannelsDependencies,
): Promise<HttpResult> {
  const [first] = region.hotels;
  const keeps = region.hotels.filter((hotel) => decideUpkeep({ person, hotel, region }).outcome === 'allow');
  if (keeps.length === 0) return refused(decideUpkeep({ person, hotel: first ?? '', region }));
  return ok({
    channels: (await channels.list()).filter(({ hotel }) => keeps.includes(hotel)).map(shown),
  });
}

/** New secrets beside the present ones, so that a push signed with either is taken; `finish` ends that. */
export async function rotateChannel(
  { person, body, now }: Call<RotateBody>,
  dependencies: ChannelsDependencies,
): Promise<HttpResult> {
  const found = await ownChannel(person, body, dependencies);
  if ('status' in found) return found;
  const { channels, secrets } = dependencies;
  const newest = found.versions[0]?.version ?? 0;
  let versions = found.versions.slice(0, 1);
  if ('secrets' in body) {
    const own = checked(body.channel, body.secrets);
    if ('status' in own) return own;
    const sealed = await secrets.seal(own, body.account);
    versions = [{ version: newest + 1, addedAt: now.toISOString(), ...sealed }, ...found.versions].slice(
      0,
      LIMITS.channelVersions,
    );
  }
  const outcome = await channels.rotate(found, versions, {
    at: now,
    actor: person.personId,
    data: { hotel: found.hotel, versions: versions.map(({ version }) => String(version)) },
  });
  if (outcome === 'stale') return conflict('T4', 'channel-keeps-changing');
  return done(shown({ ...found, versions }));
}

/** From now on no push of it is taken. What came before stays. */
export async function removeChannel(
  { person, body, now }: Call<RemoveBody>,
  dependencies: ChannelsDependencies,
): Promise<HttpResult> {
  const found = await ownChannel(person, body, dependencies);
  if ('status' in found) return found;
  const draft = { at: now, actor: person.personId, data: { hotel: found.hotel } };
  if ((await dependencies.channels.remove(found, draft)) === 'stale')
    return conflict('T4', 'channel-keeps-changing');
  return done({ channel: found.channel, account: found.account, state: 'removed' });
}

async function ownChannel(
  person: Person,
  { channel, account }: ChannelPlace,
  { channels, region }: ChannelsDependencies,
): Promise<Channel | HttpResult> {
  const found = await channels.read({ channel, account });
  if (found === null)
    return notFound({ zh: '没有这个推送渠道', en: 'there is no such channel' }, 'body.account');
  const verdict = decideUpkeep({ person, hotel: found.hotel, region });
  return verdict.outcome === 'deny' ? refused(verdict) : found;
}

/** The secrets in the form that this channel's have. */
function checked(
  channel: ChannelPlace['channel'],
  secrets: Record<string, string>,
): ChannelSecrets | HttpResult {
  // What is expected is named; no value is repeated.
  const issues = issueWords(CHANNEL_SECRETS[channel], secrets);
  if (issues.length === 0) return secretsOf(channel, secrets);
  return badInput(
    joinWords(
      issues.map(({ code, words }) =>
        code === 'unrecognized_keys'
          ? { zh: '此渠道没有这项密钥', en: 'a secret that this channel does not have' }
          : words,
      ),
    ),
    issues.map(({ path }) => ['body.secrets', ...path].join('.')).join(', '),
    {
      zh: '各渠道所需见 docs/sources.md “Ways in” 一节',
      en: 'docs/sources.md, “Ways in”, says what each channel needs',
    },
  );
}

function shown({ channel, account, hotel, category, timezone, addedAt, versions }: Channel) {
  return {
    channel,
    account,
    hotel,
    category,
    timezone,
    addedAt,
    path: `/push/${channel}/${account}`,
    versions: versions.map(({ version, addedAt: since }) => ({ version, addedAt: since })),
  };
}
