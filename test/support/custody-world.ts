import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldDependencies } from '../../functions/hold/place-hold.ts';
import type { RetainDependencies } from '../../functions/retain/retain-dependencies.ts';
import { blockDisposal } from '../../shared/aws/block-disposal.ts';
import { blockWriter } from '../../shared/aws/block-writer.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { holdKeys } from '../../shared/aws/hold-keys.ts';
import { holdStore } from '../../shared/aws/hold-store.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { keyDisposal } from '../../shared/aws/key-disposal.ts';
import { recordsIndex, recordsKeys } from '../../shared/aws/records-index.ts';
import { deviceKey, stepUpStore } from '../../shared/aws/step-up-store.ts';
import { blindIndexOf } from '../../shared/crypto/blind-index.ts';
import { openRecords } from '../../shared/crypto/record-block.ts';
import { expiryPeriodOf } from '../../shared/domain/expiry-period.ts';
import { derivedId } from '../../shared/domain/identifiers.ts';
import type { Person } from '../../shared/domain/person.ts';
import { type Category, PLAIN_RECORD, recordClassOf, type StoredRecord } from '../../shared/domain/record.ts';
import { holdDigest } from '../../shared/domain/step-up.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { inMemoryObjectStore } from '../fakes/in-memory-object-store.ts';
import { inMemoryRuleSets } from '../fakes/in-memory-rule-sets.ts';
import { inMemorySigner } from '../fakes/in-memory-signer.ts';
import { inMemoryStreamStore } from '../fakes/in-memory-stream-store.ts';
import { mortalProcess } from '../fakes/killed-process.ts';
import { challengeFor, deviceOf, newKey, RULES, signed, statementFor } from '../fakes/signing-person.ts';
import type { EmbeddedAwsOfTest } from './embedded-aws-of-test.ts';

type Said = {
  guestId: string;
  at: string;
  texts: string[];
  category?: Category;
  hotel?: string;
  batch?: string;
  /** A medium of these records. */
  medium?: string;
};

