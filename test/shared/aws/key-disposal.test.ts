import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { custodyKeyRows } from '../../../shared/aws/custody-key-rows.ts';
import { custodyKeys } from '../../../shared/aws/custody-keys.ts';
import { holdKeys } from '../../../shared/aws/hold-keys.ts';
import { keyDisposal } from '../../../shared/aws/key-disposal.ts';
import type { Period } from '../../../shared/ports/keys.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

const period: Period = { hotel: 'SHA01', recordClass: 'ordinary', period: '2026-07' };

describe('destroying keys', () => {
  let aws: EmbeddedAwsOfTest;
  let kmsKey: string;
  let table: string;
  beforeAll(async () => {
    aws = await embeddedAwsOfTest();
    kmsKey = await aws.key();
  }, 300_000);
  afterAll(() => aws.stop());
  beforeEach(async () => {
    table = await aws.table();
    await keys().forWriting(period, 'gst_1');
  });

  const keys = () => custodyKeys(table, aws.dynamo, aws.kms, kmsKey, () => new Date());
  const disposal = () => keyDisposal(table, aws.dynamo, aws.kms, kmsKey);
  const holding = () => holdKeys(table, aws.dynamo, aws.kms, kmsKey);

  it('is refused for a key that was not disabled before', async () => {
    const notDisabled = expect.objectContaining({ name: 'KeyNotDisabledError' });
    await expect(disposal().shredPeriod(period)).rejects.toThrow(notDisabled);
    await expect(disposal().shredGuest(period, 'gst_1')).rejects.toThrow(notDisabled);
    expect(await keys().forReading(period, 'gst_1')).toMatchObject({ state: 'active' });
  });

  it('is refused, at the first step, for a key with a hold', async () => {
    await holding().add('hold_1', 'gst_1', 'SHA01');
    expect(await disposal().disablePeriod(period)).toBe('held');
    expect(await disposal().disableGuest(period, 'gst_1')).toBe('held');
    expect(await keys().forReading(period, 'gst_1')).toMatchObject({ state: 'active' });
  });

  it('takes a held key out of its period first: the same key, under its hold’s', async () => {
    const before = await keys().forReading(period, 'gst_1');
    await holding().add('hold_1', 'gst_1', 'SHA01');
    await disposal().moveToHold(period, 'gst_1');
    await disposal().moveToHold(period, 'gst_1');
    expect(await disposal().disablePeriod(period)).toBe('disabled');
    await disposal().shredPeriod(period);
    expect(await keys().forReading(period, 'gst_1')).toEqual(before);
  });

  it('counts a hold once however often it is put on or taken off, by however many at once', async () => {
    const ten = Array.from({ length: 10 });
    await Promise.all(ten.map(() => holding().add('hold_1', 'gst_1', 'SHA01')));
    expect(await disposal().guestKeys(period)).toMatchObject([{ holds: 1 }]);
    await holding().add('hold_2', 'gst_1', 'SHA01');
    await Promise.all(ten.map(() => holding().remove('hold_1', 'gst_1', 'SHA01')));
    expect(await disposal().guestKeys(period)).toMatchObject([{ holds: 1 }]);
    expect(await holding().holdsOn('gst_1', 'SHA01')).toEqual(['hold_2']);
  });

  it('may be repeated at each step', async () => {
    for (let time = 0; time < 2; time += 1) {
      expect(await disposal().disablePeriod(period)).toBe('disabled');
      await disposal().disableGuest(period, 'gst_1');
      await disposal().shredPeriod(period);
      await disposal().shredGuest(period, 'gst_1');
      await disposal().finish(period, 0);
    }
    expect(await keys().forReading(period, 'gst_1')).toEqual({ state: 'shredded' });
    expect(await keys().forWriting(period, 'gst_2')).toEqual({ state: 'shredded' });
  });

  it('lists the periods of a hotel as they stand', async () => {
    await keys().forWriting({ ...period, period: '2026-08' }, 'gst_1');
    await keys().forWriting({ ...period, hotel: 'HGH02' }, 'gst_1');
    expect(await disposal().periods('SHA01')).toEqual([
      { ...period, state: 'active', kept: 0 },
      { ...period, period: '2026-08', state: 'active', kept: 0 },
    ]);
  });

  it('counts no key as held that went while the hold was being placed', async () => {
    let rivals = 1;
    const rival: typeof aws.dynamo = new Proxy(aws.dynamo, {
      get(target, name) {
        if (name !== 'send') return Reflect.get(target, name);
        return async (command: TransactWriteCommand) => {
          if (command instanceof TransactWriteCommand && rivals > 0) {
            rivals -= 1;
            await target.send(
              new DeleteCommand({ TableName: table, Key: custodyKeyRows.guest(period, 'gst_1') }),
            );
          }
          return target.send(command);
        };
      },
    });
    const placed = await holdKeys(table, rival, aws.kms, kmsKey).add('hold_1', 'gst_1', 'SHA01');
    expect({ ...placed, rivals }).toMatchObject({ keys: 0, rivals: 0 });
  });
});
