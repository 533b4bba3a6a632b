import { describe, expect, it } from '@jest/globals';
import { type ProvisionDependencies, provisionGrant } from '../../../functions/provision/provision-grant.ts';
import { isTooLarge } from '../../../functions/provision/stage-media.ts';
import { decodeBlockIndex } from '../../../shared/crypto/block-index.ts';
import { openStaged } from '../../../shared/crypto/staged-object.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { type BatchCommitment, commitmentKeys, packIds } from '../../../shared/domain/batch-commitment.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { messageOf } from '../../../shared/domain/message-of.ts';
import { findRecords } from '../../../shared/facts/find-records.ts';
import { clearGrant } from '../../../shared/loop/clear-grant.ts';
import { decodeStaged } from '../../../shared/package/staged-package.ts';
import { PRODUCT_REASONS } from '../../../shared/policy/product-reasons.ts';
import {
  type ApprovedRetrieval,
  approvedRetrieval,
  GUEST_ID,
  REQUEST_ID,
  SECRETS,
} from '../../fakes/approved-retrieval.ts';
import { type Death, mortalProcess } from '../../fakes/killed-process.ts';
import { withSignatures } from '../../fakes/signed-approvals.ts';
import { approval, director, officer, person, secondLawyer } from '../../shared/policy/staff.ts';

const signedIn = ({ signing, evidence }: ApprovedRetrieval, row: AccessGrant) =>
  withSignatures(row, signing, evidence);
/** A chain's own rule under which nothing is provisioned. */
const FREEZE = `@id("R13.freeze")
@reason("retrievals-frozen")
@zh("暂停调阅")
@en("retrievals are frozen")
forbid (principal is Person, action == Action::"provision", resource is Request);`;
const INPUT = { version: 1 as const, requestId: REQUEST_ID };

function dependencies(world: ApprovedRetrieval, alarms: string[] = []): ProvisionDependencies {
  return {
    clock: world.clock,
    region: world.region,
    store: world.grants,
    directory: world.directory,
    signed: world.signed,
    ruleSets: world.ruleSets,
    records: world.records,
    consents: world.consents,
    cases: world.cases,
    counts: world.counts,
    places: world.places,
    batchCounts: async (ids) =>
      ids.map((batchId) => ({
        batchId,
        accepted: 5,
        duplicates: 1,
        conflicts: 0,
        rejected: 2,
        lacks: null,
        commitment: null,
      })),
    keys: world.custodyKeys,
    requestKeys: world.requestKeys,
    vault: world.vault,
    vaultMedia: world.vaultMedia,
    deliveryMedia: world.deliveryMedia,
    evidence: world.evidence,
    delivery: world.delivery,
    blockRefused: () => alarms.push('block-refused'),
    recordsLost: (records) => alarms.push(`records-lost ${records}`),
  };
}

describe('what no rule set lets pass', () => {
  it('an original is never made ready, and nothing of it is decrypted (E1)', async () => {
    const world = await approvedRetrieval({ masking: 'original' });
    await provisionGrant(INPUT, dependencies(world));
    const row = await world.row();
    expect(row).toMatchObject({ state: 'failed', staged: null });
    expect(world.delivery.objects.size).toBe(0);
    const written = await world.everythingWritten();
    for (const secret of SECRETS) expect(written).not.toContain(secret);
  });
});

describe('hotels of other regions', () => {
  it('stand in what was made ready, as not searched (A3)', async () => {
    const world = await approvedRetrieval({ hotelsElsewhere: ['FRA01'] });
    await provisionGrant(INPUT, dependencies(world));
    expect(await staged(world)).toMatchObject({ completeness: { hotelsElsewhere: ['FRA01'] } });
  });
});

