import { createHash } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type IngestOutcome, ingestBatch } from '../../../functions/ingest/ingest-batch.ts';
import { batchTable } from '../../../shared/aws/batches.ts';
import { blockMerge } from '../../../shared/aws/block-merge.ts';
import { blockWriter } from '../../../shared/aws/block-writer.ts';
import { consentStore } from '../../../shared/aws/consent-store.ts';
import { custodyKeyRows } from '../../../shared/aws/custody-key-rows.ts';
import { custodyKeys } from '../../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { identifierIndex } from '../../../shared/aws/identifier-index.ts';
import { inboxBucket } from '../../../shared/aws/inbox.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { mediaWriter } from '../../../shared/aws/media-writer.ts';
import { objectStore } from '../../../shared/aws/object-store.ts';
import { recordsIndex } from '../../../shared/aws/records-index.ts';
import { streamStore } from '../../../shared/aws/stream-store.ts';
import { searchIndexesOf } from '../../../shared/crypto/blind-index.ts';
import { openMedium } from '../../../shared/crypto/medium.ts';
import { openRecords } from '../../../shared/crypto/record-block.ts';
import { readQuarantine } from '../../../shared/custody-in/read-quarantine.ts';
import { type Batch, companionKey, inboxKey, newBatch } from '../../../shared/domain/batch.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { newId } from '../../../shared/domain/identifiers.ts';
import { mediumObject } from '../../../shared/domain/medium-object.ts';
import type { Person } from '../../../shared/domain/person.ts';
import type { Identifier, StoredRecord } from '../../../shared/domain/record.ts';
import type { Period } from '../../../shared/ports/keys.ts';
import type { BlockRow } from '../../../shared/ports/records-index.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { type CompanionMedium, encodeCompanionHead } from '../../../shared/sources/companion.ts';
import type { ImportProfile } from '../../../shared/sources/import-profile.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import type { Death } from '../../fakes/killed-process.ts';

export const GUEST = 'wmDkYaGAAAp3Rt7nQx0ZsVb2Lh9MeWcA';
export const OTHER_GUEST = 'woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA';

const place = { hotel: 'SHA01', country: 'CN' };
const AGES = { from: new Date(0), to: new Date('9999-01-01T00:00:00Z') };

export type Run = {
  death?: Death;
  fails?: (operation: string, body: string) => boolean;
  remaining?: () => number;
};

