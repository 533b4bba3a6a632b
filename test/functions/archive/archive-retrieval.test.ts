import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { archiveSchema } from '../../../functions/archive/archive-document.ts';
import { type ArchiveDependencies, archiveRetrieval } from '../../../functions/archive/archive-retrieval.ts';
import { archiveKeys, archiveNote } from '../../../functions/archive/seal-archive.ts';
import { openText } from '../../../shared/crypto/sealed-text.ts';
import type { AccessGrant, Opening } from '../../../shared/domain/access-grant.ts';
import { faultInChain } from '../../../shared/domain/custody-event.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import type { Print } from '../../../shared/domain/print.ts';
import { requestTexts } from '../../../shared/loop/request-texts.ts';
import { isSignedBy, parseNote } from '../../../shared/package/signed-note.ts';
import {
  type ApprovedRetrieval,
  approvedRetrieval,
  REQUEST_ID,
  SECRETS,
} from '../../fakes/approved-retrieval.ts';
import { inMemoryProviderStore } from '../../fakes/in-memory-provider-store.ts';
import { type Death, mortalProcess } from '../../fakes/killed-process.ts';
import { lawyer, scopeFacts } from '../../shared/policy/staff.ts';

const INPUT = { version: 1 as const, requestId: REQUEST_ID };

function copyOf(openingId: string) {
  return {
    copyKey: `copies/${REQUEST_ID}/${openingId}/one.zip`,
    copyDigest: `sha256:${'c'.repeat(64)}`,
  };
}

function opening(number: number | null, changes: Partial<Opening> = {}): Opening {
  const openingId = `opn_${String(number).padStart(32, '0')}`;
  return {
    openingId,
    requestId: REQUEST_ID,
    state: 'preparing',
    number,
    by: lawyer.personId,
    ...copyOf(openingId),
    createdAt: '2026-06-15T11:00:00.000Z',
    issuedAt: '2026-06-15T11:00:01.000Z',
    expiresAt: '2026-06-15T11:05:01.000Z',
    deleteAt: '2026-06-15T11:10:01.000Z',
    ...changes,
  };
}

/** A grant that was provisioned, opened once and ended; with `dirty`, whoever ended it crashed before clearing. */
async function endedRetrieval(dirty = false, changes: Partial<AccessGrant> = {}) {
  const world = await approvedRetrieval(changes);
  const by = {
    at: world.clock(),
    actor: 'function:provision',
    data: { records: 5, missing: 0, rejected: 2 },
  };
  const staged = { key: `staged/${REQUEST_ID}`, digest: 'd', records: 5, conversations: 1, bytes: 9 };
  await world.requestKeys.create('grant', REQUEST_ID);
  await world.delivery.put(staged.key, Buffer.from('staged'));
  const moved = await world.grants.move(await world.row(), 'provision', { staged }, by);
  const one = opening(1);
  const copy = copyOf(one.openingId);
  await world.delivery.put(copy.copyKey, Buffer.from('copy'));
  const unrendered = { ...one, number: null, copyKey: null, copyDigest: null };
  if (moved.outcome === 'moved') await world.grants.prepare(moved.grant, unrendered);
  await world.grants.rendered(unrendered, copy);
  if (moved.outcome === 'moved') await world.grants.issue(moved.grant, one, by);
  await world.grants.move(await world.row(), 'close', {}, { ...by, actor: lawyer.personId, data: {} });
  if (!dirty) {
    await world.requestKeys.shred('grant', REQUEST_ID);
    world.delivery.objects.clear();
    await world.grants.copyDeleted(one, { ...by, data: {} });
  }
  return world;
}

function dependencies(world: ApprovedRetrieval, prints: Print[] = []): ArchiveDependencies {
  return {
    clock: world.clock,
    region: 'cn-north-1',
    store: world.grants,
    providers: inMemoryProviderStore(),
    prints: { ofRequest: async () => prints },
    keys: world.requestKeys,
    delivery: world.delivery,
    evidence: world.evidence,
    signer: world.signer,
  };
}