function mortal(world: ApprovedRetrieval, death?: Death) {
  const process = mortalProcess(death);
  const ports = dependencies(world);
  return {
    process,
    dependencies: {
      ...ports,
      store: process.watched(ports.store),
      directory: process.watched(ports.directory),
      ruleSets: process.watched(ports.ruleSets),
      records: process.watched(ports.records),
      keys: process.watched(ports.keys),
      requestKeys: process.watched(ports.requestKeys),
      vault: process.watched(ports.vault),
      vaultMedia: process.watched(ports.vaultMedia),
      deliveryMedia: process.watched(ports.deliveryMedia),
      evidence: process.watched(ports.evidence),
      delivery: process.watched(ports.delivery),
    },
  };
}

async function staged(world: ApprovedRetrieval) {
  const grant = await world.row();
  const key = await world.requestKeys.read('grant', REQUEST_ID);
  const sealed = world.delivery.objects.get(grant.staged?.key ?? '');
  if (key === null || sealed === undefined) throw new Error('Nothing is staged');
  expect(sha256(sealed)).toBe(grant.staged?.digest);
  return decodeStaged(openStaged(key, REQUEST_ID, sealed));
}

async function expectNothingReadable(world: ApprovedRetrieval): Promise<void> {
  expect([...world.delivery.objects.keys()]).toEqual([]);
  expect(world.requestKeys.kept()).toEqual([`evidence ${REQUEST_ID}`]);
}

async function deaths(): Promise<Death[]> {
  const { process, dependencies: counted } = mortal(await approvedRetrieval());
  await provisionGrant(INPUT, counted);
  return Array.from({ length: process.effects() }, (_, effect) => [
    { effect, when: 'before' as const },
    { effect, when: 'after' as const },
  ]).flat();
}

