import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { placeHold } from '../../../functions/hold/place-hold.ts';
import { releaseHold } from '../../../functions/hold/release-hold.ts';
import { listCertificates } from '../../../functions/retain/list-certificates.ts';
import { RetentionIncompleteError, runRetention } from '../../../functions/retain/run-retention.ts';
import { startRun } from '../../../functions/retain/start-run.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import {
  certificateKeys,
  certificateNote,
  deletionCertificateSchema,
} from '../../../shared/domain/deletion-certificate.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { isSignedBy, parseNote } from '../../../shared/package/signed-note.ts';
import { inMemoryRuleSets } from '../../fakes/in-memory-rule-sets.ts';
import { type Death, KilledError, mortalProcess } from '../../fakes/killed-process.ts';
import { clerk, lawyer, officer } from '../../shared/policy/staff.ts';
import { type CustodyWorld, custodyWorld } from '../../support/custody-world.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

let aws: EmbeddedAwsOfTest;
let kmsKey: string;
let world: CustodyWorld;

beforeAll(async () => {
  aws = await embeddedAwsOfTest();
  kmsKey = await aws.key();
}, 300_000);
afterAll(() => aws.stop());
beforeEach(async () => {
  world = await custodyWorld(aws, kmsKey);
});

// Ordinary records are kept six months (D1): those of January 2026 are due on 1 August in the hotel's zone.
const JANUARY = '2026-01-10T10:00:00+08:00';
const FEBRUARY = '2026-02-10T10:00:00+08:00';
const RUN = { responsible: 'p_officer', dryRun: false };

async function place(wecom: string, matter = 'M-2026-020'): Promise<string> {
  const body = { matter, hotel: 'SHA01', subject: { kind: 'wecom' as const, value: wecom } };
  const answer = await placeHold({ actor: lawyer, body, now: world.time.now }, world.hold());
  expect(answer.status).toBe(200);
  return String(Reflect.get(answer.body, 'holdId'));
}

async function release(holdId: string) {
  const body = await world.signedRelease(holdId, lawyer, '结案 closed');
  return releaseHold({ actor: lawyer, holdId, body, now: world.time.now }, world.hold());
}

async function certificates() {
  const keys = (await world.evidence.list('certificates/')).filter((key) => key.endsWith('.json'));
  return Promise.all(
    keys.map(async (key) =>
      deletionCertificateSchema.parse(
        JSON.parse(Buffer.from((await world.evidence.get(key)) ?? []).toString()),
      ),
    ),
  );
}