function archiveText(world: ApprovedRetrieval): string {
  return Buffer.from(world.evidence.objects.get(archiveKeys.archive(REQUEST_ID)) ?? []).toString('utf8');
}

async function expectSealed(world: ApprovedRetrieval): Promise<void> {
  const grant = await world.row();
  const text = archiveText(world);
  expect(grant).toMatchObject({ state: 'archived', archive: { key: archiveKeys.archive(REQUEST_ID) } });
  expect(grant.archive?.digest).toBe(sha256(text));
  const note = parseNote(
    Buffer.from(world.evidence.objects.get(archiveKeys.signature(REQUEST_ID)) ?? []).toString('utf8'),
  );
  const { spki } = await world.signer.publicKey();
  expect(note?.text).toBe(archiveNote(REQUEST_ID, sha256(text)));
  expect(note !== null && isSignedBy(note, 'dualkey/cn-north-1', spki)).toBe(true);
  const events = await world.grants.events(REQUEST_ID);
  expect(faultInChain(events)).toBeNull();
  expect(events.filter(({ type }) => type === 'grant-archived')).toMatchObject([
    { data: { archive: sha256(text) } },
  ]);
  expect([...world.delivery.objects.keys()]).toEqual([]);
  expect(world.requestKeys.kept()).toEqual([`evidence ${REQUEST_ID}`]);
}

function print(number: number, changes: Partial<Print> = {}): Print {
  const made = { by: lawyer.personId, at: '2026-06-15T11:30:00.000Z' };
  return {
    requestId: REQUEST_ID,
    number,
    seal: `S-00${number}`,
    state: 'out',
    ...made,
    ended: null,
    ...changes,
  };
}
const RETURNED = {
  state: 'returned' as const,
  ended: { by: 'p_officer', at: '2026-06-15T12:00:00.000Z', reason: 'sealed', reasonCommitment: 'c' },
};

