import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listHolds } from '../../../functions/hold/list-holds.ts';
import { placeHold } from '../../../functions/hold/place-hold.ts';
import { releaseHold } from '../../../functions/hold/release-hold.ts';
import { runRetention } from '../../../functions/retain/run-retention.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { deny } from '../../../shared/domain/verdict.ts';
import { type Death, mortalProcess } from '../../fakes/killed-process.ts';
import { auditor, clerk, lawyer, officer } from '../../shared/policy/staff.ts';
import { type CustodyWorld, custodyWorld } from '../../support/custody-world.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

let aws: EmbeddedAwsOfTest;
let kmsKey: string;
let world: CustodyWorld;

const JANUARY = '2026-01-10T10:00:00+08:00';
const FEBRUARY = '2026-02-10T10:00:00+08:00';
const RUN = { responsible: 'p_officer', dryRun: false };
const REASON = '王女士的案件已结';

beforeAll(async () => {
  aws = await embeddedAwsOfTest();
  kmsKey = await aws.key();
}, 300_000);
afterAll(() => aws.stop());
beforeEach(() => freshWorld());

/** One guest with records of two months, known by a WeCom id. */
async function freshWorld(): Promise<void> {
  world = await custodyWorld(aws, kmsKey);
  await world.known('gst_1', 'wm1');
  await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['one'] });
  await world.said({ guestId: 'gst_1', at: FEBRUARY, texts: ['two'] });
}

type Change = { matter?: string; hotel?: string; value?: string; actor?: typeof lawyer };

function place(
  { matter = 'M-1', hotel = 'SHA01', value = 'wm1', actor = lawyer }: Change = {},
  process = mortalProcess(),
) {
  const body = { matter, hotel, subject: { kind: 'wecom' as const, value } };
  return placeHold({ actor, body, now: world.time.now }, world.hold(process));
}

async function placedId(change: Change = {}): Promise<string> {
  const { status, body } = await place(change);
  expect(status).toBe(200);
  return String(Reflect.get(body, 'holdId'));
}

async function release(holdId: string, actor = lawyer, process = mortalProcess()) {
  const body = await world.signedRelease(holdId, actor, REASON);
  return releaseHold({ actor, holdId, body, now: world.time.now }, world.hold(process));
}

async function holdsOnKeys(): Promise<unknown[]> {
  const rows = await world.rows('keys');
  return rows.filter(({ sk }) => sk === 'GUEST#gst_1').map(({ holds }) => holds);
}

