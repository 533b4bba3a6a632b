import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RenderDependencies, renderCopy } from '../../../functions/render/render-copy.ts';
import { sealStaged } from '../../../shared/crypto/staged-object.ts';
import type { AccessGrant, Opening } from '../../../shared/domain/access-grant.ts';
import type { CustodyEvent } from '../../../shared/domain/custody-event.ts';
import { sha256 } from '../../../shared/domain/digest.ts';
import { deliveryKeys } from '../../../shared/loop/delivery-keys.ts';
import { buildPackage } from '../../../shared/package/build-package.ts';
import { encodeStaged } from '../../../shared/package/staged-package.ts';
import { verifyPackageBytes } from '../../../shared/package/verify-package.ts';
import { inMemoryGrantStore } from '../../fakes/in-memory-grant-store.ts';
import { inMemoryObjectStore } from '../../fakes/in-memory-object-store.ts';
import { inMemoryRequestKeys } from '../../fakes/in-memory-request-keys.ts';
import { samplePackage } from '../../shared/package/sample-package.ts';

const sample = samplePackage();
const { requestId } = sample.grant;
const OPENING: Opening = {
  openingId: sample.opening.openingId,
  requestId,
  state: 'preparing',
  number: null,
  by: 'p_legal1',
  copyKey: deliveryKeys.copy(requestId, sample.opening.openingId),
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
  grants.seed({ ...sample.grant, staged, ...change.grant });
  await grants.prepare(OPENING);
  const store = { ...grants, events: async () => change.events ?? [...sample.events] };
  return { region: sample.region, store, keys, delivery, signer: sample.signer };
}

beforeEach(() => {
  grants = inMemoryGrantStore();
  delivery = inMemoryObjectStore();
  keys = inMemoryRequestKeys();
});

describe('rendering an opening’s copy', () => {
  it('delivers a package that verifies, and says its digest in the opening’s row', async () => {
    const result = await renderCopy(COPY, await provisioned());
    const copy = await delivery.get(OPENING.copyKey);
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

  it('makes the same copy when it was cut off before or after the copy was put', async () => {
    const dependencies = await provisioned();
    const died = {
      ...dependencies,
      store: { ...dependencies.store, rendered: () => Promise.reject(new Error('killed')) },
    };
    await expect(renderCopy(COPY, died)).rejects.toThrow('killed');
    const first = await delivery.get(OPENING.copyKey);
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'rendered' });
    expect(await delivery.get(OPENING.copyKey)).toEqual(first);
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'already-rendered' });
  });

  it('renders anew where the copy is gone', async () => {
    const dependencies = await provisioned();
    await renderCopy(COPY, dependencies);
    await delivery.delete(OPENING.copyKey);
    expect(await renderCopy(COPY, dependencies)).toMatchObject({ outcome: 'rendered' });
  });

  it('lets the first copy stand, and takes nothing else for it', async () => {
    const dependencies = await provisioned();
    const first = await buildPackage({
      ...sample,
      opening: { ...OPENING, createdAt: '2026-06-01T03:59:00.000Z' },
    });
    await delivery.put(OPENING.copyKey, first);
    await renderCopy(COPY, dependencies);
    expect((await grants.opening(requestId, OPENING.openingId))?.copyDigest).toBe(sha256(first));

    for (const other of [
      Buffer.from('something else'),
      await buildPackage({ ...sample, opening: { ...OPENING, openingId: 'opn_other' } }),
    ]) {
      await delivery.put(OPENING.copyKey, other);
      await expect(renderCopy(COPY, dependencies)).rejects.toMatchObject({ name: 'UnsoundPackageError' });
    }
  });

  it('renders nothing for a grant that is no longer open', async () => {
    const dependencies = await provisioned({ grant: { state: 'revoked' } });
    expect(await renderCopy(COPY, dependencies)).toEqual({ outcome: 'not-open', records: 0, bytes: 0 });
    expect(await delivery.get(OPENING.copyKey)).toBeNull();
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
    expect(await delivery.get(OPENING.copyKey)).toBeNull();
  });
});
