import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { custodyKeyRows } from '../../../shared/aws/custody-key-rows.ts';
import { activeGuestKeyCheck, custodyKeys } from '../../../shared/aws/custody-keys.ts';
import { indexKey } from '../../../shared/aws/index-key.ts';
import { requestKeys } from '../../../shared/aws/request-keys.ts';
import { transact } from '../../../shared/aws/transact.ts';
import type { Period } from '../../../shared/ports/keys.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

const period: Period = { hotel: 'SHA01', recordClass: 'ordinary', period: '2026-11' };
const nextPeriod: Period = { ...period, period: '2026-12' };

describe('keys in the keys table', () => {
  let aws: EmbeddedAwsOfTest;
  let kmsKey: string;
  let table: string;
  let now: Date;
  let kmsCalls: string[];
  const clock = () => new Date(now);

  beforeAll(async () => {
    aws = await embeddedAwsOfTest();
    kmsKey = await aws.key();
    aws.kms.middlewareStack.add(
      (next, context) => (args) => {
        kmsCalls.push(context.commandName ?? '');
        return next(args);
      },
      { step: 'initialize' },
    );
  }, 300_000);
  afterAll(() => aws.stop());
  beforeEach(async () => {
    table = await aws.table();
    now = new Date('2026-05-01T00:00:00Z');
    kmsCalls = [];
  });

  const aProcess = () => custodyKeys(table, aws.dynamo, aws.kms, kmsKey, clock);

  async function rowOf(key: { pk: string; sk: string }) {
    const { Item } = await aws.dynamo.send(
      new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
    );
    return Item;
  }

  function setState(key: { pk: string; sk: string }, state: string) {
    return aws.dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: 'SET #state = :state',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':state': state },
      }),
    );
  }

  describe('of custody', () => {
    it('give a guest the same key in a period, and another in every other period and to every other guest', async () => {
      const first = await aProcess().forWriting(period, 'gst_1');
      expect(first).toMatchObject({
        state: 'active',
        version: 1,
        keyId: expect.stringMatching(/^gk_[0-9a-f]{32}$/),
      });
      const again = [
        await aProcess().forWriting(period, 'gst_1'),
        await aProcess().forReading(period, 'gst_1'),
      ];
      expect(again).toEqual([first, first]);
      const others = [
        await aProcess().forWriting(period, 'gst_2'),
        await aProcess().forWriting(nextPeriod, 'gst_1'),
      ];
      for (const other of others) expect(other).not.toMatchObject({ keyId: Reflect.get(first, 'keyId') });
    });

    it('cost KMS one call for each period, however many guests and messages there are', async () => {
      const keys = aProcess();
      for (let guest = 0; guest < 20; guest += 1) {
        await keys.forWriting(period, `gst_${guest}`);
        await keys.forWriting(nextPeriod, `gst_${guest}`);
        await keys.forReading(period, `gst_${guest}`);
      }
      expect(kmsCalls).toEqual(['GenerateDataKeyCommand', 'GenerateDataKeyCommand']);
    });

    it('keep a period key for less than five minutes, by the clock at each use', async () => {
      const keys = aProcess();
      await keys.forWriting(period, 'gst_1');
      now = new Date('2026-05-01T00:04:59.999Z');
      await keys.forReading(period, 'gst_1');
      expect(kmsCalls).toHaveLength(1);
      now = new Date('2026-05-01T00:05:00Z');
      await keys.forReading(period, 'gst_1');
      expect(kmsCalls).toEqual(['GenerateDataKeyCommand', 'DecryptCommand']);
      // A clock that went back says nothing about the age.
      now = new Date('2026-04-30T00:00:00Z');
      await keys.forReading(period, 'gst_1');
      expect(kmsCalls).toHaveLength(3);
    });

    it('are one key where many processes make it at once', async () => {
      const made = await Promise.all(Array.from({ length: 8 }, () => aProcess().forWriting(period, 'gst_1')));
      expect(new Set(made.map((key) => JSON.stringify(key))).size).toBe(1);
    });

    it('are made for many guests at once without one being lost', async () => {
      const made = await Promise.all(
        Array.from({ length: 12 }, (_, guest) => aProcess().forWriting(period, `gst_${guest}`)),
      );
      for (const [guest, key] of made.entries()) {
        expect(await aProcess().forReading(period, `gst_${guest}`)).toEqual(key);
      }
    });

    it('give nothing for a guest or period that never was', async () => {
      expect(await aProcess().forReading(period, 'gst_1')).toEqual({ state: 'shredded' });
    });

    it('give nothing, to readers or writers, once a guest’s key is being deleted, though the period’s is cached', async () => {
      const keys = aProcess();
      await keys.forWriting(period, 'gst_1');
      await setState(custodyKeyRows.guest(period, 'gst_1'), 'deleting');
      expect(await keys.forReading(period, 'gst_1')).toEqual({ state: 'shredded' });
      expect(await keys.forWriting(period, 'gst_1')).toEqual({ state: 'shredded' });
    });

    it.each(['deleting', 'shredded'])('make no new guest key in a period that is %s', async (state) => {
      const keys = aProcess();
      await keys.forWriting(period, 'gst_1');
      await setState(custodyKeyRows.period(period), state);
      expect(await keys.forWriting(period, 'gst_2')).toEqual({ state: 'shredded' });
      expect(await aProcess().forWriting(period, 'gst_3')).toEqual({ state: 'shredded' });
      expect(await rowOf(custodyKeyRows.guest(period, 'gst_2'))).toBeUndefined();
    });

    it('start with the holds that are on the guest at that hotel, counted in the period too', async () => {
      await aws.dynamo.send(
        new PutCommand({
          TableName: table,
          Item: {
            ...custodyKeyRows.holdsOfGuest('gst_1', 'SHA01'),
            holds: new Set(['hold_a', 'hold_b']),
            version: 3,
          },
        }),
      );
      await aProcess().forWriting(period, 'gst_1');
      await aProcess().forWriting(period, 'gst_2');
      await aProcess().forWriting({ ...period, hotel: 'HGH02' }, 'gst_1');
      expect(await rowOf(custodyKeyRows.guest(period, 'gst_1'))).toMatchObject({
        holds: 2,
        heldBy: new Set(['hold_a', 'hold_b']),
      });
      expect(await rowOf(custodyKeyRows.guest(period, 'gst_2'))).toMatchObject({ holds: 0 });
      expect(await rowOf(custodyKeyRows.period(period))).toMatchObject({ holds: 2 });
      expect(await rowOf(custodyKeyRows.guest({ ...period, hotel: 'HGH02' }, 'gst_1'))).toMatchObject({
        holds: 0,
      });
    });

    it('lie in the table wrapped only', async () => {
      const key = await aProcess().forWriting(period, 'gst_1');
      const rows = [
        await rowOf(custodyKeyRows.guest(period, 'gst_1')),
        await rowOf(custodyKeyRows.period(period)),
      ];
      const bytes = key.state === 'active' ? Buffer.from(key.key) : Buffer.alloc(0);
      for (const row of rows) {
        expect(row?.['wrapped']).toBeInstanceOf(Uint8Array);
        expect(Buffer.from(row?.['wrapped']).includes(bytes)).toBe(false);
      }
    });

    it('refuse a guest key’s row that was copied to another guest', async () => {
      await aProcess().forWriting(period, 'gst_1');
      const row = await rowOf(custodyKeyRows.guest(period, 'gst_1'));
      await aws.dynamo.send(
        new PutCommand({
          TableName: table,
          Item: { ...row, ...custodyKeyRows.guest(period, 'gst_2'), guestId: 'gst_2' },
        }),
      );
      await expect(aProcess().forReading(period, 'gst_2')).rejects.toThrow(
        expect.objectContaining({ name: 'TamperedError' }),
      );
    });

    it('are bound by KMS to hotel, class and period', async () => {
      await aProcess().forWriting(period, 'gst_1');
      const row = await rowOf(custodyKeyRows.period(period));
      await aws.dynamo.send(
        new PutCommand({ TableName: table, Item: { ...row, ...custodyKeyRows.period(nextPeriod) } }),
      );
      await expect(aProcess().forWriting(nextPeriod, 'gst_1')).rejects.toThrow(
        expect.objectContaining({ name: 'InvalidCiphertextException' }),
      );
    });

    it('let a block be committed only while its guest’s key is the active one that sealed it', async () => {
      const key = await aProcess().forWriting(period, 'gst_1');
      const keyId = key.state === 'active' ? key.keyId : '';
      const commit = (sealedUnder: string) =>
        transact(aws.dynamo, [activeGuestKeyCheck(table, period, 'gst_1', sealedUnder)]);
      expect(await commit(keyId)).toBe('done');
      expect(await commit('gk_of_another_time')).not.toBe('done');
      await setState(custodyKeyRows.guest(period, 'gst_1'), 'deleting');
      expect(await commit(keyId)).not.toBe('done');
    });
  });

  describe('of the index', () => {
    const anIndexKey = () => indexKey(table, aws.dynamo, aws.kms, kmsKey, clock);

    it('are one key, made on first use by whoever ingests first', async () => {
      expect(await anIndexKey().forSearch()).toBeNull();
      const made = await Promise.all(Array.from({ length: 6 }, () => anIndexKey().forIngest()));
      expect(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
      expect(await anIndexKey().forSearch()).toEqual(made[0]);
    });

    it('cost a process one KMS call in five minutes', async () => {
      await anIndexKey().forIngest();
      kmsCalls = [];
      const key = anIndexKey();
      for (let use = 0; use < 5; use += 1) await key.forIngest();
      expect(kmsCalls).toEqual(['DecryptCommand']);
    });
  });

  describe('of a request', () => {
    const keys = () => requestKeys(table, aws.dynamo, aws.kms, kmsKey);

    it('are made once for each kind, and read until they are shredded', async () => {
      expect(await keys().read('evidence', 'req_1')).toBeNull();
      const [evidence, again] = await Promise.all([
        keys().create('evidence', 'req_1'),
        keys().create('evidence', 'req_1'),
      ]);
      expect(again).toEqual(evidence);
      expect(await keys().create('grant', 'req_1')).not.toEqual(evidence);
      await keys().shred('grant', 'req_1');
      expect(await keys().read('grant', 'req_1')).toBeNull();
      expect(await keys().read('evidence', 'req_1')).toEqual(evidence);
      await keys().shred('grant', 'req_1');
    });

    it('are never made again once shredded, not even where shredding came first', async () => {
      await keys().shred('grant', 'req_2');
      await expect(keys().create('grant', 'req_2')).rejects.toThrow(
        expect.objectContaining({ name: 'RequestKeyShreddedError' }),
      );
    });
  });
});
