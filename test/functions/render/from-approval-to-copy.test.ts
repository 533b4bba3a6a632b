import { describe, expect, it } from '@jest/globals';
import { decideOnRequest } from '../../../functions/approve/decide-on-request.ts';
import { decideOnOpening } from '../../../functions/open/decide-on-opening.ts';
import { openGrant } from '../../../functions/open/open-grant.ts';
import { provisionGrant } from '../../../functions/provision/provision-grant.ts';
import { renderCopy } from '../../../functions/render/render-copy.ts';
import type { AccessGrant } from '../../../shared/domain/access-grant.ts';
import { decidingRole } from '../../../shared/domain/deciding-role.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { requestDigest } from '../../../shared/domain/request-digest.ts';
import { pinnedKeys } from '../../../shared/package/pinned-keys.ts';
import { verifyPackageBytes } from '../../../shared/package/verify-package.ts';
import { writeZip } from '../../../shared/package/zip-writer.ts';
import type { StepUpOutcome } from '../../../shared/policy/facts.ts';
import type { CopyRenderer } from '../../../shared/ports/copy-renderer.ts';
import type { GrantStore } from '../../../shared/ports/grant-store.ts';
import { regionConfig } from '../../../shared/runtime/region.ts';
import { approvedRetrieval, REQUEST_ID, SECRETS } from '../../fakes/approved-retrieval.ts';
import { inMemoryGrantStore } from '../../fakes/in-memory-grant-store.ts';
import { entriesOf } from '../../shared/package/raw-zip.ts';
import { director, lawyer, officer } from '../../shared/policy/staff.ts';

/** The request of the fixture, made, checked and approved step by step, so that its events are the product's own. */
async function approvedStepByStep(...of: Parameters<typeof approvedRetrieval>) {
  const world = await approvedRetrieval(...of);
  const { version: _, chain: __, ...row } = await world.row();
  const store = inMemoryGrantStore(world.signing.use);
  const draft = { at: new Date(row.requestedAt), actor: row.requester, data: {} };
  const made = await store.create({ ...row, state: 'requested', approvals: [], requestDigest: null }, draft);
  const digest = requestDigest(made);
  await store.move(made, 'submit', { requestDigest: digest }, { ...draft, actor: 'function:check' });
  for (const actor of [officer, director]) {
    world.wait(1);
    const answer = await decideOnRequest(
      {
        requestId: REQUEST_ID,
        actor,
        body: {
          decision: 'approve',
          reason: '案件需要',
          requestDigest: digest,
          stepUp: world.signing.sign({
            action: 'approve',
            subject: REQUEST_ID,
            digest,
            role: decidingRole(await step(store), actor, undefined, world.clock()),
            reason: '案件需要',
            person: actor.personId,
            now: world.clock(),
          }),
          asOf: undefined,
        },
        now: world.clock(),
      },
      {
        ...world,
        store,
        keys: world.requestKeys,
        stepUps: world.signing.sources(world.evidence),
        emergency: { places: world.places, cases: world.cases, emergencies: world.grants.emergencies },
        emergencyOpened: () => undefined,
      },
    );
    expect(answer.status).toBe(200);
  }
  return { ...world, store, digest };
}

async function step(store: Pick<GrantStore, 'read'>): Promise<AccessGrant> {
  const row = await store.read(REQUEST_ID);
  if (row === null) throw new Error('The request is gone');
  return row;
}

/** The grant made ready, and what opening it takes: its copy is rendered at once. */
async function provisionedAndOpenable(world: Awaited<ReturnType<typeof approvedStepByStep>>) {
  const { store, clock, delivery, signer } = world;
  const provisioned = await provisionGrant(
    { version: 1, requestId: REQUEST_ID },
    {
      ...world,
      store,
      keys: world.custodyKeys,
      batchCounts: async () => [],
      blockRefused: () => undefined,
      recordsLost: () => undefined,
    },
  );
  expect(provisioned.state).toBe('open');

  const renderer: CopyRenderer = {
    async render(copy) {
      await renderCopy(copy, {
        region: regionConfig('cn-north-1'),
        store,
        keys: world.requestKeys,
        delivery,
        deliveryMedia: world.deliveryMedia,
        evidence: world.evidence,
        signer,
      });
    },
    renderLater: () => Promise.reject(new Error('The copy is small')),
  };
  return {
    clock,
    limits: { linkSeconds: 300, copyMinutes: 10 },
    grants: store,
    delivery,
    renderer,
    links: { sign: async ({ key }: { key: string }) => key },
    decide: (grant: AccessGrant, actor: Person, now: Date, stepUp: StepUpOutcome) =>
      decideOnOpening(grant, actor, now, stepUp, world),
    stepUps: { ...world.signing.sources(world.evidence), devices: world.signing },
    counted: () => undefined,
  };
}

function signedOpening({ signing, clock, digest }: Awaited<ReturnType<typeof approvedStepByStep>>) {
  return signing.sign({
    action: 'open',
    subject: REQUEST_ID,
    digest,
    role: null,
    reason: null,
    person: lawyer.personId,
    now: clock(),
  });
}