describe('what was approved is made ready', () => {
  it('stages exactly the records of the frozen scope, and opens for the approved hours', async () => {
    const world = await approvedRetrieval({ windowHours: 24 });
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'open' });
    const { records, completeness } = await staged(world);
    expect(records).toHaveLength(5);
    expect(completeness).toMatchObject({
      scope: { records: 5 },
      found: { records: 5, conversations: 1 },
      missing: [],
      batches: [{ batchId: 'bat_1', records: 5, accepted: 5, duplicates: 1, conflicts: 0, rejected: 2 }],
    });
    const grant = await world.row();
    expect(Date.parse(grant.windowEnds ?? '') - Date.parse(grant.provisionedAt ?? '')).toBe(24 * 3_600_000);
    expect(grant.staged).toMatchObject({ key: `staged/${REQUEST_ID}`, records: 5, conversations: 1 });
  });

  it('writes one event, with counts and digests only', async () => {
    const world = await approvedRetrieval();
    await provisionGrant(INPUT, dependencies(world));
    const events = await world.grants.events(REQUEST_ID);
    expect(faultInChain(events)).toBeNull();
    expect(events.map(({ type }) => type)).toEqual(['grant-provisioned']);
    expect(events[0]?.data).toMatchObject({ records: 5, missing: 0, newer: 0, duplicates: 1, rejected: 2 });
  });

  it('says how many records are gone that no retention run deleted, and goes on with what is there', async () => {
    const world = await approvedRetrieval();
    const [block] = world.blocks;
    if (block === undefined) throw new Error('There is no block');
    const { hotel, conversationId, recordClass, period } = block;
    const ids = world.blocks.flatMap(({ index }) => decodeBlockIndex(index).map(({ recordId }) => recordId));
    const commitment: BatchCommitment = {
      ...{ version: 1, batchId: 'bat_1', hotel, source: 'wecom', blocks: 3, blockRoot: 'sha256:root' },
      ...{ records: 7, conversations: 1, pages: [] },
      listed: [
        {
          ...{ conversationId, records: 7, sequence: 'sha256:sequence' },
          parts: [
            { recordClass, period, ids: packIds([...ids, '0123456789abcdef'.repeat(2), 'f'.repeat(32)]) },
          ],
        },
      ],
    };
    const bytes = Buffer.from(JSON.stringify(commitment));
    await world.evidence.put(commitmentKeys.commitment('bat_1'), bytes);
    const alarms: string[] = [];
    const ports = dependencies(world, alarms);
    const batchCounts: typeof ports.batchCounts = async (batches) =>
      (await ports.batchCounts(batches)).map((batch) => ({ ...batch, commitment: sha256(bytes) }));
    expect(await provisionGrant(INPUT, { ...ports, batchCounts })).toMatchObject({ state: 'open' });
    expect(alarms).toEqual(['records-lost 2']);
    expect((await world.grants.events(REQUEST_ID))[0]?.data).toMatchObject({ committed: 7, lost: 2 });
  });

  it('masks before it stages, and leaves no word in the clear', async () => {
    const world = await approvedRetrieval();
    await provisionGrant(INPUT, dependencies(world));
    expect(JSON.stringify((await staged(world)).records)).not.toContain('13800138000');
    const written = await world.everythingWritten();
    for (const secret of SECRETS) expect(written).not.toContain(secret);
  });

  const media = [
    { mediaId: 'med_1', name: '王小明 房卡.jpg', content: Buffer.from('a photo of a key card') },
    { mediaId: 'med_2', name: null, content: Buffer.from('cut'), declared: `md5:${'0'.repeat(32)}` },
    { mediaId: 'med_3', name: null, content: null },
  ];
  const mediaKeys = (world: ApprovedRetrieval) =>
    [...world.delivery.objects.keys()].filter((key) => key.startsWith(`staged/${REQUEST_ID}/`));

  it('stages the media of records that are shown with names, encrypted under the grant’s key, never under a name', async () => {
    const world = await approvedRetrieval({ masking: 'named' }, media);
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'open' });
    const { records, completeness } = await staged(world);
    const [first] = records.filter(({ attachments }) => attachments.length > 0);
    const files = [1, 2].map((number) => `attachments/${first?.recordId}-${number}.jpg`);
    expect(first?.attachments.map(({ state, file }) => [state, file])).toEqual([
      ['present', files[0]],
      ['damaged', files[1]],
      ['missing', null],
    ]);
    expect(mediaKeys(world)).toEqual(files.map((file) => `staged/${REQUEST_ID}/${file}`));
    expect(completeness.attachments).toEqual({
      present: 1,
      missing: 1,
      damaged: 1,
      reference: 0,
      withheld: 0,
    });
    expect(await world.everythingWritten()).not.toMatch(/key card|王小明 房卡/);
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({ media: 2, withheld: 0 });
  });

  it.each(['masked', 'pseudonymised'] as const)(
    'withholds media from records that are %s, and counts them',
    async (masking) => {
      const world = await approvedRetrieval({ masking }, media);
      await provisionGrant(INPUT, dependencies(world));
      const { records, completeness } = await staged(world);
      const attachments = records.flatMap((record) => record.attachments);
      expect(attachments.map(({ state, file, digest }) => [state, file, digest])).toEqual([
        ['present', null, null],
        ['damaged', null, null],
        ['missing', null, null],
      ]);
      expect(completeness.attachments).toMatchObject({ present: 1, damaged: 1, withheld: 2 });
      expect(mediaKeys(world)).toEqual([]);
    },
  );

  it('knows a package that would be too large before anything is staged', () => {
    const one = { bytes: LIMITS.packageBytes };
    const found = [one];
    expect(isTooLarge(1000, found)).toBe(true);
    expect(isTooLarge(1000, [])).toBe(false);
    expect(isTooLarge(LIMITS.packageBytes, [])).toBe(true);
    const many = Array.from({ length: LIMITS.packageMedia + 1 }, () => ({ bytes: 1 }));
    expect(isTooLarge(1000, many)).toBe(true);
    expect(PRODUCT_REASONS['package-too-large'].zh).toContain('附件');
  });

  it('ends the request where its media would make the package too large, with nothing staged', async () => {
    const large = { mediaId: 'med_1', name: null, content: Buffer.from('x'), length: LIMITS.packageBytes };
    const world = await approvedRetrieval({ masking: 'named' }, [large]);
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'failed' });
    expect(await world.row()).toMatchObject({ state: 'failed', endReason: 'package-too-large' });
    await expectNothingReadable(world);
    const withheld = await approvedRetrieval({ masking: 'masked' }, [large]);
    expect(await provisionGrant(INPUT, dependencies(withheld))).toMatchObject({ state: 'open' });
  });

  it('raises the alarm and opens nothing where a medium was changed, cut off or is gone', async () => {
    for (const spoil of [
      (bytes: Uint8Array) =>
        Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte)),
      (bytes: Uint8Array) => bytes.slice(0, -1),
      () => null,
    ]) {
      const alarms: string[] = [];
      const world = await approvedRetrieval({ masking: 'named' }, media);
      const key = [...world.vault.objects.keys()].find((one) => one.endsWith('/med_1')) ?? '';
      const spoilt = spoil(world.vault.objects.get(key) ?? new Uint8Array());
      if (spoilt === null) world.vault.objects.delete(key);
      else world.vault.objects.set(key, spoilt);
      await expect(provisionGrant(INPUT, dependencies(world, alarms))).rejects.toMatchObject({
        name: expect.stringMatching(/^(Tampered|SealedFormat|BlockMissing)Error$/),
      });
      expect(alarms).toEqual(['block-refused']);
      expect(mediaKeys(world)).toEqual([]);
      expect((await world.row()).state).toBe('provisioning');
    }
  });

  it('stages the same media wherever it was killed and begun again, and clears them with the grant', async () => {
    const whole = mortal(await approvedRetrieval({ masking: 'named' }, media));
    await provisionGrant(INPUT, whole.dependencies);
    for (let effect = 0; effect < whole.process.effects(); effect += 1) {
      const world = await approvedRetrieval({ masking: 'named' }, media);
      await provisionGrant(INPUT, mortal(world, { effect, when: 'after' }).dependencies).catch(
        () => undefined,
      );
      await provisionGrant(INPUT, dependencies(world));
      expect((await world.row()).state).toBe('open');
      expect(mediaKeys(world)).toHaveLength(2);
      const parts = { store: world.grants, keys: world.requestKeys, delivery: world.delivery };
      await clearGrant(REQUEST_ID, { at: world.clock(), actor: 'function:test' }, parts);
      await expectNothingReadable(world);
    }
  });

  it('leaves records out that came after the check', async () => {
    const world = await approvedRetrieval();
    await world.ingest('third', ['后来的消息', '又一条'], 120);
    await provisionGrant(INPUT, dependencies(world));
    expect((await staged(world)).records).toHaveLength(5);
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({ newer: 2, missing: 0 });
  });

  it('opens with the approved words although the same message came since with others, and says so', async () => {
    const world = await approvedRetrieval();
    const [approved] = (await findRecords(world.records, await world.row(), [GUEST_ID])).flatMap(
      ({ entries }) => entries,
    );
    const forged = `${messageOf(approved?.recordId ?? '')}${'0'.repeat(16)}`;
    await world.ingest('forged', ['伪造的话'], -60, forged);
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'open' });
    const { records, completeness } = await staged(world);
    expect(records.map(({ text }) => text).join()).not.toContain('伪造的话');
    expect(completeness).toMatchObject({
      missing: [],
      found: { records: 5 },
      conflicts: [[approved?.recordId, forged].sort()],
    });
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({ newer: 1, conflicts: 1 });
  });

  it('opens although the same record came since in another place, under another key', async () => {
    const world = await approvedRetrieval();
    const [approved] = (await findRecords(world.records, await world.row(), [GUEST_ID])).flatMap(
      ({ entries }) => entries,
    );
    await world.ingest('elsewhere', ['同一条'], -60, approved?.recordId);
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'open' });
    expect((await staged(world)).records.map(({ text }) => text).join()).not.toContain('同一条');
  });

  it('returns any other state as it is', async () => {
    for (const state of ['awaiting-approval', 'denied', 'lapsed', 'withdrawn', 'open', 'closed'] as const) {
      const world = await approvedRetrieval({ state });
      expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state });
      expect(await world.grants.events(REQUEST_ID)).toEqual([]);
      expect([...world.delivery.objects.keys()]).toEqual([]);
    }
  });
});

