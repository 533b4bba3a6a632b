import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { deviceKey, stepUpItems, stepUpStore } from '../../../shared/aws/step-up-store.ts';
import { ROW_CHANGED, type TransactOutcome, transact } from '../../../shared/aws/transact.ts';
import type { Device, StepUpUse } from '../../../shared/domain/step-up.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { challengeFor, deviceOf, newKey } from '../../fakes/signing-person.ts';
import { NOON, officer } from '../policy/staff.ts';

const KEY = newKey();
const DEVICE = deviceOf(KEY, officer.personId);
/** The items of the transaction, in their order. */
const [NONCE, ENROLLED, COUNTER] = [0, 1, 2];

/** The directory table with the officer's device and as many nonces as are used here. */
async function world(device: Partial<Device> | null = {}) {
  const { dynamo } = inMemoryAws().aProcess();
  const store = stepUpStore('directory', dynamo);
  const nonces: string[] = [];
  for (const number of [1, 2, 3]) {
    const challenge = challengeFor(
      { action: 'approve', subject: 'req_1', person: officer.personId, now: NOON },
      number,
    );
    await store.issue(challenge);
    nonces.push(challenge.nonce);
  }
  if (device !== null) {
    const Item = { ...deviceKey(officer.personId, KEY.credentialId), ...DEVICE, ...device };
    await dynamo.send(new PutCommand({ TableName: 'directory', Item }));
  }
  /** What one act writes of its step-up, alone. */
  function use(number: number, after: number, changes: Partial<StepUpUse> = {}): Promise<TransactOutcome> {
    const items = stepUpItems('directory', {
      person: officer.personId,
      nonce: nonces[number] ?? '',
      credentialId: KEY.credentialId,
      counter: { before: 0, after },
      at: NOON,
      ...changes,
    });
    return transact(dynamo, items);
  }
  return {
    use,
    known: (number: number) => store.known(officer.personId, nonces[number] ?? '', KEY.credentialId),
  };
}
const refused = (...items: number[]) => ({ [ROW_CHANGED]: items });

describe('the transaction of what a step-up serves', () => {
  it('uses a nonce up once: the second fails, though it was checked before the first was written', async () => {
    const { use, known } = await world();
    expect(await use(0, 1)).toBe('done');
    expect((await known(0)).challenge?.usedAt).toBe(NOON.toISOString());
    expect(await use(0, 2)).toEqual(refused(NONCE));
    expect((await known(0)).device?.counter).toBe(1);
  });

  it('of two at once with one nonce lets one pass', async () => {
    const { use } = await world({ counter: 0 });
    const outcomes = await Promise.all([use(0, 0), use(0, 0), use(0, 0)]);
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes).toContainEqual(refused(NONCE));
  });

  it('fails where the nonce was never issued, or to somebody else', async () => {
    const { use } = await world();
    expect(await use(0, 1, { nonce: Buffer.alloc(32, 8).toString('base64url') })).toEqual(refused(NONCE));
    const other = await use(0, 1, { person: 'p_other' });
    expect(other).toEqual(refused(NONCE, ENROLLED));
  });

  it('moves the counter on: of two signatures with one count, or an earlier one, only the first passes', async () => {
    const { use, known } = await world();
    expect(await use(0, 5)).toBe('done');
    expect(await use(1, 5)).toEqual(refused(COUNTER));
    expect(await use(1, 4)).toEqual(refused(COUNTER));
    expect((await known(1)).challenge?.usedAt).toBeUndefined();
    expect(await use(1, 6)).toBe('done');
    expect((await known(1)).device?.counter).toBe(6);
  });

  it('asks nothing of the counter of a device that counts nothing', async () => {
    const { use } = await world();
    expect([await use(0, 0), await use(1, 0)]).toEqual(['done', 'done']);
  });

  it.each<[string, Partial<Device> | null]>([
    ['was revoked', { state: 'revoked' }],
    ['waits for its confirmation', { state: 'pending', confirmed: null }],
    ['is not there', null],
  ])('fails where the device %s, whatever was checked before', async (_, device) => {
    const { use, known } = await world(device);
    expect(await use(0, 1)).toEqual(refused(ENROLLED));
    expect((await known(0)).challenge?.usedAt).toBeUndefined();
  });
});