describe('a copy made by the steps of the loop', () => {
  it('verifies against the region’s key, each opening with its own watermark', async () => {
    const world = await approvedStepByStep();
    const { store, delivery, signer } = world;
    const dependencies = await provisionedAndOpenable(world);
    const { keyId, fingerprint, spki } = await signer.publicKey();
    const keys = pinnedKeys({ keys: [{ keyId, fingerprint, spki: Buffer.from(spki).toString('base64') }] });

    for (const number of [1, 2]) {
      world.wait(1);
      const opened = await openGrant(
        { requestId: REQUEST_ID, actor: lawyer, key: `key-${number}`, stepUp: signedOpening(world) },
        dependencies,
      );
      expect(opened.status).toBe(200);
      const issued = (await store.openings(REQUEST_ID)).find((opening) => opening.number === number);
      const zip = Buffer.from((await delivery.get(issued?.copyKey ?? '')) ?? []);
      const verified = verifyPackageBytes(zip, keys);
      expect(verified.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(verified).toMatchObject({
        ok: true,
        trust: 'pinned',
        package: { opening: issued?.openingId, records: 5 },
      });
      const [manifest] = await entriesOf(zip);
      expect(JSON.parse(manifest?.bytes.toString('utf8') ?? '')).toMatchObject({ opening: { number } });

      const all = (await entriesOf(zip)).map(({ bytes }) => bytes.toString('utf8')).join('\n');
      expect(all).toContain(SECRETS[0]);
      for (const hidden of ['13800138000', '王小明', 'wm_1', '内部备注', '案件需要'])
        expect(all).not.toContain(hidden);
    }
  });

  it('has the media of a grant with names as they came, and fails where one was changed, added or left out', async () => {
    const photo = Buffer.from('a photo of a key card');
    const cut = Buffer.from('cut off on the wa');
    const world = await approvedStepByStep({ masking: 'named' }, [
      { mediaId: 'med_1', name: '王小明.PNG', content: photo },
      { mediaId: 'med_2', name: 'evil.html', content: cut, declared: `md5:${'0'.repeat(32)}` },
      { mediaId: 'med_3', name: null, content: null },
    ]);
    const dependencies = await provisionedAndOpenable(world);
    const opened = await openGrant(
      { requestId: REQUEST_ID, actor: lawyer, key: 'key-1', stepUp: signedOpening(world) },
      dependencies,
    );
    expect(opened.status).toBe(200);
    const [issued] = await world.store.openings(REQUEST_ID);
    const zip = Buffer.from((await world.delivery.get(issued?.copyKey ?? '')) ?? []);
    const entries = await entriesOf(zip);
    const media = entries.filter(({ name }) => name.startsWith('attachments/'));
    expect(media.map(({ name }) => name.replace(/[0-9a-f]{32}/, 'record'))).toEqual([
      'attachments/record-1.png',
      'attachments/record-2.jpg',
    ]);
    expect(media.map(({ bytes }) => bytes.toString())).toEqual([photo.toString(), cut.toString()]);
    expect(verifyPackageBytes(zip, null).checks.filter(({ ok }) => !ok)).toEqual([]);
    const transcript = entries.find(({ name }) => name === 'transcript.html')?.bytes.toString() ?? '';
    for (const { name } of media) expect(transcript).toContain(`<a href="${name}">`);

    const failing = (changed: { name: string; bytes: Uint8Array }[]) =>
      verifyPackageBytes(writeZip(changed), null)
        .checks.filter(({ ok }) => !ok)
        .map(({ name }) => name);
    const [first] = media;
    const spoilt = entries.map((entry) =>
      entry.name === first?.name ? { ...entry, bytes: Buffer.from('another photo of a card') } : entry,
    );
    expect(failing(spoilt)).toContain('entries');
    expect(failing(entries.filter(({ name }) => name !== first?.name))).toContain('entries');
    expect(failing([...entries, { name: 'attachments/more.jpg', bytes: photo }])).toContain('entries');
  });

  it('stays what was approved where media are brought after it was made ready, and opens no more once one is gone (A7)', async () => {
    const photo = Buffer.from('a photo of a key card');
    const world = await approvedStepByStep({ masking: 'named' }, [
      { mediaId: 'med_1', name: 'card.png', content: photo },
      { mediaId: 'med_2', name: null, content: null },
    ]);
    const dependencies = await provisionedAndOpenable(world);
    const open = (key: string) =>
      openGrant({ requestId: REQUEST_ID, actor: lawyer, key, stepUp: signedOpening(world) }, dependencies);
    await world.supply(1, Buffer.from('brought after it was made ready'));
    expect((await open('key-1')).status).toBe(200);
    const [issued] = await world.store.openings(REQUEST_ID);
    const zip = Buffer.from((await world.delivery.get(issued?.copyKey ?? '')) ?? []);
    const media = (await entriesOf(zip)).filter(({ name }) => name.startsWith('attachments/'));
    expect(media.map(({ bytes }) => bytes.toString())).toEqual([photo.toString()]);
    world.wait(1);
    await world.supply(0, null);
    expect(await open('key-2')).toMatchObject({
      status: 403,
      body: { verdict: { rules: ['A7'], reasons: expect.arrayContaining(['records-changed']) } },
    });
  });
});
