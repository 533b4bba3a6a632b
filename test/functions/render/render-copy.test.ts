import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RenderDependencies, renderCopy } from '../../../functions/render/render-copy.ts';
import { sealStaged } from '../../../shared/crypto/staged-object.ts';
import type { AccessGrant, Opening } from '../../../shared/domain/access-grant.ts';
import type { CustodyEvent } from '../../../shared/domain/custody-event.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { stepUpEvidenceBytes, stepUpEvidenceKey } from '../../../shared/domain/step-up.ts';
import { clearGrant } from '../../../shared/loop/clear-grant.ts';
import { deliveryKeys } from '../../../shared/loop/delivery-keys.ts';
import { encodeStaged } from '../../../shared/package/staged-package.ts';
import { verifyPackageBytes } from '../../../shared/package/verify-package.ts';
import { inMemoryGrantStore } from '../../fakes/in-memory-grant-store.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { inMemoryRequestKeys } from '../../fakes/in-memory-request-keys.ts';
import { inMemoryStreamStore } from '../../fakes/in-memory-stream-store.ts';
import { scheduled } from '../../fakes/scheduled-port.ts';
import { samplePackage } from '../../shared/package/sample-package.ts';

const sample = samplePackage();
const { requestId } = sample.grant;
const OPENING: Opening = {
  openingId: sample.opening.openingId,
  requestId,
  state: 'preparing',
  number: null,
  by: 'p_legal1',
  copyKey: null,
  copyDigest: null,
  createdAt: sample.opening.createdAt,
  issuedAt: null,
  expiresAt: null,
  deleteAt: '2026-06-01T04:10:00.000Z',
};
const COPY = { requestId, openingId: OPENING.openingId };

let grants: ReturnType<typeof inMemoryGrantStore>;
let delivery: ReturnType<typeof inMemoryObjectStore>;
let keys: ReturnType<typeof inMemoryRequestKeys>;

/** A grant that is open, with what provision staged and an opening that is being prepared. */
async function provisioned(
  change: { grant?: Partial<AccessGrant>; events?: CustodyEvent[] } = {},
): Promise<RenderDependencies> {
  const key = await keys.create('grant', requestId);
  const sealed = sealStaged(key, requestId, encodeStaged(sample.records, sample.completeness));
  const staged = {
    key: deliveryKeys.staged(requestId),
    digest: sha256(sealed),
    records: 3,
    conversations: 1,
    bytes: sealed.length,
  };
  await delivery.put(staged.key, sealed);
  const grant = { ...sample.grant, staged, ...change.grant };
  grants.seed(grant);
  await grants.prepare(grant, OPENING);
  const evidence = inMemoryObjectStore();
  for (const signed of sample.signedApprovals) {
    const bytes = stepUpEvidenceBytes(signed);
    await evidence.put(stepUpEvidenceKey(sha256(bytes)), bytes);
  }
  const store = { ...grants, events: async () => change.events ?? [...sample.events] };
  return {
    region: sample.region,
    store,
    keys,
    delivery,
    deliveryMedia: inMemoryStreamStore(delivery),
    evidence,
    signer: sample.signer,
  };
}

function inTurn(dependencies: RenderDependencies, scheduler: fc.Scheduler): RenderDependencies {
  return {
    ...dependencies,
    store: scheduled(dependencies.store, scheduler),
    keys: scheduled(dependencies.keys, scheduler),
    delivery: scheduled(dependencies.delivery, scheduler),
  };
}

function copies(): string[] {
  return [...delivery.objects.keys()].filter((key) => key.startsWith(deliveryKeys.copies(requestId)));
}

/** The copy that the opening's row names. */
async function boundCopy(): Promise<Uint8Array | null> {
  const row = await grants.opening(requestId, OPENING.openingId);
  return row?.copyKey == null ? null : delivery.get(row.copyKey);
}

beforeEach(() => {
  grants = inMemoryGrantStore();
  delivery = inMemoryObjectStore();
  keys = inMemoryRequestKeys();
});

