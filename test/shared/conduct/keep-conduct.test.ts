import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conductTable } from '../../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../../shared/aws/custody-log.ts';
import { directoryTable, profileKey } from '../../../shared/aws/directory-table.ts';
import { keepConduct } from '../../../shared/conduct/keep-conduct.ts';
import {
  barOf,
  type ConductRules,
  lockAt,
  misoperated,
  newConduct,
  unlocked,
} from '../../../shared/domain/conduct.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { inMemoryAws } from '../../fakes/in-memory-aws/in-memory-aws.ts';
import { inMemoryConduct } from '../../fakes/in-memory-conduct.ts';
import { clerk, NOON } from '../policy/staff.ts';

const RULES: ConductRules = { misoperations: 3, lockMinutes: 15, locksPerMonth: 2, zone: 'Asia/Shanghai' };
const MINUTE = 60_000;
const minutesOn = (minutes: number, from: Date = NOON) => new Date(from.getTime() + minutes * MINUTE);

function keeping() {
  const store = inMemoryConduct();
  const keeper = keepConduct(store, regionConfig('cn-north-1'));
  const refuse = (at: Date, counts = true) =>
    keeper.refused(
      clerk,
      { subject: 'attempts/req_1', event: { at, actor: clerk.personId, data: {} } },
      counts,
    );
  const typesOf = () => store.events.map(({ type }) => type);
  return { store, keeper, refuse, typesOf };
}

describe('misoperations (R9)', () => {
  it('lock the session for fifteen minutes with the third in a row, in the transaction of its refusal', async () => {
    const { refuse, typesOf, store } = keeping();
    expect([await refuse(NOON), await refuse(minutesOn(1)), await refuse(minutesOn(2))]).toEqual([
      null,
      null,
      { lock: 'session', until: '2026-06-15T12:17:00.000Z' },
    ]);
    expect(typesOf()).toEqual(['attempt-refused', 'attempt-refused', 'attempt-refused', 'session-locked']);
    expect(store.lockOf(clerk.personId)).toEqual({
      sessionUntil: minutesOn(17).toISOString(),
      account: false,
    });
  });

  it('end with an allowed act, and after a day', async () => {
    const { refuse, keeper } = keeping();
    await refuse(NOON);
    await refuse(minutesOn(1));
    await keeper.allowed(clerk.personId);
    expect([await refuse(minutesOn(2)), await refuse(minutesOn(3))]).toEqual([null, null]);
    expect(await refuse(minutesOn(24 * 60 + 3))).toBeNull();
  });

  it('that are slips are recorded and count nothing', async () => {
    const { refuse, typesOf, store } = keeping();
    for (let minute = 0; minute < 9; minute += 1) await refuse(minutesOn(minute), false);
    expect(typesOf()).toHaveLength(9);
    expect(store.rows.size).toBe(0);
  });

  it('lock the account with the second lock of a month of the hotel', async () => {
    const { refuse } = keeping();
    for (const minute of [0, 1, 2]) await refuse(minutesOn(minute));
    const locks = [];
    for (const minute of [20, 21, 22]) locks.push(await refuse(minutesOn(minute)));
    expect(locks.at(-1)).toEqual({ lock: 'account', until: null });
  });

  it('begin a month anew in the hotel’s zone, not in UTC', async () => {
    const { refuse } = keeping();
    // 23:50 and 00:10 in Shanghai: two months there, one in UTC.
    const midnight = new Date('2026-06-30T16:00:00.000Z');
    for (const minute of [-20, -19, -18]) await refuse(minutesOn(minute, midnight));
    const locks = [];
    for (const minute of [10, 11, 12]) locks.push(await refuse(minutesOn(minute, midnight)));
    expect(locks.at(-1)).toEqual({ lock: 'session', until: '2026-06-30T16:27:00.000Z' });
  });

  it('of a request that check refused count once, whoever repeats it', async () => {
    const { keeper, store } = keeping();
    for (let again = 0; again < 5; again += 1) await keeper.requestRefused(clerk, 'req_1', minutesOn(again));
    expect(store.lockOf(clerk.personId).inARow).toBe(1);
    await keeper.allowed(clerk.personId);
    await keeper.requestRefused(clerk, 'req_1', minutesOn(9));
    expect(store.lockOf(clerk.personId).inARow).toBeUndefined();
  });

  it('at once lock once: the rows are conditional, and each attempt has its event', async () => {
    const aws = inMemoryAws();
    const { dynamo } = aws.aProcess();
    const custody = custodyLog('events', dynamo);
    const store = conductTable('directory', dynamo, custody);
    const keeper = keepConduct(store, regionConfig('cn-north-1'));
    const locks = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        keeper.refused(
          clerk,
          { subject: `attempts/req_${index}`, event: { at: NOON, actor: clerk.personId, data: {} } },
          true,
        ),
      ),
    );
    expect(locks.filter((lock) => lock !== null)).toMatchObject([{ lock: 'session' }]);
    const events = await custody.events(`conduct/${clerk.personId}`);
    expect(events.map(({ type }) => type)).toEqual(['session-locked']);
    expect(faultInChain(events)).toBeNull();
    const attempts = aws.tables
      .rows('events')
      .filter((row) => JSON.stringify(row).includes('attempt-refused'));
    expect(attempts).toHaveLength(8);
  });

  it('two at once beside one on record lock: neither writes over what the other counted', async () => {
    const { dynamo } = inMemoryAws().aProcess();
    const store = conductTable('directory', dynamo, custodyLog('events', dynamo));
    const keeper = keepConduct(store, regionConfig('cn-north-1'));
    const refuse = (id: string) =>
      keeper.refused(
        clerk,
        { subject: `attempts/${id}`, event: { at: NOON, actor: clerk.personId, data: {} } },
        true,
      );
    expect(await refuse('req_1')).toBeNull();
    expect((await store.read(clerk.personId)).row).toHaveLength(1);
    const locks = await Promise.all([refuse('req_2'), refuse('req_3')]);
    expect(locks.filter((lock) => lock !== null)).toMatchObject([{ lock: 'session' }]);
    expect(await store.read(clerk.personId)).toMatchObject({
      version: 3,
      row: [],
      locks: [NOON.toISOString()],
    });
  });
});