describe('a legal hold', () => {
  it('is put on every key of the guest at the hotel, and counted on their periods', async () => {
    const { status, body } = await place();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      matter: 'M-1',
      hotel: 'SHA01',
      state: 'active',
      guests: 1,
      keys: 2,
      tooLate: 0,
    });
    expect(await holdsOnKeys()).toEqual([1, 1]);
    const periods = (await world.rows('keys')).filter(({ pk }) => pk === 'HOTEL#SHA01');
    expect(periods.map(({ holds }) => holds)).toEqual([1, 1]);
  });

  it('is the same hold for the same matter and guest, and another for another matter', async () => {
    const first = await placedId();
    expect(await placedId()).toBe(first);
    expect(await holdsOnKeys()).toEqual([1, 1]);
    expect(await placedId({ matter: 'M-2' })).not.toBe(first);
    expect(await holdsOnKeys()).toEqual([2, 2]);
  });

  it('comes off every key when it is released, once', async () => {
    const holdId = await placedId();
    await placedId({ matter: 'M-2' });
    expect(await release(holdId)).toMatchObject({ status: 200, body: { holdId, state: 'released' } });
    expect(await holdsOnKeys()).toEqual([1, 1]);
    expect(await release(holdId)).toMatchObject({ status: 200, body: { state: 'released' } });
    expect(await holdsOnKeys()).toEqual([1, 1]);
  });

  it('can be placed anew after it was released', async () => {
    const first = await placedId();
    await release(first);
    expect(await placedId()).not.toBe(first);
    expect(await holdsOnKeys()).toEqual([1, 1]);
  });

  it('is refused for an identifier that can’t be one, without repeating it', async () => {
    const { status, body } = await place({ value: 'two words' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { where: 'body.subject.value' } });
    expect(JSON.stringify(body)).not.toContain('two words');
  });

  it('doesn’t tell a guest of another hotel from somebody whom nobody knows', async () => {
    const legal = { ...lawyer, roles: lawyer.roles.map((role) => ({ ...role, hotels: ['HGH02'] })) };
    const unknown = await place({ actor: legal, hotel: 'HGH02', value: 'wm-unknown' });
    const elsewhere = await place({ actor: legal, hotel: 'HGH02' });
    expect(unknown).toEqual({
      status: 403,
      body: { verdict: deny('D3', 'no-records-to-hold') },
    });
    expect(elsewhere).toEqual(unknown);
    expect(await world.rows('cases')).toEqual([]);
    expect(await holdsOnKeys()).toEqual([0, 0]);
  });

  it('is put on those guests only of whom the hotel has records', async () => {
    await world.known('gst_2', 'wm2');
    await world.linked('gst_1', 'gst_2');
    await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['elsewhere'], hotel: 'HGH02' });
    expect(await place()).toMatchObject({ status: 200, body: { guests: 1, keys: 2 } });
    const [hold] = await world.holds.list();
    expect(hold?.guests).toEqual(['gst_1']);
  });

  it.each([
    ['to place', (holdId: string) => place({ actor: clerk, matter: holdId })],
    ['to release', (holdId: string) => release(holdId, clerk)],
    ['to see', () => listHolds({ actor: clerk }, world.hold())],
  ])('is not for everybody %s', async (_, act) => {
    const holdId = await placedId();
    expect(await act(holdId)).toMatchObject({
      status: 403,
      body: { verdict: { outcome: 'deny', rules: ['D3'] } },
    });
    expect(await holdsOnKeys()).toEqual([1, 1]);
  });

  it('is refused at a hotel of another region', async () => {
    expect(await place({ hotel: 'SIN01' })).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['A3'] } },
    });
  });

  it('that nobody placed can’t be released', async () => {
    expect(await release('hold_unknown')).toMatchObject({ status: 404 });
  });

  it('is listed with its matter, while it stands and after, without reasons or guests', async () => {
    const holdId = await placedId();
    await release(await placedId({ matter: 'M-2' }));
    for (const actor of [lawyer, officer, auditor]) {
      const { status, body } = await listHolds({ actor }, world.hold());
      expect(status).toBe(200);
      expect(Reflect.get(body, 'holds')).toHaveLength(2);
      expect(body).toMatchObject({
        holds: expect.arrayContaining([
          expect.objectContaining({ holdId, matter: 'M-1', state: 'active', released: null, guests: 1 }),
          expect.objectContaining({ matter: 'M-2', state: 'released' }),
        ]),
      });
      for (const secret of ['gst_1', 'wm1', '王']) expect(JSON.stringify(body)).not.toContain(secret);
    }
  });

  it('leaves its events: who, when, which matter; the reason as a commitment only', async () => {
    const holdId = await placedId();
    await release(holdId);
    const events = await world.custody.events(`hold/${holdId}`);
    expect(events.map(({ type, actor }) => ({ type, actor }))).toEqual([
      { type: 'hold-placed', actor: 'p_lawyer' },
      { type: 'hold-released', actor: 'p_lawyer' },
    ]);
    expect(events[1]?.data).toMatchObject({
      matter: 'M-1',
      reasonCommitment: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(faultInChain(events)).toBeNull();
    const kept = JSON.stringify([await world.rows('events'), await world.rows('cases')]);
    for (const secret of ['wm1', '王', '结']) expect(kept).not.toContain(secret);
  });

  it('placed while it is being killed anywhere, holds before anything is deleted', async () => {
    let effects = Number.POSITIVE_INFINITY;
    for (let effect = 0; effect < effects; effect += 1) {
      await freshWorld();
      const process = mortalProcess({ effect, when: 'after' });
      await place({}, process).catch(() => null);
      if (!process.died()) effects = process.effects();
      const placed = (await world.holds.list()).length === 1;
      const result = await runRetention(RUN, world.retain());
      expect(result).toMatchObject(placed ? { deletedRecords: 0, heldRecords: 1 } : { deletedRecords: 1 });
      if (placed) expect(await holdsOnKeys()).toEqual([1, 1]);
      expect((await world.holds.list()).map(({ state }) => state)).toEqual(placed ? ['active'] : []);
    }
    expect(effects).toBeGreaterThan(3);
  }, 120_000);

  it('released while it is being killed anywhere, stands or is off, and never half', async () => {
    let effects = Number.POSITIVE_INFINITY;
    for (let effect = 0; effect < effects; effect += 1) {
      await freshWorld();
      const holdId = await placedId();
      const process: ReturnType<typeof mortalProcess> = mortalProcess({
        effect,
        when: 'after',
      } satisfies Death);
      await release(holdId, lawyer, process).catch(() => null);
      if (!process.died()) effects = process.effects();
      const released = (await world.holds.read(holdId))?.state !== 'active';
      const result = await runRetention(RUN, world.retain());
      expect(result).toMatchObject(released ? { deletedRecords: 1 } : { deletedRecords: 0, heldRecords: 1 });
      expect((await world.holds.read(holdId))?.state).toBe(released ? 'released' : 'active');
      expect(await holdsOnKeys()).toEqual(released ? [0] : [1, 1]);
    }
    expect(effects).toBeGreaterThan(3);
  }, 120_000);

  it('placed while retention runs, either holds the records or comes too late for them, and says which', async () => {
    for (let round = 0; round < 12; round += 1) {
      await freshWorld();
      const [placed, result] = await Promise.all([place(), runRetention(RUN, world.retain())]);
      expect(placed.status).toBe(200);
      const readable = await world.readable('gst_1');
      expect(readable).toContain('two');
      expect(readable.includes('one')).toBe(result.deletedRecords === 0);
      if (result.deletedRecords === 0) {
        expect(placed.body).toMatchObject({ keys: 2, tooLate: 0 });
      } else {
        expect(Reflect.get(placed.body, 'keys')).toBe(1);
      }
    }
  }, 60_000);
});