describe('what no longer stands is never opened', () => {
  async function expectFailed(world: ApprovedRetrieval, endReason: string, rule: string): Promise<void> {
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'failed' });
    expect(await world.row()).toMatchObject({ state: 'failed', endReason, staged: null });
    const [event, ...more] = await world.grants.events(REQUEST_ID);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ type: 'grant-failed', data: { code: endReason } });
    expect(event?.data['rules']).toContain(rule);
    await expectNothingReadable(world);
  }

  it('fails where a record of the scope is gone (A7), and says how many', async () => {
    const world = await approvedRetrieval();
    world.records.rows.pop();
    await expectFailed(world, 'scope-changed', 'A7');
    expect((await world.grants.events(REQUEST_ID))[0]?.data).toMatchObject({ missing: 2 });
  });

  it('fails where retention has shredded the keys of a record of the scope (A7)', async () => {
    const world = await approvedRetrieval();
    world.custodyKeys.shredPeriod({ hotel: 'SHA01', recordClass: 'ordinary', period: '2026-11' });
    await expectFailed(world, 'scope-changed', 'A7');
  });

  it('fails where a record of the scope was replaced by another under its id (A7)', async () => {
    const world = await approvedRetrieval();
    world.records.rows.pop();
    await world.ingest('second', ['换过的内容', '再见'], 60);
    await expectFailed(world, 'scope-changed', 'A7');
  });

  it('fails where an approver has lost the role since (A1)', async () => {
    const world = await approvedRetrieval();
    world.directory.people.set(officer.personId, person('officer', 'sales'));
    await expectFailed(world, 'role-not-held', 'A1');
  });

  it('fails where an approver has left since (A1)', async () => {
    const world = await approvedRetrieval();
    world.directory.people.delete(director.personId);
    expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'failed' });
    await expectNothingReadable(world);
  });

  it('fails with one approval, with two by one person, and with one on another digest (A1)', async () => {
    const { approvals } = await (await approvedRetrieval()).row();
    const [first, second] = approvals;
    if (first === undefined || second === undefined) throw new Error('There are two approvals');
    for (const fewer of [
      [],
      [first],
      [first, { ...second, by: first.by }],
      [first, { ...second, role: first.role }],
      [first, { ...second, requestDigest: `sha256:${'0'.repeat(64)}` }],
      [first, { ...second, decision: 'deny' as const }],
    ]) {
      const world = await approvedRetrieval();
      world.grants.seed(await signedIn(world, { ...(await world.row()), approvals: fewer }));
      expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'failed' });
      await expectNothingReadable(world);
    }
  });

  it('fails on an approval that somebody wrote into the table, which no device signed (A6)', async () => {
    const world = await approvedRetrieval();
    const row = await world.row();
    const [signed] = row.approvals;
    if (signed === undefined) throw new Error('nobody approved');
    world.grants.seed({ ...row, approvals: [signed, approval(row, officer, 'privacy-officer')] });
    await expectFailed(world, 'step-up-missing', 'A6');
    await expectNothingReadable(world);
  });

  it('fails on an approval that names the evidence of another request (A6)', async () => {
    const world = await approvedRetrieval();
    const row = await world.row();
    const [first, second] = (await signedIn(world, { ...row, requestId: 'req_other' })).approvals;
    if (first === undefined || second === undefined) throw new Error('There are two approvals');
    const [own] = row.approvals;
    if (own === undefined) throw new Error('nobody approved');
    world.grants.seed({ ...row, approvals: [own, second] });
    await expectFailed(world, 'step-up-is-of-another-request', 'A6');
    await expectNothingReadable(world);
  });

  it('fails where a key of somebody else stands in the approver’s place (A6, R5)', async () => {
    const world = await approvedRetrieval();
    world.signing.change(world.signing.deviceOf(officer.personId), { publicKey: 'another' });
    await expectFailed(world, 'device-not-enrolled', 'R5');
  });

  it('fails where the row is not what was approved (A7)', async () => {
    const world = await approvedRetrieval();
    world.grants.seed({ ...(await world.row()), opens: 20 });
    await expectFailed(world, 'request-row-differs-from-its-digest', 'A7');
  });

  it('fails where the rule set in force has become stricter than the pinned one', async () => {
    const world = await approvedRetrieval();
    world.ruleSets.tighten('freeze.cedar', FREEZE);
    await expectFailed(world, 'retrievals-frozen', 'R13');
  });

  it('fails where the pinned rule set is stricter than the one in force', async () => {
    const world = await approvedRetrieval();
    world.ruleSets.tighten('freeze.cedar', FREEZE);
    // The request is checked, and approved, under the frozen set; afterwards a looser one comes into force.
    await world.freeze();
    world.ruleSets.loosen('freeze.cedar');
    expect((await world.ruleSets.current()).digest).not.toBe((await world.row()).ruleSet);
    await expectFailed(world, 'retrievals-frozen', 'R13');
  });
});