describe('a lock', () => {
  const until = minutesOn(15);
  const lock = { sessionUntil: until.toISOString(), account: false };

  it('of the session bars until it is over, and then until a sign-in after it', () => {
    expect(barOf(lock, minutesOn(14), minutesOn(14))).toBe('session-locked');
    expect(barOf(lock, minutesOn(16), minutesOn(14))).toBe('sign-in-after-lock');
    expect(barOf(lock, minutesOn(16), until)).toBeNull();
  });

  it('of the account bars whatever the time and the sign-in', () => {
    expect(barOf({ sessionUntil: null, account: true }, minutesOn(10_000), minutesOn(9_999))).toBe(
      'account-locked',
    );
  });

  it('is never shorter, nor counted twice, however clocks change and attempts come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3_000, max: 3_000 }), { maxLength: 40 }), (minutes) => {
        let conduct = newConduct('p_clerk');
        let sessions = 0;
        for (const minute of minutes) {
          const now = minutesOn(minute);
          const before = lockAt(conduct, now);
          const { conduct: next, locks } = misoperated(conduct, now, RULES);
          // What comes while a lock stands adds nothing, and takes nothing away.
          if (before !== null) expect([locks, next]).toEqual([[], conduct]);
          if (locks.includes('session')) sessions += 1;
          if (next.account !== null) expect(conduct.account ?? locks.includes('account')).toBeTruthy();
          expect(next.row.length).toBeLessThan(RULES.misoperations);
          conduct = next;
        }
        expect(sessions).toBeLessThanOrEqual(Math.floor(minutes.length / RULES.misoperations));
        // Nobody has an account lock after fewer than two locks of the session.
        if (conduct.account !== null) expect(sessions).toBeGreaterThanOrEqual(RULES.locksPerMonth);
      }),
    );
  });
});

describe('an account that was opened again', () => {
  it('is known to the directory as opened by them, for what the person decides beside them (A1), every time of it', async () => {
    const { dynamo } = inMemoryAws().aProcess();
    const store = conductTable('directory', dynamo, custodyLog('events', dynamo));
    const directory = directoryTable('directory', dynamo);
    const earlier = minutesOn(-60).toISOString();
    await dynamo.send(
      new PutCommand({
        TableName: 'directory',
        Item: { ...profileKey(clerk.personId), ...clerk, enablers: { p_hr: [earlier] }, superiors: [] },
      }),
    );
    const openedBy = async (by: string, at: Date) => {
      const row = await store.read(clerk.personId);
      const unlocking = {
        by,
        at: at.toISOString(),
        reason: 'sealed',
        reasonCommitment: 'commitment',
        stepUp: { evidence: `sha256:${'0'.repeat(64)}`, credentialId: 'device' },
      };
      await store.change(row, unlocked(row, unlocking), []);
    };
    await openedBy('p_director', NOON);
    await openedBy('p_hr', minutesOn(5));
    await openedBy('p_director', minutesOn(9));
    const enablers = {
      p_hr: [earlier, minutesOn(5).toISOString()],
      p_director: [NOON.toISOString(), minutesOn(9).toISOString()],
    };
    expect((await directory.byId(clerk.personId))?.enablers).toEqual(enablers);
    const read = await directory.peopleWithSuperiors([clerk.personId]);
    expect(read.get(clerk.personId)?.person.enablers).toEqual(enablers);
  });
});
