import { createSecretKey, hash } from 'node:crypto';
import type { IdentifierIndex } from '../../shared/aws/identifier-index.ts';
import type { UnreadPushes } from '../../shared/aws/unread-pushes.ts';
import type { WaitingMessages } from '../../shared/aws/waiting-messages.ts';
import { openPushed } from '../../shared/crypto/pushed-content.ts';
import { conversationIdOf } from '../../shared/crypto/record-fingerprint.ts';
import { sealWaiting } from '../../shared/crypto/waiting-message.ts';
import { recordIdOfDraft } from '../../shared/custody-in/draft-identity.ts';
import { recordTimeOf } from '../../shared/custody-in/record-time.ts';
import { type AddressedRecord, resolveGuests } from '../../shared/custody-in/resolve-guests.ts';
import { encodeDraft } from '../../shared/custody-in/waiting-draft.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { expiryPeriodOf } from '../../shared/domain/expiry-period.ts';
import { hotelOf } from '../../shared/domain/hotel-of.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { type PushedBody, pushedBodySchema } from '../../shared/domain/pushed-body.ts';
import { isQuarantined } from '../../shared/domain/quarantine.ts';
import { recordClassOf } from '../../shared/domain/record.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Directory } from '../../shared/ports/directory.ts';
import type { CustodyKeys, IndexKey } from '../../shared/ports/keys.ts';
import type { PushKeys } from '../../shared/ports/push-keys.ts';
import { importerOf } from '../../shared/sources/built-sources.ts';
import { BEGINNING, type DraftRecord, type Importer } from '../../shared/sources/importer.ts';

export type GatherDependencies = {
  channels: { read(place: Pick<Channel, 'channel' | 'account'>): Promise<Channel | null> };
  pushKeys: Pick<PushKeys, 'forOpening'>;
  identifiers: IdentifierIndex;
  waiting: WaitingMessages;
  unread: Pick<UnreadPushes, 'keep'>;
  keys: Pick<CustodyKeys, 'forWriting'>;
  indexKey: Pick<IndexKey, 'forIngest'>;
  directory: Pick<Directory, 'withAccounts'>;
  region: RegionConfig;
  /** Importers by source; those of the product unless told otherwise. */
  importer?: (source: PushedBody['channel']) => Importer | null;
};

/**
 * How many messages of a push wait now, waited before, are of a period that is deleted already or must not be collected
 * (nothing of those is kept), or could not be read (the push is kept then).
 */
export type Gathered = { kept: number; there: number; expired: number; notCollected: number; unread: number };

/** The rows of a guest were written by others each time that a message of it was to be kept. */
export class GuestContentionError extends Error {
  override name = 'GuestContentionError';
}

const ATTEMPTS = 5;

/**
 * Takes one push out of its queue: its messages are read as their importer reads them from a file, and each waits under
 * its guest's own key until its conversation is sealed. What can't be read is kept as it lay in the queue, unless it holds
 * what must not be collected (R7): of such a push no more is kept than its other messages. Doing it again changes nothing.
 * Throws what breaks; the queue gives the push again.
 */
export async function gatherPush(message: string, dependencies: GatherDependencies): Promise<Gathered> {
  const pushed = pushedBodySchema.parse(JSON.parse(message));
  const { channels, pushKeys, unread, importer: ofSource = importerOf } = dependencies;
  const body = openPushed(await pushKeys.forOpening(pushed.wrapped), pushed, pushed.sealed);
  // A channel that was removed meanwhile: what came of it before is still the hotel's.
  const channel = await channels.read(pushed);
  const read = await readBody(body, pushed, channel, ofSource(pushed.channel), dependencies);
  const result: Gathered = { kept: 0, there: 0, expired: 0, notCollected: 0, unread: 0 };
  const reasons = [...read.reasons];
  const left = new Set(read.drafts);

  for (let attempt = 1; left.size > 0; attempt += 1) {
    if (attempt > ATTEMPTS)
      throw new GuestContentionError('The guest of a message was changed by others each time');
    const { addressed, rejected } = await addresses([...left], pushed, dependencies);
    reasons.push(...rejected.map(({ reason }) => reason));
    const found = new Set(addressed.map(({ draft }) => draft));
    for (const draft of left) if (!found.has(draft)) left.delete(draft);
    for (const one of addressed) {
      const outcome = await keep(one, pushed, channel, dependencies);
      if (outcome === 'changed') continue;
      left.delete(one.draft);
      if (outcome === 'too-large') reasons.push('record-too-large');
      else result[outcome] += 1;
    }
  }

  const { hotel, channel: source, receivedAt } = pushed;
  if (read.withheld || reasons.some((reason) => !isQuarantined(source, reason))) {
    result.notCollected = reasons.length;
  } else if (reasons.length > 0) {
    const id = hash('sha256', message, 'hex').slice(0, 32);
    await unread.keep({ hotel, source }, { id, receivedAt, message, reasons });
    result.unread = reasons.length;
  }
  return result;
}

