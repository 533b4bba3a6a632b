import { createHmac, hash, randomUUID } from 'node:crypto';
import type { Gathered } from '../../../functions/gather/gather-push.ts';
import { type GatherAnswer, type RunDependencies, runGather } from '../../../functions/gather/run-gather.ts';
import type { PushCall } from '../../../functions/push/push-call.ts';
import { type PushAnswer, receivePush } from '../../../functions/push/receive-push.ts';
import { batchTable } from '../../../shared/aws/batches.ts';
import { blockWriter } from '../../../shared/aws/block-writer.ts';
import { channelSecrets } from '../../../shared/aws/channel-secrets.ts';
import { channelTable } from '../../../shared/aws/channel-table.ts';
import { consentStore } from '../../../shared/aws/consent-store.ts';
import { custodyKeys } from '../../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { gatheredBatches } from '../../../shared/aws/gathered-batches.ts';
import { identifierIndex } from '../../../shared/aws/identifier-index.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { objectStore } from '../../../shared/aws/object-store.ts';
import { pushKeys } from '../../../shared/aws/push-keys.ts';
import { pushRefusals } from '../../../shared/aws/push-refusals.ts';
import { recordsIndex } from '../../../shared/aws/records-index.ts';
import { streamStore } from '../../../shared/aws/stream-store.ts';
import { unreadPushes } from '../../../shared/aws/unread-pushes.ts';
import { waitingMessages } from '../../../shared/aws/waiting-messages.ts';
import { blindIndexOf } from '../../../shared/crypto/blind-index.ts';
import { openRecords } from '../../../shared/crypto/record-block.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { type ChannelSecrets, channelSubject } from '../../../shared/domain/channel.ts';
import type { Identifier, StoredRecord } from '../../../shared/domain/record.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import type { Death } from '../../fakes/killed-process.ts';

export const WHATSAPP_SECRET = 'the app secret of the hotel';
export const WEIBO_SECRET = 'the app secret of the hotel at Weibo';
const ACCOUNT = '106540352242922';
const AGES = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };

export type Run = { death?: Death; transactionLasts?: () => Promise<unknown> };