describe('retrievals of one guest by one requester in a month (R4)', () => {
  const asDirector = {
    requester: director.personId,
    recipient: director.personId,
    requesterRole: 'infosec-director' as const,
    purpose: 'complaint' as const,
    basis: 'contract' as const,
    matter: null,
    ticket: 'T-1',
    route: ['legal', 'privacy-officer'] satisfies AccessGrant['route'],
  };

  /** Approved by the second lawyer and the privacy officer, after so many retrievals of others’ requests. */
  async function retrievedBefore(granted: number, changes: Partial<AccessGrant> = {}) {
    const world = await approvedRetrieval({ ...asDirector, ...changes });
    const row = await world.row();
    const approvals = [approval(row, secondLawyer, 'legal'), approval(row, officer, 'privacy-officer')];
    world.grants.seed(await signedIn(world, { ...row, approvals }));
    for (let number = 1; number <= granted; number += 1) {
      const other = { ...row, requestId: `req_other${number}` };
      world.grants.seed(other);
      const [read] = await world.counts.read(director.personId, [GUEST_ID], ['2026-06']);
      if (read === undefined) throw new Error('There is no row');
      await world.grants.provision(
        other,
        {},
        { at: world.clock(), actor: 'function:provision', data: {} },
        { requester: director.personId, key: `request/${other.requestId}`, rows: [read] },
      );
    }
    return world;
  }

  it('are counted in the move that opens the grant', async () => {
    const world = await retrievedBefore(2);
    await provisionGrant(INPUT, dependencies(world));
    expect(await world.row()).toMatchObject({ state: 'open' });
    const [counted] = await world.counts.read(director.personId, [GUEST_ID], ['2026-06']);
    expect(counted?.keys).toEqual(['request/req_1', 'request/req_other1', 'request/req_other2']);
  });

  it('fail as the fourth, whatever the approvals, and count nothing', async () => {
    const world = await retrievedBefore(3);
    await provisionGrant(INPUT, dependencies(world));
    expect(await world.row()).toMatchObject({ state: 'failed' });
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data['rules']).toContain('R4');
    const [counted] = await world.counts.read(director.personId, [GUEST_ID], ['2026-06']);
    expect(counted?.keys).not.toContain('request/req_1');
  });

  it('are read again where another was granted meanwhile, and then fail as the fourth', async () => {
    const world = await retrievedBefore(2);
    const ports = dependencies(world);
    const row = await world.row();
    let once = true;
    const store: typeof ports.store = {
      ...ports.store,
      async provision(...move) {
        if (once) {
          once = false;
          const other = { ...row, requestId: 'req_between' };
          world.grants.seed(other);
          const rows = await world.counts.read(director.personId, [GUEST_ID], ['2026-06']);
          const reservation = { requester: director.personId, key: 'request/req_between', rows };
          const event = { at: world.clock(), actor: 'function:provision', data: {} };
          await world.grants.provision(other, {}, event, reservation);
        }
        return ports.store.provision(...move);
      },
    };
    await provisionGrant(INPUT, { ...ports, store });
    expect(await world.row()).toMatchObject({ state: 'failed' });
  });

  it('count in the month in which they are granted, decided again where it ends meanwhile', async () => {
    const world = await retrievedBefore(2);
    world.now.value = new Date('2026-06-30T15:59:59.999Z');
    const ports = dependencies(world);
    // The first look is at the last moment of June in Shanghai; whatever comes after is in July.
    let looks = 0;
    const clock = () => {
      looks += 1;
      return looks <= 1 ? new Date(world.now.value) : new Date('2026-06-30T16:00:00.000Z');
    };
    await provisionGrant(INPUT, { ...ports, clock });
    expect((await world.row()).state).toBe('open');
    const [june, its] = await world.counts.read(director.personId, [GUEST_ID], ['2026-06', '2026-07']);
    expect(june?.keys).not.toContain('request/req_1');
    expect(its?.keys).toEqual(['request/req_1']);
    const next = await retrievedBefore(3);
    next.now.value = new Date('2026-06-30T16:00:00.000Z');
    await provisionGrant(INPUT, dependencies(next));
    expect((await next.row()).state).toBe('open');
    const [july] = await next.counts.read(director.personId, [GUEST_ID], ['2026-07']);
    expect(july?.keys).toEqual(['request/req_1']);
  });
});