/** A hotel's custody in memory: what was uploaded, ingested by processes that may die, and read back by decrypting it. */
export function ingestWorld(ownNames: string[] = []) {
  const aws = inMemoryAws();
  const configured = regionConfig('cn-north-1');
  const hotels = configured.hotels.map((hotel) => ({
    ...hotel,
    ownNames: [...(hotel.ownNames ?? []), ...ownNames],
  }));
  const region = { ...configured, hotels };
  const people: Person[] = [];
  const continued: string[] = [];
  const moved: Batch[] = [];
  let now = new Date('2026-06-01T00:00:00.000Z');

  function adapters({ death, fails }: Run = {}) {
    const own = aws.aProcess(death, fails);
    const { dynamo, s3, kms } = own;
    const custody = custodyLog('events', dynamo);
    const vault = objectStore('vault', s3);
    const keys = custodyKeys('keys', dynamo, kms, 'custody-key', () => now);
    const streams = streamStore('vault', s3);
    return {
      process: own,
      custody,
      consents: consentStore('cases', dynamo, custody),
      keys,
      vault,
      streams,
      evidence: objectStore('evidence', s3),
      inbox: inboxBucket('inbox', s3),
      batches: batchTable('records', dynamo, custody),
      identifiers: identifierIndex('records', dynamo, custody),
      records: recordsIndex('records', dynamo),
      blocks: blockWriter({ records: 'records', keys: 'keys' }, dynamo, vault, keys, streams),
      indexKey: indexKey('keys', dynamo, kms, 'index-key', () => now),
    };
  }

  const reader = adapters();
  let unstorable: string | null = null;

  return {
    aws,
    people,
    /** Batches that asked for another invocation, in order. */
    continued,
    moved,
    reader,
    batch: async (batchId: string): Promise<Batch> => {
      const batch = await reader.batches.read(batchId);
      if (batch === null) throw new Error('There is no such batch');
      return batch;
    },
    /** From now on no block with these words can be written. */
    breakOn(words: string) {
      unstorable = words;
    },
    /** What merging does first: objects go that exchanges of blocks left when their processes died. */
    async settleSwaps(): Promise<void> {
      const { dynamo } = reader.process;
      const swaps = blockMerge({ records: 'records', keys: 'keys' }, dynamo, reader.vault, reader.custody);
      await swaps.settleLeftovers('SHA01', now);
    },
    pass(minutes: number) {
      now = new Date(now.getTime() + minutes * 60_000);
    },

    /** An upload that is complete and waits to be ingested. */
    async upload(content: string | Uint8Array, changes: Partial<Batch> = {}): Promise<string> {
      const batchId = newId('bat', now);
      const bytes = Buffer.from(content);
      const objectKey = inboxKey('SHA01', changes.source ?? 'wecom', batchId);
      await reader.batches.create({
        ...newBatch({
          batchId,
          hotel: 'SHA01',
          source: 'wecom',
          category: 'enquiry',
          timezone: null,
          bytes: bytes.length,
          announcedDigest: createHash('sha256').update(bytes).digest('hex'),
          parts: 1,
          uploadId: 'upload',
          objectKey,
          by: 'p_it',
          createdAt: now.toISOString(),
        }),
        ...changes,
      });
      aws.buckets.objects.set(`inbox/${objectKey}`, bytes);
      return batchId;
    },

    /** An upload with something beside it. */
    async uploadWith(
      beside: { profile?: ImportProfile; media?: Record<string, Uint8Array> },
      content: string | Uint8Array,
      changes: Partial<Batch> = {},
    ): Promise<string> {
      const media: CompanionMedium[] = [];
      let offset = 0;
      for (const [name, bytes] of Object.entries(beside.media ?? {})) {
        const digest = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
        media.push({ name, bytes: bytes.length, md5: digest('md5'), sha256: digest('sha256'), offset });
        offset += bytes.length;
      }
      const head = encodeCompanionHead({ profile: beside.profile ?? null, media });
      const bytes = Buffer.concat([head, ...Object.values(beside.media ?? {})]);
      const announcedDigest = createHash('sha256').update(head).digest('hex');
      const companion = { bytes: bytes.length, announcedDigest, parts: 1, uploadId: 'beside' };
      const batchId = await this.upload(content, { companion, ...changes });
      const { objectKey } = await this.batch(batchId);
      aws.buckets.objects.set(`inbox/${companionKey({ objectKey })}`, bytes);
      return batchId;
    },

    /** One invocation of ingest, in a process of its own. Throws what it throws. */
    async run(batchId: string, run: Run = {}) {
      const parts = adapters(run);
      let outcome: IngestOutcome | null = null;
      let error: unknown = null;
      try {
        outcome = await ingestBatch(batchId, {
          ...parts,
          supply: {
            ...{ keys: parts.keys, vault: parts.vault, batches: parts.batches },
            media: mediaWriter(parts.streams),
            merge: blockMerge(
              { records: 'records', keys: 'keys' },
              parts.process.dynamo,
              parts.vault,
              parts.custody,
            ),
          },
          blocks: {
            async write(plan, zone) {
              const words = unstorable;
              if (words !== null && plan.records.some(({ text }) => text.includes(words))) {
                throw new Error('A block could not be written');
              }
              return parts.blocks.write(plan, zone);
            },
          },
          region,
          quarantined: (id) => readQuarantine(id, parts),
          directory: { withAccounts: async () => people },
          clock: () => new Date(now),
          remaining: run.remaining ?? (() => 900_000),
          continueLater: async (id) => {
            if (parts.process.died()) throw new Error('A dead process invokes nothing');
            continued.push(id);
          },
          progress: (batch) => moved.push(batch),
        });
      } catch (thrown) {
        error = thrown;
      }
      return { outcome, error, process: parts.process };
    },

    /** Guest ids that an identifier leads to. */
    async guestsOf(identifier: Identifier): Promise<string[]> {
      const key = await reader.indexKey.forSearch();
      return key === null ? [] : reader.records.guestsOf(searchIndexesOf(key, identifier, place));
    },

    /** Every record of these guests, decrypted and checked against its row, in time order. */
    async recordsOf(guestIds: string[]): Promise<StoredRecord[]> {
      const found: StoredRecord[] = [];
      for (const guestId of guestIds) {
        for (const row of await reader.records.blocksOf(guestId, AGES.from, AGES.to)) {
          found.push(...(await this.opened(row)));
        }
      }
      return found.sort((a, b) => (a.at < b.at ? -1 : 1));
    },

    async recordsFor(identifier: Identifier): Promise<StoredRecord[]> {
      return this.recordsOf(await this.guestsOf(identifier));
    },

    async opened(row: BlockRow): Promise<StoredRecord[]> {
      const sealed = await reader.vault.get(row.objectKey);
      const key = await reader.keys.forReading(row, row.guestId);
      if (sealed === null || key.state !== 'active') throw new Error('The block can’t be read');
      if (sha256(sealed) !== row.objectDigest)
        throw new Error('The object is not the one that its row names');
      const { hotel, conversationId, blockId, recordClass } = row;
      return openRecords({
        key: key.key,
        place: { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass },
        index: row.index,
        sealed,
      });
    },

    /** An attachment's medium, decrypted with the key of the guest whose record it is. */
    async medium(row: BlockRow, mediaId: string): Promise<Buffer> {
      const sealed = await reader.streams.read(mediumObject(row, mediaId));
      const key = await reader.keys.forReading(row, row.guestId);
      if (sealed === null || key.state !== 'active') throw new Error('The medium can’t be read');
      const { hotel, conversationId, recordClass } = row;
      const at = { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, recordClass, mediaId };
      const parts: Uint8Array[] = [];
      for await (const part of openMedium({ key: key.key, place: at, sealed })) parts.push(part);
      return Buffer.concat(parts);
    },

    /** What retention does first: the period's key is no longer given out. */
    async beginDeletion(period: Period): Promise<void> {
      await reader.process.dynamo.send(
        new UpdateCommand({
          TableName: 'keys',
          Key: custodyKeyRows.period(period),
          UpdateExpression: 'SET #state = :deleting',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':deleting': 'deleting' },
        }),
      );
      // The caches of keys are over.
      now = new Date(now.getTime() + 6 * 60_000);
    },

    /** What erasing every guest does to the rows by which they are found. */
    forgetIdentifiers(): void {
      aws.tables.drop('records', (pk) => pk.startsWith('ID#'));
    },

    /** Rows of the records table by the beginning of their keys, as `pk sk`. */
    rows(prefix: string): string[] {
      return aws.tables
        .rows('records')
        .map((row) => `${String(row['pk']?.['S'])} ${String(row['sk']?.['S'])}`)
        .filter((name) => name.startsWith(prefix))
        .sort();
    },
  };
}
export type IngestWorld = ReturnType<typeof ingestWorld>;

/** One archived message as a line. */
export function message(id: string, changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    msgid: id,
    action: 'send',
    from: GUEST,
    tolist: ['frontdesk01'],
    roomid: '',
    msgtime: Date.UTC(2026, 4, 1, 2) + Number.parseInt(id.replaceAll(/\D/g, '') || '0', 10) * 1000,
    msgtype: 'text',
    text: { content: `第${id}句: 请问几点可以入住?` },
    ...changes,
  });
}