/** A hotel to which platforms push, in memory: what is pushed waits in a queue, is gathered by processes that may die, sealed, and read back by decrypting it. */
export function gatherWorld({
  transactionLasts,
  ownNames = [],
}: {
  transactionLasts?: () => Promise<unknown>;
  /** The hotel's own accounts. */
  ownNames?: string[];
} = {}) {
  const aws = inMemoryAws(transactionLasts);
  const configured = regionConfig('cn-north-1');
  const region = { ...configured, hotels: configured.hotels.map((hotel) => ({ ...hotel, ownNames })) };
  const gathered: (Gathered | 'failed')[] = [];
  const queue: { messageId: string; body: string }[] = [];
  const continued: string[] = [];
  const moved: Batch[] = [];
  const refused: string[] = [];
  const broke: unknown[] = [];
  let now = new Date('2026-06-01T00:00:00.000Z');

  function adapters(death?: Death, fails?: Parameters<typeof aws.aProcess>[1]) {
    const own = aws.aProcess(death, fails);
    const { dynamo, s3, kms } = own;
    const custody = custodyLog('events', dynamo);
    const vault = objectStore('vault', s3);
    const clock = () => new Date(now);
    const keys = custodyKeys('keys', dynamo, kms, 'custody-key', clock);
    const tables = { records: 'records', keys: 'keys' };
    return {
      process: own,
      custody,
      clock,
      keys,
      vault,
      evidence: objectStore('evidence', s3),
      consents: consentStore('cases', dynamo, custody),
      channels: channelTable('directory', dynamo, custody),
      secrets: channelSecrets(kms, 'channel-key', clock),
      pushKeys: pushKeys(kms, 'channel-key', clock),
      refusals: pushRefusals('records', dynamo, custody),
      batches: batchTable('records', dynamo, custody),
      gathered: gatheredBatches('records', dynamo, custody),
      waiting: waitingMessages(tables, dynamo),
      unread: unreadPushes('records', dynamo),
      identifiers: identifierIndex('records', dynamo, custody),
      records: recordsIndex('records', dynamo),
      blocks: blockWriter(tables, dynamo, vault, keys, streamStore('vault', s3)),
      indexKey: indexKey('keys', dynamo, kms, 'index-key', clock),
    };
  }
  type Parts = ReturnType<typeof adapters>;

  const reader = adapters();

  function gatherOf(parts: Parts) {
    return {
      ...parts,
      region,
      directory: { withAccounts: async () => [] },
      hasTime: () => true,
      async continueLater(id: string) {
        if (parts.process.died()) throw new Error('A dead process invokes nothing');
        continued.push(id);
      },
      progress: (batch: Batch) => moved.push(batch),
      gatheredPush: (one: Gathered | 'failed') => gathered.push(one),
      broke: (error: unknown) => broke.push(error),
    };
  }

  return {
    aws,
    reader,
    queue,
    continued,
    moved,
    refused,
    broke,
    /** What each push came to. */
    gathered,
    pass(minutes: number) {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    now: () => new Date(now),

    /** What retention or an administrator does with a process of their own. */
    process: adapters,

    async channel(own: ChannelSecrets, account = ACCOUNT): Promise<void> {
      const sealed = await reader.secrets.seal(own, account);
      const at = now.toISOString();
      await reader.channels.add(
        {
          channel: own.channel,
          account,
          hotel: 'SHA01',
          category: 'enquiry',
          timezone: null,
          addedAt: at,
          versions: [{ version: 1, addedAt: at, ...sealed }],
          revision: 1,
        },
        { at: now, actor: 'p_it', data: {} },
      );
    },

    /** A call of a platform, taken by a process of its own or by one that is given. */
    async push(
      channel: string,
      call: Partial<PushCall>,
      { account = ACCOUNT, parts = reader }: { account?: string; parts?: Parts } = {},
    ): Promise<PushAnswer> {
      return receivePush(
        { channel, account },
        { method: 'POST', query: {}, headers: {}, body: new Uint8Array(), ...call },
        {
          ...parts,
          keys: parts.pushKeys,
          queue: {
            async send(body) {
              queue.push({ messageId: randomUUID(), body });
            },
          },
          refused: (reason) => refused.push(reason),
        },
      );
    },

    /** A signed WhatsApp message of a guest. */
    async whatsapp(guest: string, id: string, text: string, parts?: Parts): Promise<PushAnswer> {
      const body = Buffer.from(whatsappMessage(guest, id, text, now));
      return this.push('whatsapp', signedWhatsapp(body), parts === undefined ? {} : { parts });
    },

    /** A picture of which the platform gives an id and a digest. */
    async whatsappPicture(guest: string, id: string): Promise<PushAnswer> {
      const image = { id: `media-${id}`, mime_type: 'image/jpeg', sha256: '0'.repeat(64) };
      const body = whatsappMessage(guest, id, '', now, { type: 'image', image });
      return this.push('whatsapp', signedWhatsapp(Buffer.from(body)), {});
    },

    /** One delivery of everything in the queue; what fails stays there. */
    deliver(death?: Death) {
      return this.deliverBy(adapters(death));
    },

    async deliverBy(parts: Parts) {
      const pushes = queue.splice(0);
      try {
        const answer = await runGather({ kind: 'pushes', pushes }, gatherOf(parts));
        const failed = 'batchItemFailures' in answer ? answer.batchItemFailures : [];
        const ids = new Set(failed.map(({ itemIdentifier }) => itemIdentifier));
        queue.push(...pushes.filter(({ messageId }) => ids.has(messageId)));
      } catch {
        queue.push(...pushes);
      }
      return parts.process;
    },

    /** One run by the clock, or for guests, or for what was unread. */
    async run(
      input: { kind: 'due' } | { kind: 'guests'; guests: string[] } | { kind: 'read-again'; hotel?: string },
      death?: Death,
      {
        fails,
        ...changes
      }: Partial<Pick<RunDependencies, 'importer' | 'hasTime'>> & {
        fails?: Parameters<typeof aws.aProcess>[1];
      } = {},
    ): Promise<{ answer: GatherAnswer | null; error: unknown; process: Parts['process'] }> {
      const parts = adapters(death, fails);
      try {
        const dependencies = { ...gatherOf(parts), ...changes };
        const answer = await runGather(
          input.kind === 'due'
            ? { ...input, asOf: undefined }
            : input.kind === 'read-again'
              ? { ...input, hotel: input.hotel }
              : input,
          dependencies,
        );
        return { answer, error: null, process: parts.process };
      } catch (error) {
        return { answer: null, error, process: parts.process };
      }
    },

    async guestsOf(identifier: Identifier): Promise<string[]> {
      const key = await reader.indexKey.forSearch();
      const index = key === null ? null : blindIndexOf(key, identifier, { hotel: 'SHA01', country: 'CN' });
      return index === null ? [] : reader.records.guestsOf([index]);
    },

    /** Every batch that there ever was, oldest first. */
    async batches(): Promise<Batch[]> {
      const ids = this.rows('BATCH#').map((name) => /^BATCH#(\S+)/.exec(name)?.[1] ?? '');
      const found = await Promise.all([...new Set(ids)].map((id) => reader.batches.read(id)));
      return found.flatMap((batch) => batch ?? []).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },

    /** Rows of blocks, committed or not. */
    async blocks(): Promise<BlockRow[]> {
      const guests = new Set(
        aws.tables
          .rows('records')
          .filter((row) => String(row['sk']?.['S']).startsWith('AT#'))
          .map((row) => String(row['pk']?.['S']).slice('GUEST#'.length)),
      );
      const rows = await Promise.all(
        [...guests].map((guest) => reader.records.allBlocksOf(guest, AGES.from, AGES.to)),
      );
      return rows.flat();
    },

    /** Every visible record, decrypted. */
    async records(): Promise<StoredRecord[]> {
      const rows = await reader.records.visible(await this.blocks());
      const opened = await Promise.all(rows.map((row) => this.opened(row)));
      return opened.flat().sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    },

    async opened(row: BlockRow): Promise<StoredRecord[]> {
      const sealed = await reader.vault.get(row.objectKey);
      const key = await reader.keys.forReading(row, row.guestId);
      if (sealed === null || key.state !== 'active') throw new Error('The block can’t be read');
      const { hotel, conversationId, blockId, recordClass } = row;
      return openRecords({
        key: key.key,
        place: { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass },
        index: row.index,
        sealed,
      });
    },

    events: (channel: ChannelSecrets['channel'], account = ACCOUNT) =>
      reader.custody.events(channelSubject({ channel, account })),

    rows(prefix: string): string[] {
      return aws.tables
        .rows('records')
        .map((row) => `${String(row['pk']?.['S'])} ${String(row['sk']?.['S'])}`)
        .filter((name) => name.startsWith(prefix))
        .sort();
    },
  };
}
export type GatherWorld = ReturnType<typeof gatherWorld>;

export function whatsappMessage(
  guest: string,
  id: string,
  text: string,
  at: Date,
  content: object = { type: 'text', text: { body: text } },
): string {
  const message = { from: guest, id, timestamp: String(Math.floor(at.getTime() / 1000)), ...content };
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '862155550100', phone_number_id: ACCOUNT },
    contacts: [{ wa_id: guest, profile: { name: 'Guest' } }],
    messages: [message],
  };
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
}

export function signedWhatsapp(body: Uint8Array, secret = WHATSAPP_SECRET): Partial<PushCall> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'x-hub-signature-256': `sha256=${signature}` } };
}

export function signedWeibo(body: Uint8Array, at: Date): Partial<PushCall> {
  const [timestamp, nonce] = [String(at.getTime()), 'n'];
  const signature = hash('sha1', [WEIBO_SECRET, timestamp, nonce].sort().join(''));
  return { body, query: { signature, timestamp, nonce } };
}