describe('rendering an opening’s copy', () => {
  it('delivers a package that verifies, and says its digest in the opening’s row', async () => {
    const result = await renderCopy(COPY, await provisioned());
    const copy = await boundCopy();
    if (copy === null) throw new Error('There is no copy');
    expect(result).toEqual({ outcome: 'rendered', records: 3, bytes: copy.length });
    expect(verifyPackageBytes(copy, [sample.signer.pinned])).toMatchObject({
      ok: true,
      trust: 'pinned',
      package: { requestId, opening: OPENING.openingId },
    });
    const row = await grants.opening(requestId, OPENING.openingId);
    expect(row).toMatchObject({ state: 'preparing', number: null, copyDigest: sha256(copy) });
    expect((await grants.read(requestId))?.opened).toBe(0);
  });

  it('is finished by the next run when it was cut off before its copy was bound', async () => {
    const dependencies = await provisioned();
    const died = {
      ...dependencies,
      store: { ...dependencies.store, rendered: () => Promise.reject(new Error('killed')) },
    };
    await expect(renderCopy(COPY, died)).rejects.toThrow('killed');
    const [orphan] = copies();
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'rendered' });
    const row = await grants.opening(requestId, OPENING.openingId);
    expect(row?.copyKey).not.toBe(orphan);
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'already-rendered' });
    // What the dead run left lies where the sweep looks for this opening's copies.
    for (const key of copies()) expect(key.startsWith(deliveryKeys.copiesOf(OPENING))).toBe(true);
  });

  it('renders anew, under another key, where the copy is gone', async () => {
    const dependencies = await provisioned();
    await renderCopy(COPY, dependencies);
    const gone = copies();
    await delivery.delete(gone[0] ?? '');
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'rendered' });
    expect(copies()).toHaveLength(1);
    expect(copies()).not.toEqual(gone);
  });

  it('leaves one copy of an opening however many render it at once, in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 3 }), async (scheduler, runs) => {
        grants = inMemoryGrantStore();
        delivery = inMemoryObjectStore();
        keys = inMemoryRequestKeys();
        const dependencies = await provisioned();
        const results = await scheduler.waitFor(
          Promise.all(Array.from({ length: runs }, () => renderCopy(COPY, inTurn(dependencies, scheduler)))),
        );
        expect(results.filter(({ outcome }) => outcome === 'rendered')).toHaveLength(1);
        expect(results.filter(({ outcome }) => outcome === 'already-rendered')).toHaveLength(runs - 1);
        expect(copies()).toEqual([(await grants.opening(requestId, OPENING.openingId))?.copyKey]);
      }),
      { numRuns: 30 },
    );
  });

  it('never brings a copy back: whenever the grant is cleared, none is left, none is bound, and it is recorded', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        grants = inMemoryGrantStore();
        delivery = inMemoryObjectStore();
        keys = inMemoryRequestKeys();
        const dependencies = await provisioned();
        const by = { at: new Date('2026-06-01T04:01:00.000Z'), actor: 'p_officer' };
        const store = scheduled(grants, scheduler);
        const bucket = scheduled(delivery, scheduler);
        async function revoke(): Promise<void> {
          const grant = await store.read(requestId);
          if (grant !== null) await store.move(grant, 'revoke', {}, { ...by, data: {} });
          await clearGrant(requestId, by, { store, keys: scheduled(keys, scheduler), delivery: bucket });
        }
        await scheduler.waitFor(
          Promise.all([renderCopy(COPY, inTurn(dependencies, scheduler)).catch(() => null), revoke()]),
        );
        expect([...delivery.objects.keys()]).toEqual([]);
        expect(await grants.opening(requestId, OPENING.openingId)).toMatchObject({ state: 'deleted' });
        expect(grants.notes(`copies/${requestId}`)).toMatchObject([{ type: 'copy-deleted' }]);
      }),
      { numRuns: 60 },
    );
  });

  it('renders nothing for a grant that is no longer open', async () => {
    const dependencies = await provisioned({ grant: { state: 'revoked' } });
    expect(await renderCopy(COPY, dependencies)).toEqual({ outcome: 'not-open', records: 0, bytes: 0 });
    expect(copies()).toEqual([]);
  });

  it('renders nothing where the grant ends while it reads', async () => {
    const dependencies = await provisioned();
    let reads = 0;
    const store = {
      ...dependencies.store,
      read: async (id: string) => {
        reads += 1;
        const grant = await grants.read(id);
        if (reads === 1) await keys.shred('grant', id);
        return grant === null || reads === 1 ? grant : { ...grant, state: 'closed' as const };
      },
    };
    expect(await renderCopy(COPY, { ...dependencies, store })).toMatchObject({ outcome: 'not-open' });
  });

  it('renders nothing for an opening that was counted or deleted', async () => {
    const dependencies = await provisioned();
    await grants.copyDeleted(OPENING, { at: new Date(), actor: 'function:reconcile', data: {} });
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'not-open' });
  });

  it.each([
    [
      'there is no such opening',
      async () => renderCopy({ requestId, openingId: 'opn_x' }, await provisioned()),
    ],
    ['nothing was staged', async () => renderCopy(COPY, await provisioned({ grant: { staged: null } }))],
    [
      'what was staged is gone',
      async () => {
        const dependencies = await provisioned();
        await delivery.delete(deliveryKeys.staged(requestId));
        return renderCopy(COPY, dependencies);
      },
    ],
    [
      'what was staged was changed',
      async () => {
        const dependencies = await provisioned();
        await delivery.put(deliveryKeys.staged(requestId), Buffer.from('something else'));
        return renderCopy(COPY, dependencies);
      },
    ],
  ])('breaks by name where %s', async (_, render) => {
    await expect(render()).rejects.toMatchObject({ name: 'CopySourceError' });
  });

  it('delivers nothing that would not verify: approvals of another request, one approval only', async () => {
    const other = sample.grant.approvals.map((approval) => ({ ...approval, requestDigest: sha256('other') }));
    await expect(renderCopy(COPY, await provisioned({ grant: { approvals: other } }))).rejects.toMatchObject({
      name: 'UnsoundPackageError',
      message: expect.stringContaining('approvals'),
    });
    const onePerson = sample.grant.approvals.slice(0, 1);
    await expect(
      renderCopy(COPY, await provisioned({ grant: { approvals: onePerson } })),
    ).rejects.toMatchObject({
      name: 'UnsoundPackageError',
    });
    expect(copies()).toEqual([]);
  });
});