describe('what is broken throws by name, for the workflow to compensate', () => {
  async function failure(world: ApprovedRetrieval, alarms: string[] = []): Promise<string> {
    try {
      await provisionGrant(INPUT, dependencies(world, alarms));
    } catch (error) {
      return error instanceof Error ? error.name : 'not an error';
    }
    return 'nothing was thrown';
  }

  it('refuses a block with any bit flipped', async () => {
    const world = await approvedRetrieval();
    const [block] = world.blocks;
    const sealed = world.vault.objects.get(block?.objectKey ?? '');
    if (block === undefined || sealed === undefined) throw new Error('There is a first block');
    const alarms: string[] = [];
    for (const at of [0, 40, Math.floor(sealed.length / 2), sealed.length - 1]) {
      const flipped = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
      world.vault.objects.set(block.objectKey, flipped);
      expect(await failure(world, alarms)).toMatch(
        /^(Sealed\w+|WrongSealedObject|KeyCommitment|Tampered)Error$/,
      );
    }
    expect(alarms).toHaveLength(4);
    expect(await world.row()).toMatchObject({ state: 'provisioning' });
  });

  it('refuses a block in the place of another', async () => {
    const world = await approvedRetrieval();
    const [first, second] = world.blocks;
    const other = world.vault.objects.get(second?.objectKey ?? '');
    if (first === undefined || other === undefined) throw new Error('There are two blocks');
    world.vault.objects.set(first.objectKey, other);
    expect(await failure(world)).toBe('WrongSealedObjectError');
  });

  it('refuses a block of another hotel or guest', async () => {
    for (const changed of [{ hotel: 'HGH02' }, { guestId: 'gst_2' }]) {
      const world = await approvedRetrieval({ hotels: ['HGH02', 'SHA01'] });
      const [row] = world.records.rows;
      if (row === undefined) throw new Error('There is a first row');
      const moved = { ...row, ...changed };
      await world.custodyKeys.forWriting(moved, moved.guestId);
      world.records.rows[0] = moved;
      const grant = await world.row();
      const guests = [GUEST_ID, 'gst_2'];
      world.grants.seed({ ...grant, scope: grant.scope && { ...grant.scope, guests } });
      expect(await failure(world)).toBe('WrongSealedObjectError');
    }
  });

  it('refuses a block whose object is gone', async () => {
    const world = await approvedRetrieval();
    world.vault.objects.clear();
    expect(await failure(world)).toBe('BlockMissingError');
  });

  it('refuses a scope that is not the one that was frozen', async () => {
    const world = await approvedRetrieval();
    for (const [key, bytes] of world.evidence.objects) {
      const text = Buffer.from(bytes).toString('utf8');
      if (key.startsWith('scopes/'))
        world.evidence.objects.set(key, Buffer.from(text.replace(/[0-8]"/, '9"')));
    }
    expect(await failure(world)).toBe('ScopeAlteredError');
  });
});

describe('a crash anywhere is finished or cleared', () => {
  it('killed at each effect and run again: open once, with one event', async () => {
    for (const death of await deaths()) {
      const world = await approvedRetrieval();
      const { process, dependencies: killed } = mortal(world, death);
      await expect(provisionGrant(INPUT, killed)).rejects.toMatchObject({ name: 'KilledError' });
      expect(process.died()).toBe(true);
      expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'open' });
      expect((await staged(world)).records).toHaveLength(5);
      expect((await world.grants.events(REQUEST_ID)).map(({ type }) => type)).toEqual(['grant-provisioned']);
    }
  });

  it('killed at each effect and revoked meanwhile: never open, nothing left', async () => {
    for (const death of await deaths()) {
      const world = await approvedRetrieval();
      await provisionGrant(INPUT, mortal(world, death).dependencies).catch(() => null);
      const revoked = await world.grants.move(
        await world.row(),
        'revoke',
        {},
        {
          at: world.clock(),
          actor: officer.personId,
          data: {},
        },
      );
      expect(revoked.outcome).toBe('moved');
      expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'revoked' });
      await expectNothingReadable(world);
    }
  });

  it('killed at each effect of an ending: failed once, nothing left', async () => {
    const count = mortal(await withRecordGone());
    await provisionGrant(INPUT, count.dependencies);
    for (let effect = 0; effect < count.process.effects(); effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await withRecordGone();
        await provisionGrant(INPUT, mortal(world, { effect, when }).dependencies).catch(() => null);
        expect(await provisionGrant(INPUT, dependencies(world))).toMatchObject({ state: 'failed' });
        expect((await world.grants.events(REQUEST_ID)).map(({ type }) => type)).toEqual(['grant-failed']);
        await expectNothingReadable(world);
      }
    }
  });

  it('revoked between staging and opening: what was staged goes, the state stands', async () => {
    const world = await approvedRetrieval();
    const ports = dependencies(world);
    const output = await provisionGrant(INPUT, {
      ...ports,
      delivery: {
        ...ports.delivery,
        async putOnce(key, body) {
          const written = await world.delivery.putOnce(key, body);
          await world.grants.move(
            await world.row(),
            'revoke',
            {},
            {
              at: world.clock(),
              actor: officer.personId,
              data: {},
            },
          );
          return written;
        },
      },
    });
    expect(output).toMatchObject({ state: 'revoked' });
    await expectNothingReadable(world);
  });

  it('never makes a grant readable again whose key was shredded', async () => {
    const world = await approvedRetrieval();
    const { grants: store, requestKeys: keys, delivery } = world;
    await clearGrant(
      REQUEST_ID,
      { at: world.clock(), actor: 'function:compensate' },
      { store, keys, delivery },
    );
    await expect(provisionGrant(INPUT, dependencies(world))).rejects.toThrow('shredded');
    await expectNothingReadable(world);
  });

  it('two runs side by side agree on one staged object', async () => {
    const world = await approvedRetrieval();
    const [one, other] = await Promise.all([
      provisionGrant(INPUT, dependencies(world)),
      provisionGrant(INPUT, dependencies(world)),
    ]);
    expect([one.state, other.state]).toEqual(['open', 'open']);
    expect((await staged(world)).records).toHaveLength(5);
    expect(await world.grants.events(REQUEST_ID)).toHaveLength(1);
  });
});

async function withRecordGone(): Promise<ApprovedRetrieval> {
  const world = await approvedRetrieval();
  world.records.rows.pop();
  return world;
}