describe('retention', () => {
  it('deletes what is due, leaves what is not, and certifies it', async () => {
    await world.known('gst_1', 'wm1');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['Is there a pool?', '有泳池吗？'] });
    await world.said({ guestId: 'gst_1', at: FEBRUARY, texts: ['later'] });
    const result = await runRetention(RUN, world.retain());
    expect(result).toMatchObject({ deletedBlocks: 1, deletedRecords: 2, heldRecords: 0, remaining: 0 });
    expect(result.certificates).toHaveLength(1);
    expect(await world.readable('gst_1')).toEqual(['later']);
    expect(await world.vault.list('SHA01/ordinary/2026-07/')).toEqual([]);
    expect(await world.vault.list('SHA01/ordinary/2026-08/')).toHaveLength(1);
  });

  it('deletes the media of what is due with it, and leaves those of what is not; the certificate counts them', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['photo'], medium: 'bytes of a photo' });
    await world.said({ guestId: 'gst_1', at: FEBRUARY, texts: ['later'], medium: 'bytes of another' });
    await runRetention(RUN, world.retain());
    expect(await world.vault.list('SHA01/ordinary/2026-07/')).toEqual([]);
    expect(await world.vault.list('SHA01/ordinary/2026-08/')).toHaveLength(2);
    expect((await certificates())[0]).toMatchObject({ what: { blocks: 1, media: 1 }, held: { media: 0 } });
  });

  it('keeps the media of what is held, and deletes them once it isn’t', async () => {
    await world.known('gst_1', 'wm1');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['photo'], medium: 'bytes of a photo' });
    await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['photo'], medium: 'bytes of a photo' });
    const holdId = await place('wm1');
    await runRetention(RUN, world.retain());
    expect(await world.vault.list('SHA01/ordinary/2026-07/')).toHaveLength(2);
    expect((await certificates())[0]).toMatchObject({ what: { media: 1 }, held: { media: 1 } });
    await release(holdId);
    await runRetention(RUN, world.retain());
    expect(await world.vault.list('SHA01/ordinary/2026-07/')).toEqual([]);
  });

  it('leaves no row of what it deleted, in any table, but the period’s tombstone', async () => {
    await world.known('gst_1', 'wm1');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    await runRetention(RUN, world.retain());
    expect((await world.rows('records')).map(({ pk }) => pk)).toEqual(['BATCH#bat_1']);
    const keys = (await world.rows('keys')).filter(({ pk }) => pk !== 'INDEX');
    expect(keys).toEqual([
      expect.objectContaining({ sk: 'PERIOD#ordinary#2026-07', state: 'shredded', kept: 0 }),
    ]);
    expect(keys[0]).not.toHaveProperty('wrapped');
  });

  it('goes on with the other periods where one can’t be told when it ends, and says so at the end', async () => {
    await world.known('gst_1', 'wm1');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    const { keys, ...others } = world.retain();
    const strange = { hotel: 'SHA01', recordClass: 'ordinary', period: '10000-06' } as const;
    const broke: unknown[] = [];
    const periods = async (hotel: string) => {
      const own = await keys.periods(hotel);
      return own.flatMap((one) => [{ ...one, ...strange }, one]);
    };
    const run = runRetention(RUN, {
      ...others,
      keys: { ...keys, periods },
      broke: (error) => broke.push(error),
    });
    await expect(run).rejects.toMatchObject({
      name: 'RetentionIncompleteError',
      result: { deletedRecords: 1 },
    });
    expect(broke).toEqual([expect.any(RangeError)]);
    expect(await world.readable('gst_1')).toEqual([]);
  });

  it('is not due a moment before the period ends in the hotel’s zone', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    world.time.now = new Date('2026-07-31T23:59:59.999+08:00');
    expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 0, certificates: [] });
    world.time.now = new Date('2026-08-01T00:00:00+08:00');
    expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 1 });
  });

  it('deletes key-card records thirty days after, by the day', async () => {
    await world.said({
      guestId: 'gst_1',
      at: '2026-06-30T10:00:00+08:00',
      texts: ['door'],
      category: 'key-card',
    });
    await world.said({
      guestId: 'gst_1',
      at: '2026-07-04T10:00:00+08:00',
      texts: ['door'],
      category: 'key-card',
    });
    const result = await runRetention(RUN, world.retain());
    expect(result.deletedRecords).toBe(1);
    expect(await certificates()).toMatchObject([
      { what: { recordClass: 'key-card', period: '2026-07-30' }, why: { rules: ['D2', 'D4'] } },
    ]);
  });

  it('says on a dry run what a run would do, and changes nothing', async () => {
    await world.known('gst_2', 'wm2');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['one', 'two'] });
    await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['held'] });
    await place('wm2');
    const before = [await world.rows('keys'), await world.rows('records'), [...world.vault.objects.keys()]];
    const dry = await runRetention({ ...RUN, dryRun: true }, world.retain());
    expect(dry).toMatchObject({ deletedBlocks: 1, deletedRecords: 2, heldRecords: 1, certificates: [] });
    expect([await world.rows('keys'), await world.rows('records'), [...world.vault.objects.keys()]]).toEqual(
      before,
    );
    expect(await runRetention(RUN, world.retain())).toMatchObject({
      deletedBlocks: dry.deletedBlocks,
      deletedRecords: dry.deletedRecords,
      heldRecords: dry.heldRecords,
    });
  });

  it('deletes nothing twice', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    await runRetention(RUN, world.retain());
    expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 0, certificates: [] });
    expect(await certificates()).toHaveLength(1);
  });

  it('takes no record into a period that is gone', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    await runRetention(RUN, world.retain());
    expect(await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['late'] })).toBe('shredded');
    expect(await world.vault.list('SHA01/ordinary/2026-07/')).toEqual([]);
  });

  it('deletes blocks of batches that were never committed, without counting them', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['never committed'], batch: 'bat_2' });
    await world.vault.put('SHA01/ordinary/2026-07/blk_orphan', Buffer.from('no row leads here'));
    expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 1, deletedRecords: 1 });
    expect(await world.vault.list('SHA01/ordinary/2026-07/')).toEqual([]);
  });

  describe('with a hold', () => {
    beforeEach(async () => {
      await world.known('gst_1', 'wm1');
      await world.known('gst_2', 'wm2');
      await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['gone'] });
      await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['kept', 'kept too'] });
    });

    it('keeps what is held readable though the period’s key is gone, without moving an object', async () => {
      await place('wm2');
      const objects = new Map(world.vault.objects);
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedRecords: 1, heldRecords: 2 });
      expect(await world.readable('gst_1')).toEqual([]);
      expect(await world.readable('gst_2')).toEqual(['kept', 'kept too']);
      expect(world.vault.objects.size).toBe(1);
      for (const [key, bytes] of world.vault.objects) expect(bytes).toEqual(objects.get(key));
      const period = (await world.rows('keys')).find(({ sk }) => sk === 'PERIOD#ordinary#2026-07');
      expect(period).toMatchObject({ state: 'shredded', holds: 0, kept: 1 });
      expect(period).not.toHaveProperty('wrapped');
      expect(await certificates()).toMatchObject([
        {
          what: { records: 1, guestKeys: 1 },
          held: { records: 2, guestKeys: 1 },
          why: { rules: ['D1', 'D4', 'D3'] },
        },
      ]);
    });

    it('shows the hold as the reason in every later run, and writes no certificate of nothing', async () => {
      await place('wm2');
      await runRetention(RUN, world.retain());
      expect(await runRetention(RUN, world.retain())).toEqual({
        deletedBlocks: 0,
        deletedRecords: 0,
        heldRecords: 2,
        certificates: [],
        remaining: 0,
      });
    });

    it('deletes the rest once the hold is released, and the hold’s key with it', async () => {
      const holdId = await place('wm2');
      await runRetention(RUN, world.retain());
      expect((await release(holdId)).status).toBe(200);
      expect(await world.readable('gst_2')).toEqual(['kept', 'kept too']);
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 1, deletedRecords: 2 });
      expect(await world.readable('gst_2')).toEqual([]);
      expect(world.vault.objects.size).toBe(0);
      const holdKey = (await world.rows('keys')).find(
        ({ pk, sk }) => pk === `HOLD#${holdId}` && sk === 'KEY',
      );
      expect(holdKey).toMatchObject({ state: 'shredded' });
      expect(await certificates()).toHaveLength(2);
      expect(await world.holds.read(holdId)).toMatchObject({ state: 'released' });
    });

    it('keeps it under another hold when one is released, before or after the period went', async () => {
      const first = await place('wm2', 'M-1');
      const second = await place('wm2', 'M-2');
      await runRetention(RUN, world.retain());
      const third = await place('wm2', 'M-3');
      for (const holdId of [first, second]) {
        await release(holdId);
        expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 0, heldRecords: 2 });
        expect(await world.readable('gst_2')).toEqual(['kept', 'kept too']);
      }
      await release(third);
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedRecords: 2 });
      expect(await world.readable('gst_2')).toEqual([]);
    });

    it('keeps what comes in later under the same hold', async () => {
      await place('wm2');
      await world.said({ guestId: 'gst_2', at: '2026-01-20T10:00:00+08:00', texts: ['late but held'] });
      await world.said({ guestId: 'gst_2', at: FEBRUARY, texts: ['next month'] });
      world.time.now = new Date('2026-10-01T00:00:00+08:00');
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedRecords: 1, heldRecords: 4 });
      expect(await world.readable('gst_2')).toHaveLength(4);
    });

    it('keeps the records of a guest who turned out to be the held person', async () => {
      await place('wm2');
      await world.linked('gst_1', 'gst_2');
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedRecords: 0, heldRecords: 3 });
      expect(await world.readable('gst_1')).toEqual(['gone']);
    });

    it('takes a hold off such a guest too', async () => {
      const holdId = await place('wm2');
      await world.linked('gst_1', 'gst_2');
      await runRetention(RUN, world.retain());
      await release(holdId);
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedRecords: 3, heldRecords: 0 });
    });

    it('keeps nothing at another hotel than the hold’s', async () => {
      await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['elsewhere'], hotel: 'HGH02' });
      await place('wm2');
      expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedRecords: 2, heldRecords: 2 });
    });

    it('comes too late for what is being deleted, and says so', async () => {
      await world.retain().keys.disablePeriod({ hotel: 'SHA01', recordClass: 'ordinary', period: '2026-07' });
      const body = { matter: 'M-9', hotel: 'SHA01', subject: { kind: 'wecom' as const, value: 'wm2' } };
      const answer = await placeHold({ actor: lawyer, body, now: world.time.now }, world.hold());
      expect(answer.body).toMatchObject({ keys: 0, tooLate: 1 });
    });
  });

  describe('a certificate', () => {
    beforeEach(async () => {
      await world.known('gst_1', 'wm-secret');
      await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['secret words'] });
      await runRetention(RUN, world.retain());
    });

    it('says what, why, when, by which rule and until when it could be brought back', async () => {
      expect(await certificates()).toMatchObject([
        {
          region: 'cn-north-1',
          what: {
            hotel: 'SHA01',
            recordClass: 'ordinary',
            period: '2026-07',
            blocks: 1,
            records: 1,
            guestKeys: 1,
          },
          held: { blocks: 0, records: 0 },
          why: { rules: ['D1', 'D4'], reason: { en: expect.any(String), zh: expect.any(String) } },
          when: {
            dueAt: '2026-07-31T16:00:00.000Z',
            deletedAt: '2026-08-01T16:00:00.000Z',
            overshootDays: 23,
          },
          responsible: 'p_officer',
          steps: ['audit', 'backup-check', 'delete', 'certificate', 'notice'],
          recoverableUntil: '2026-08-08T16:05:00.000Z',
        },
      ]);
    });

    it('is signed over its exact bytes', async () => {
      const [certificate] = await certificates();
      const id = certificate?.certificateId ?? '';
      const bytes = (await world.evidence.get(certificateKeys.certificate(id))) ?? new Uint8Array();
      const note = parseNote(
        Buffer.from((await world.evidence.get(certificateKeys.signature(id))) ?? []).toString(),
      );
      const { spki } = await world.signer.publicKey();
      expect(note?.text).toBe(certificateNote(id, sha256(bytes)));
      expect(note !== null && isSignedBy(note, 'dualkey/cn-north-1', spki)).toBe(true);
    });

    it('holds no word, identifier or guest id, nor does the ledger or an event', async () => {
      const kept = [...world.evidence.objects.values()].map((bytes) => Buffer.from(bytes).toString());
      const events = JSON.stringify(await world.rows('events'));
      for (const text of [...kept, events]) {
        for (const secret of ['secret', 'wm-', 'gst_']) expect(text).not.toContain(secret);
      }
      expect(kept).toHaveLength(4);
    });

    it('is announced by events around it, and noticed', async () => {
      const events = await world.custody.events('period/SHA01/ordinary/2026-07');
      expect(events.map(({ type }) => type)).toEqual(['period-deletion-intended', 'period-deleted']);
      expect(faultInChain(events)).toBeNull();
      const [certificate] = await certificates();
      expect(world.noticed).toEqual([certificate?.certificateId]);
    });

    it('is shown to those who may see it', async () => {
      const shown = { region: world.retain().region, ruleSets: inMemoryRuleSets(), evidence: world.evidence };
      expect(await listCertificates({ actor: officer }, shown)).toEqual({
        status: 200,
        body: { certificates: await certificates() },
      });
      expect(await listCertificates({ actor: clerk }, shown)).toMatchObject({
        status: 403,
        body: { verdict: { rules: ['D4'] } },
      });
    });
  });

  it('is run by a responsible person only', async () => {
    const dependencies = { ...world.retain(), ruleSets: inMemoryRuleSets() };
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    expect(await startRun({ actor: clerk, dryRun: false }, dependencies)).toMatchObject({
      status: 403,
      body: { verdict: { outcome: 'deny', rules: ['D4'] } },
    });
    expect(await world.readable('gst_1')).toEqual(['words']);
    expect(await startRun({ actor: officer, dryRun: false }, dependencies)).toMatchObject({
      status: 200,
      body: { deletedRecords: 1 },
    });
  });

  it.each([
    ['can be restored for longer than the region allows', { recoveryDays: 35, copies: false }],
    ['has a stream or a replica', { recoveryDays: 7, copies: true }],
  ])('deletes nothing while the key table %s', async (_, backup) => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    Object.assign(world.backup, backup);
    await expect(runRetention(RUN, world.retain())).rejects.toThrow(RetentionIncompleteError);
    expect(await world.readable('gst_1')).toEqual(['words']);
    expect(await world.evidence.list('')).toEqual([]);
  });

  it('goes on with the other periods where one breaks, and says that it is incomplete', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['elsewhere'], hotel: 'HGH02' });
    const dependencies = world.retain();
    const broken = {
      ...dependencies,
      vault: {
        ...dependencies.vault,
        delete: (key: string) =>
          key.startsWith('SHA01')
            ? Promise.reject(new Error('out of order'))
            : dependencies.vault.delete(key),
      },
    };
    await expect(runRetention(RUN, broken)).rejects.toMatchObject({
      name: 'RetentionIncompleteError',
      result: { deletedBlocks: 1 },
    });
    // Its keys were destroyed first: what could not be deleted can't be read.
    expect(await world.readable('gst_1')).toEqual([]);
    expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 1, deletedRecords: 1 });
    expect(world.vault.objects.size).toBe(0);
  });

  it('keeps the identifiers of a guest as long as anything is left of the person', async () => {
    await world.known('gst_1', 'wm1');
    await world.known('gst_2', 'wm2');
    await world.linked('gst_1', 'gst_2');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    await world.said({ guestId: 'gst_2', at: FEBRUARY, texts: ['later'] });
    await runRetention(RUN, world.retain());
    expect(await world.found('wm1')).toEqual(['gst_1', 'gst_2']);
    world.time.now = new Date('2026-09-01T00:00:00+08:00');
    await runRetention(RUN, world.retain());
    expect(await world.found('wm1')).toEqual([]);
    expect(await world.found('wm2')).toEqual([]);
  });

  it('gives way to a guest who comes back while the identifiers are being deleted', async () => {
    await world.known('gst_1', 'wm1');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    const dependencies = world.retain();
    const { blocks } = dependencies;
    const returning = {
      ...blocks,
      async removeIdentifiers(guests: readonly string[]) {
        await world.said({ guestId: 'gst_1', at: FEBRUARY, texts: ['back again'] });
        return blocks.removeIdentifiers(guests);
      },
    };
    await runRetention(RUN, { ...dependencies, blocks: returning });
    expect(await world.found('wm1')).toEqual(['gst_1']);
    expect(await world.readable('gst_1')).toEqual(['back again']);
    expect((await world.rows('keys')).filter(({ sk }) => sk === 'BAR')).toEqual([]);
  });

  it('deletes again what a restore of the tables brought back, from before the deletion or from amid it', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    const backups = [await world.backedUp()];
    const period = { hotel: 'SHA01', recordClass: 'ordinary' as const, period: '2026-07' };
    await world.retain().keys.disablePeriod(period);
    backups.push(await world.backedUp());
    await world.retain().keys.disableGuest(period, 'gst_1');
    backups.push(await world.backedUp());
    await runRetention(RUN, world.retain());
    for (const backup of backups) {
      await backup.restore();
      for (let day = 0; day < 2; day += 1) await runRetention(RUN, world.retain());
      expect(await world.readable('gst_1')).toEqual([]);
      expect((await world.rows('keys')).filter((row) => 'wrapped' in row && row['pk'] !== 'INDEX')).toEqual(
        [],
      );
      expect((await world.rows('records')).map(({ pk }) => pk)).toEqual(['BATCH#bat_1']);
    }
  });

  it('leaves what it has no time for to the next run', async () => {
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['words'] });
    expect(await runRetention(RUN, { ...world.retain(), hasTime: () => false })).toMatchObject({
      deletedBlocks: 0,
      remaining: 1,
    });
    expect(await world.readable('gst_1')).toEqual(['words']);
  });
});