describe('an archive', () => {
  it('names the prints that are still out, and counts them in its event (R13)', async () => {
    const world = await endedRetrieval();
    await archiveRetrieval(INPUT, dependencies(world, [print(1), print(2, RETURNED), print(3)]));
    expect(archiveSchema.parse(JSON.parse(archiveText(world))).openPrints).toEqual([
      { number: 1, seal: 'S-001', by: 'p_lawyer', at: '2026-06-15T11:30:00.000Z' },
      { number: 3, seal: 'S-003', by: 'p_lawyer', at: '2026-06-15T11:30:00.000Z' },
    ]);
    expect((await world.grants.events(REQUEST_ID)).at(-1)).toMatchObject({
      type: 'grant-archived',
      data: { openPrints: 2 },
    });
  });

  it('stands where a print came back, or was put on record, between two runs', async () => {
    const world = await endedRetrieval();
    const broken = dependencies(world, [print(1), print(2)]);
    const move = async () => {
      throw new Error('the table is away');
    };
    const dying = { ...broken, store: { ...broken.store, move } };
    await expect(archiveRetrieval(INPUT, dying)).rejects.toThrow('the table is away');
    const since = [print(1), print(2, RETURNED), print(3)];
    expect(await archiveRetrieval(INPUT, dependencies(world, since))).toMatchObject({ state: 'archived' });
    expect(archiveText(world)).toContain('S-002');
    expect(archiveText(world)).not.toContain('S-003');
  });

  it('of a request of which check kept what it found is read again as it was written', async () => {
    const world = await endedRetrieval();
    const grant = await world.row();
    if (grant.scope === null) throw new Error('The retrieval has no scope');
    world.grants.seed({ ...grant, scope: { ...grant.scope, found: { ...scopeFacts(), retrievals: 0 } } });
    await archiveRetrieval(INPUT, dependencies(world));
    expect(archiveSchema.parse(JSON.parse(archiveText(world))).scope).toEqual({
      digest: grant.scope.digest,
      conversations: grant.scope.conversations,
      records: grant.scope.records,
      guests: grant.scope.guests.length,
      sensitive: grant.scope.sensitive,
      media: grant.scope.media,
    });
  });

  it('states the request, its digests, approvals, events, openings and counts, signed', async () => {
    const world = await endedRetrieval();
    expect(await archiveRetrieval(INPUT, dependencies(world))).toMatchObject({ state: 'archived' });
    await expectSealed(world);
    const archive = archiveSchema.parse(JSON.parse(archiveText(world)));
    const grant = await world.row();
    expect(archive).toMatchObject({
      requestId: REQUEST_ID,
      ended: 'closed',
      requestDigest: grant.requestDigest,
      scope: { digest: grant.scope?.digest, guests: 1, records: 5 },
      completeness: { records: 5, missing: 0, rejected: 2 },
      openings: [{ number: 1, by: lawyer.personId }],
    });
    expect(archive.approvals).toHaveLength(2);
    expect(archive.events.map(({ type }) => type)).toEqual([
      'grant-provisioned',
      'grant-opened',
      'grant-closed',
    ]);
  });

  it('has no guest’s word, identifier or typed text in the clear', async () => {
    const world = await endedRetrieval(false, { matter: '王小明案', ticket: '王小明投诉' });
    await archiveRetrieval(INPUT, dependencies(world));
    const text = archiveText(world);
    for (const secret of [...SECRETS, '王小明', 'gst_1']) expect(text).not.toContain(secret);
  });

  it('keeps what was typed under the evidence key, to be read while that key stands', async () => {
    const world = await endedRetrieval();
    await archiveRetrieval(INPUT, dependencies(world));
    const { sealed } = archiveSchema.parse(JSON.parse(archiveText(world)));
    const key = await world.requestKeys.read('evidence', REQUEST_ID);
    if (key === null) throw new Error('The evidence key is gone');
    expect(openText(key, requestTexts.subject(REQUEST_ID), sealed.subject ?? '')).toBe('+8613800138000');
    const references = openText(key, { requestId: REQUEST_ID, field: 'references' }, sealed.references ?? '');
    expect(z.json().parse(JSON.parse(references))).toMatchObject({ matter: 'M-2026-014' });
  });

  it('removes what ending the grant had left behind, and says so', async () => {
    const world = await endedRetrieval(true);
    await archiveRetrieval(INPUT, dependencies(world));
    await expectSealed(world);
    expect((await world.grants.events(REQUEST_ID)).at(-1)?.data).toMatchObject({ leftBehind: 2 });
  });

  it('leaves openings out that were never counted', async () => {
    const world = await endedRetrieval();
    const never = opening(null, { openingId: 'opn_never' });
    expect(await world.grants.prepare(await world.row(), never)).toMatchObject({ outcome: 'prepared' });
    await archiveRetrieval(INPUT, dependencies(world));
    expect(archiveSchema.parse(JSON.parse(archiveText(world))).openings).toHaveLength(1);
  });

  it('is written of a grant that was revoked before it was ever open', async () => {
    const world = await approvedRetrieval();
    await world.grants.move(
      await world.row(),
      'revoke',
      { endReason: 'revoked' },
      {
        at: world.clock(),
        actor: lawyer.personId,
        data: {},
      },
    );
    expect(await archiveRetrieval(INPUT, dependencies(world))).toMatchObject({ state: 'archived' });
    expect(archiveSchema.parse(JSON.parse(archiveText(world)))).toMatchObject({
      ended: 'revoked',
      openings: [],
      completeness: null,
    });
  });

  it('is not written of a request in any other state', async () => {
    for (const state of ['open', 'provisioning', 'failed', 'denied', 'archived'] as const) {
      const world = await approvedRetrieval({ state });
      expect(await archiveRetrieval(INPUT, dependencies(world))).toMatchObject({ state });
      expect(archiveText(world)).toBe('');
    }
  });
});