/** Custody in tables of its own on an embedded AWS: records go in as ingest puts them, and are read as provision reads them. */
export async function custodyWorld(aws: EmbeddedAwsOfTest, kmsKey: string) {
  const [records, keysTable, cases, events, directory] = await Promise.all([
    aws.table(),
    aws.table(),
    aws.table(),
    aws.table(),
    aws.table(),
  ]);
  const { dynamo, kms } = aws;
  const region = regionConfig('cn-north-1');
  const [vault, evidence] = [inMemoryObjectStore(), inMemoryObjectStore()];
  const realTime = () => new Date();
  const time = { now: new Date('2026-08-02T00:00:00+08:00') };
  const custody = custodyLog(events, dynamo);
  const holds = holdStore(cases, dynamo, custody, directory);
  const stepUps = stepUpStore(directory, dynamo);
  const keyOfIndex = indexKey(keysTable, dynamo, kms, kmsKey, realTime);
  const noticed: string[] = [];
  let released = 0;
  const backup = { recoveryDays: region.keyTableRecoveryDays, copies: false };
  const signer = inMemorySigner();
  const index = recordsIndex(records, dynamo);

  async function put(Item: Record<string, unknown>): Promise<void> {
    await dynamo.send(new PutCommand({ TableName: records, Item }));
  }

  return {
    tables: { records, keys: keysTable, cases, events },
    vault,
    evidence,
    time,
    custody,
    holds,
    index,
    noticed,
    backup,
    signer,

    keys: () => custodyKeys(keysTable, dynamo, kms, kmsKey, realTime),

    /** What retain works with; with a process, it dies where the process says. */
    retain(process = mortalProcess()): RetainDependencies {
      return {
        region,
        clock: () => new Date(time.now),
        keys: process.watched(keyDisposal(keysTable, dynamo, kms, kmsKey)),
        holdKeys: process.watched(holdKeys(keysTable, dynamo, kms, kmsKey)),
        holds: process.watched(holds),
        blocks: process.watched(blockDisposal(records, keysTable, dynamo)),
        vault: process.watched(vault),
        evidence: process.watched(evidence),
        signer: process.watched(signer),
        backups: { ofKeyTable: async () => backup },
        custody: process.watched(custody),
        hasTime: () => true,
        broke: () => {},
        notice: ({ certificateId }) => noticed.push(certificateId),
      };
    },

    hold(process = mortalProcess()): HoldDependencies {
      return {
        region,
        ruleSets: inMemoryRuleSets(),
        indexKey: keyOfIndex,
        records: index,
        holds: process.watched(holds),
        holdKeys: process.watched(holdKeys(keysTable, dynamo, kms, kmsKey)),
        stepUps: { store: stepUps, evidence: process.watched(evidence), rules: RULES },
      };
    },

    /** The release of a hold, signed by a new device of this person, enrolled and confirmed. */
    async signedRelease(holdId: string, actor: Person, reason: string) {
      const hold = await holds.read(holdId);
      if (hold === null) return { reason };
      const act = {
        action: 'release',
        subject: holdId,
        digest: holdDigest(hold),
        role: null,
        reason,
        person: actor.personId,
        now: time.now,
      } as const;
      const key = newKey();
      const device = deviceOf(key, actor.personId);
      const Item = { ...deviceKey(device.person, device.credentialId), ...device };
      await dynamo.send(new PutCommand({ TableName: directory, Item }));
      released += 1;
      const challenge = challengeFor(act, released);
      await stepUps.issue(challenge);
      return { reason, stepUp: signed(key, statementFor(act, challenge)) };
    },

    /** One conversation of a guest goes into custody as one block. */
    async said({ guestId, at, texts, category = 'enquiry', hotel = 'SHA01', batch = 'bat_1', medium }: Said) {
      const zone = region.hotels.find(({ code }) => code === hotel)?.zone ?? 'UTC';
      const recordClass = recordClassOf(category);
      const first = new Date(at);
      const said = texts.map((text, position): StoredRecord => {
        const original = Buffer.from(JSON.stringify({ text }));
        return {
          recordId: derivedId('evt', guestId, at, String(position)).slice(4),
          platform: 'internal',
          category,
          at: new Date(first.getTime() + position * 60_000).toISOString(),
          from: { role: 'guest', id: null, name: null },
          text,
          ...PLAIN_RECORD,
          sourceType: 'text',
          line: position + 1,
          original,
        };
      });
      const anchor = `anchor of ${guestId}`;
      await put({ ...recordsKeys.identifier(anchor), guestId });
      await put(recordsKeys.identifierOfGuest(guestId, anchor));
      await put({ ...recordsKeys.batch(batch), state: batch === 'bat_1' ? 'committed' : 'ingesting' });
      const media =
        medium === undefined
          ? []
          : [
              {
                mediaId: derivedId('med', guestId, at),
                bytes: Buffer.byteLength(medium),
                read: async function* () {
                  yield Buffer.from(medium);
                },
              },
            ];
      const streams = inMemoryStreamStore(vault);
      return blockWriter({ records, keys: keysTable }, dynamo, vault, this.keys(), streams).write(
        {
          blockId: derivedId('blk', guestId, hotel, at, category),
          batchId: batch,
          guestId,
          foundBy: anchor,
          conversationId: `cnv_${guestId}`,
          hotel,
          platform: 'internal',
          recordClass,
          period: expiryPeriodOf(first, region.retention[recordClass], zone),
          records: said,
          staff: [],
          media,
        },
        zone,
      );
    },

    /** The guest is found by this WeCom id. */
    async known(guestId: string, wecom: string): Promise<void> {
      const blindIndex = blindIndexOf(
        await keyOfIndex.forIngest(),
        { kind: 'wecom', value: wecom },
        { hotel: 'SHA01', country: 'CN' },
      );
      if (blindIndex === null) throw new Error('That is no WeCom id');
      await put({ ...recordsKeys.identifier(blindIndex), guestId });
      await put(recordsKeys.identifierOfGuest(guestId, blindIndex));
    },

    /** The guests that this WeCom id leads to. */
    async found(wecom: string): Promise<string[]> {
      const place = { hotel: 'SHA01', country: 'CN' };
      const blindIndex = blindIndexOf(await keyOfIndex.forIngest(), { kind: 'wecom', value: wecom }, place);
      return index.guestsOf(blindIndex === null ? [] : [blindIndex]);
    },

    /** These guests turn out to be one person. */
    async linked(...guests: string[]): Promise<void> {
      for (const guestId of guests) {
        await put({ ...recordsKeys.person(guestId), members: new Set(guests), canonical: guests[0] });
      }
    },

    /** Every text of a guest that can still be found and read. */
    async readable(guestId: string): Promise<string[]> {
      const texts: string[] = [];
      for (const row of await index.blocksOf(guestId, new Date(0), new Date('2100-01-01'))) {
        const key = await this.keys().forReading(row, guestId);
        const sealed = await vault.get(row.objectKey);
        if (key.state === 'shredded' || sealed === null) continue;
        const place = { ...row, keyId: key.keyId, keyVersion: key.version };
        texts.push(
          ...openRecords({ key: key.key, place, index: row.index, sealed }).map((record) => record.text),
        );
      }
      return texts;
    },

    /** Keys and records as a backup has them, with the vault's objects as a copy has them. */
    async backedUp() {
      const tables = ['keys', 'records'] as const;
      const saved = await Promise.all(tables.map((table) => this.rows(table)));
      const objects = new Map(vault.objects);
      return {
        restore: async () => {
          for (const [position, table] of tables.entries()) {
            for (const Item of saved[position] ?? []) {
              await dynamo.send(new PutCommand({ TableName: this.tables[table], Item }));
            }
          }
          for (const [key, bytes] of objects) vault.objects.set(key, bytes);
        },
      };
    },

    /** Every row of a table. */
    async rows(table: 'records' | 'keys' | 'cases' | 'events'): Promise<Record<string, unknown>[]> {
      const { Items } = await dynamo.send(
        new ScanCommand({ TableName: this.tables[table], ConsistentRead: true }),
      );
      return Items ?? [];
    },
  };
}
export type CustodyWorld = Awaited<ReturnType<typeof custodyWorld>>;