async function readBody(
  body: Uint8Array,
  { hotel, receivedAt }: PushedBody,
  channel: Channel | null,
  importer: Importer | null,
  { region, directory }: GatherDependencies,
): Promise<{ drafts: DraftRecord[]; reasons: string[]; withheld: boolean }> {
  if (importer === null) return { drafts: [], reasons: ['no-importer'], withheld: false };
  const own = region.hotels.find(({ code }) => code === hotel);
  if (own === undefined) return { drafts: [], reasons: ['unknown-hotel'], withheld: false };
  const drafts: DraftRecord[] = [];
  const reasons: string[] = [];
  let withheld = false;
  const options = {
    timezone: channel?.timezone ?? own.zone,
    profile: null,
    ownNames: own.ownNames ?? [],
    async staffAccounts() {
      return new Set((await directory.withAccounts()).flatMap(({ accounts }) => accounts));
    },
  };
  async function* once(): AsyncGenerator<Uint8Array> {
    yield body;
  }
  for await (const item of importer.read(once(), BEGINNING, options)) {
    if (item.kind === 'record') {
      const time = recordTimeOf(item, new Date(receivedAt));
      if ('reason' in time) reasons.push(time.reason);
      else
        drafts.push({
          ...item,
          category: item.category ?? channel?.category ?? null,
          ordinal: drafts.length,
        });
    }
    if (item.kind === 'rejected') {
      reasons.push(item.reason);
      if (item.withheld === true) withheld = true;
    }
    if (item.kind === 'lack' && item.lack.kind === 'truncated') reasons.push('truncated');
  }
  return { drafts, reasons: [...new Set(reasons)], withheld };
}

async function addresses(drafts: DraftRecord[], pushed: PushedBody, dependencies: GatherDependencies) {
  const { region, identifiers, indexKey } = dependencies;
  const { hotel, channel: source, account, receivedAt } = pushed;
  return resolveGuests(drafts, {
    batch: { batchId: `channel/${source}/${account}`, hotel, source, by: 'function:gather' },
    authoritative: region.authoritativeSources.includes(source),
    place: { hotel, country: hotelOf(region, hotel).country },
    ownNames: hotelOf(region, hotel).ownNames ?? [],
    indexKey: createSecretKey(await indexKey.forIngest()),
    identifiers,
    now: new Date(receivedAt),
  });
}

/** A message under its guest's key, once for each guest whose conversation it belongs to; or why it isn't kept. */
async function keep(
  { draft, placements }: AddressedRecord,
  { hotel, channel: source, receivedAt }: PushedBody,
  channel: Channel | null,
  { region, waiting, keys, indexKey }: GatherDependencies,
): Promise<'kept' | 'there' | 'expired' | 'changed' | 'too-large'> {
  const key = createSecretKey(await indexKey.forIngest());
  const recordId = recordIdOfDraft(key, { source, hotel }, draft);
  const recordClass = recordClassOf(draft.category ?? channel?.category ?? 'enquiry');
  // Where the platform left the time out, the term counts from the collection.
  const since = draft.timeKnown ? draft.at : new Date(receivedAt);
  const period = expiryPeriodOf(since, region.retention[recordClass], hotelOf(region, hotel).zone);
  const content = encodeDraft(draft);
  if (content.length - Math.ceil(draft.original.length / 3) * 4 > LIMITS.lineBytes) return 'too-large';
  const outcomes = new Set<'kept' | 'there'>();
  for (const { conversation, guestId, foundBy } of placements) {
    const guestKey = await keys.forWriting({ hotel, recordClass, period }, guestId);
    if (guestKey.state === 'shredded') return 'expired';
    const place = {
      keyId: guestKey.keyId,
      keyVersion: guestKey.version,
      hotel,
      conversationId: conversationIdOf(key, {
        source,
        hotel,
        conversation: JSON.stringify([conversation, guestId]),
      }),
      recordId,
      recordClass,
    };
    const sealed = sealWaiting(guestKey.key, place, content);
    if (sealed.length > LIMITS.waitingSealedBytes) return 'too-large';
    const outcome = await waiting.keep(
      {
        ...place,
        recordClass,
        guestId,
        source,
        period,
        receivedAt,
        bytes: content.length,
        sealed,
      },
      foundBy,
    );
    if (outcome === 'changed') return 'changed';
    outcomes.add(outcome);
  }
  return outcomes.has('kept') ? 'kept' : 'there';
}