describe('an archive that can’t be trusted is not written', () => {
  it('where the chain of custody is not whole', async () => {
    const world = await endedRetrieval();
    const { store } = dependencies(world);
    for (const changed of [
      async () => (await world.grants.events(REQUEST_ID)).slice(0, -1),
      async () => (await world.grants.events(REQUEST_ID)).slice(1),
      async () =>
        (await world.grants.events(REQUEST_ID)).map((event) => ({ ...event, actor: 'p_somebody-else' })),
    ]) {
      const broken = { ...dependencies(world), store: { ...store, events: changed } };
      await expect(archiveRetrieval(INPUT, broken)).rejects.toMatchObject({ name: 'ChainOfCustodyError' });
      expect(archiveText(world)).toBe('');
    }
  });

  it('where something else lies under its name already', async () => {
    for (const there of ['{}', 'not JSON']) {
      const world = await endedRetrieval();
      await world.evidence.put(archiveKeys.archive(REQUEST_ID), Buffer.from(there));
      await expect(archiveRetrieval(INPUT, dependencies(world))).rejects.toMatchObject({
        name: 'ArchiveConflictError',
      });
      expect((await world.row()).state).toBe('closed');
    }
  });

  it('where another archive of the same request states something else', async () => {
    const other = await endedRetrieval();
    await archiveRetrieval(INPUT, dependencies(other));
    const world = await endedRetrieval();
    const changed = archiveText(other).replace('"endReason":null', '"endReason":"revoked"');
    await world.evidence.put(archiveKeys.archive(REQUEST_ID), Buffer.from(changed));
    await expect(archiveRetrieval(INPUT, dependencies(world))).rejects.toThrow();
    expect((await world.row()).state).toBe('closed');
  });

  it('where it has a signature that is not of this key', async () => {
    const world = await endedRetrieval();
    const note = archiveNote(REQUEST_ID, sha256('another'));
    await world.evidence.put(archiveKeys.signature(REQUEST_ID), Buffer.from(`${note}\n— x AAAAAAAAAA==\n`));
    await expect(archiveRetrieval(INPUT, dependencies(world))).rejects.toMatchObject({
      name: 'ArchiveConflictError',
    });
  });

  it('where an object in the delivery bucket doesn’t go', async () => {
    const world = await endedRetrieval(true);
    const stubborn = { ...dependencies(world), delivery: { ...world.delivery, async delete() {} } };
    await expect(archiveRetrieval(INPUT, stubborn)).rejects.toMatchObject({ name: 'NotClearedError' });
    expect((await world.row()).state).toBe('closed');
  });
});

describe('a crash anywhere', () => {
  function mortal(world: ApprovedRetrieval, death?: Death) {
    const process = mortalProcess(death);
    const ports = dependencies(world);
    return {
      process,
      dependencies: {
        ...ports,
        store: process.watched(ports.store),
        keys: process.watched(ports.keys),
        delivery: process.watched(ports.delivery),
        evidence: process.watched(ports.evidence),
        signer: process.watched(ports.signer),
      },
    };
  }

  it('at each effect: the next run archives, once, and nothing is left', async () => {
    const count = mortal(await endedRetrieval(true));
    await archiveRetrieval(INPUT, count.dependencies);
    for (let effect = 0; effect < count.process.effects(); effect += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = await endedRetrieval(true);
        const { dependencies: killed } = mortal(world, { effect, when });
        await expect(archiveRetrieval(INPUT, killed)).rejects.toThrow();
        world.wait(1);
        expect(await archiveRetrieval(INPUT, dependencies(world))).toMatchObject({ state: 'archived' });
        await expectSealed(world);
      }
    }
  });

  it('two runs side by side seal one archive', async () => {
    const world = await endedRetrieval(true);
    const outputs = await Promise.all([
      archiveRetrieval(INPUT, dependencies(world)),
      archiveRetrieval(INPUT, dependencies(world)),
    ]);
    expect(outputs.map(({ state }) => state)).toEqual(['archived', 'archived']);
    await expectSealed(world);
  });
});