describe('a retention run that dies', () => {
  /** Two guests' records are due, a third's are held; the run is killed at one effect, and run again. */
  async function dies(death: Death | undefined): Promise<number> {
    world = await custodyWorld(aws, kmsKey);
    await world.known('gst_1', 'wm1');
    await world.known('gst_3', 'wm3');
    await world.said({ guestId: 'gst_1', at: JANUARY, texts: ['gone 1', 'gone 2'] });
    await world.said({ guestId: 'gst_2', at: JANUARY, texts: ['gone 3'] });
    await world.said({ guestId: 'gst_3', at: JANUARY, texts: ['kept'] });
    await place('wm3');
    const process = mortalProcess(death);
    const first = await runRetention(RUN, world.retain(process)).catch((error: unknown) => error);
    if (death !== undefined && process.died()) {
      expect(first).toBeInstanceOf(Error);
      expect(await world.readable('gst_3')).toEqual(['kept']);
      await runRetention(RUN, world.retain());
    }
    return process.effects();
  }

  async function expectWhole(): Promise<void> {
    expect(await world.readable('gst_1')).toEqual([]);
    expect(await world.readable('gst_2')).toEqual([]);
    expect(await world.readable('gst_3')).toEqual(['kept']);
    expect(world.vault.objects.size).toBe(1);
    expect(await certificates()).toMatchObject([
      { what: { blocks: 2, records: 3, guestKeys: 2 }, held: { blocks: 1, records: 1, guestKeys: 1 } },
    ]);
    const events = await world.custody.events('period/SHA01/ordinary/2026-07');
    expect(events.map(({ type }) => type)).toEqual(['period-deletion-intended', 'period-deleted']);
    const left = (await world.rows('records')).map(({ pk }) => String(pk));
    expect(left.filter((pk) => pk.includes('gst_1') || pk.includes('gst_2'))).toEqual([]);
    const period = (await world.rows('keys')).find(({ sk }) => sk === 'PERIOD#ordinary#2026-07');
    expect(period).toMatchObject({ state: 'shredded', kept: 1, holds: 0 });
    expect((await world.rows('keys')).some(({ pk }) => pk === 'FORGETTING')).toBe(false);
    expect(await runRetention(RUN, world.retain())).toMatchObject({ deletedBlocks: 0, heldRecords: 1 });
  }

  it('anywhere, is finished by the next one: same counts, one certificate, what is held stays readable', async () => {
    const effects = await dies(undefined);
    await expectWhole();
    expect(effects).toBeGreaterThan(30);
    await dies({ effect: 0, when: 'before' });
    await expectWhole();
    // Just after one effect is just before the next.
    for (let effect = 0; effect < effects; effect += 1) {
      await dies({ effect, when: 'after' });
      await expectWhole();
    }
  }, 300_000);

  it('is known to have died by its error', async () => {
    await expect(
      mortalProcess({ effect: 0, when: 'before' })
        .watched({ act: async () => 1 })
        .act(),
    ).rejects.toThrow(KilledError);
  });
});
