import { openStaged } from '../../shared/crypto/staged-object.ts';
import type { AccessGrant, Opening } from '../../shared/domain/access-grant.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { buildPackage } from '../../shared/package/build-package.ts';
import { decodeStaged } from '../../shared/package/staged-package.ts';
import { verifyPackageBytes } from '../../shared/package/verify-package.ts';
import type { CopyToRender } from '../../shared/ports/copy-renderer.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { Signer } from '../../shared/ports/signer.ts';

/** There is no such opening, or what was staged for its grant isn't there or isn't what its row says. */
export class CopySourceError extends Error {
  override name = 'CopySourceError';
}

/** The package that was made doesn't verify: it is not delivered. The message names the checks that failed. */
export class UnsoundPackageError extends Error {
  override name = 'UnsoundPackageError';
}

export type RenderDependencies = {
  region: Pick<RegionConfig, 'region' | 'hotels'>;
  store: Pick<GrantStore, 'read' | 'opening' | 'events' | 'rendered'>;
  keys: Pick<RequestKeys, 'read'>;
  delivery: Pick<ObjectStore, 'get' | 'putOnce'>;
  signer: Signer;
};

export type RenderOutcome = {
  /** `not-open`: the grant ended, or the opening was counted or deleted, so that there is nothing to render for. */
  outcome: 'rendered' | 'already-rendered' | 'not-open';
  records: number;
  bytes: number;
};

/**
 * Renders the watermarked, signed copy of one opening into the delivery bucket and says its digest in the opening's
 * row. Counts nothing and signs no link; a second run makes the same copy. Throws CopySourceError, UnsoundPackageError.
 */
export async function renderCopy(
  { requestId, openingId }: CopyToRender,
  dependencies: RenderDependencies,
): Promise<RenderOutcome> {
  const { store, delivery, signer, region } = dependencies;
  const [grant, opening] = await Promise.all([store.read(requestId), store.opening(requestId, openingId)]);
  if (grant === null || opening === null) throw new CopySourceError(`There is no opening ${openingId}`);
  if (grant.state !== 'open' || opening.state !== 'preparing') return nothing('not-open');
  if (await isRendered(opening, delivery)) return nothing('already-rendered');

  const [staged, events] = await Promise.all([readStaged(grant, dependencies), store.events(requestId)]);
  if (staged === 'ended') return nothing('not-open');
  const zip = await buildPackage({ region, grant, opening, events, signer, ...staged });
  checkSound(zip, opening);
  const copy = await kept(opening, zip, delivery);
  await store.rendered(opening, sha256(copy));
  return { outcome: 'rendered', records: staged.records.length, bytes: copy.length };
}

/**
 * The one copy of this opening: the first that was written stands, provided that it is one. Of two that render at once,
 * the later would else replace the copy whose digest the other's opening was counted with.
 */
async function kept(
  opening: Opening,
  zip: Buffer,
  delivery: Pick<ObjectStore, 'get' | 'putOnce'>,
): Promise<Uint8Array> {
  const written = await delivery.putOnce(opening.copyKey, zip, { contentType: 'application/zip' });
  if (written === 'written') return zip;
  const copy = await delivery.get(opening.copyKey);
  if (copy === null) {
    throw new CopySourceError(`The copy of opening ${opening.openingId} was deleted meanwhile`);
  }
  checkSound(copy, opening);
  return copy;
}

function nothing(outcome: 'already-rendered' | 'not-open'): RenderOutcome {
  return { outcome, records: 0, bytes: 0 };
}

/** A copy whose digest the row has is done. */
async function isRendered(opening: Opening, delivery: Pick<ObjectStore, 'get'>): Promise<boolean> {
  if (opening.copyDigest === null) return false;
  const copy = await delivery.get(opening.copyKey);
  return copy !== null && sha256(copy) === opening.copyDigest;
}

async function readStaged(
  grant: AccessGrant,
  { store, keys, delivery }: RenderDependencies,
): Promise<ReturnType<typeof decodeStaged> | 'ended'> {
  if (grant.staged === null) throw new CopySourceError(`Nothing is staged for request ${grant.requestId}`);
  const [sealed, key] = await Promise.all([
    delivery.get(grant.staged.key),
    keys.read('grant', grant.requestId),
  ]);
  if (sealed === null || key === null) {
    // Ending a grant shreds its key and deletes what was staged, which may happen between two reads.
    const now = await store.read(grant.requestId);
    if (now?.state !== 'open') return 'ended';
    throw new CopySourceError(`What was staged for request ${grant.requestId} is gone`);
  }
  if (sha256(sealed) !== grant.staged.digest) {
    throw new CopySourceError(`What was staged for request ${grant.requestId} was changed`);
  }
  return decodeStaged(openStaged(key, grant.requestId, sealed));
}

/** Every promise that `dualkey verify` checks is checked before anybody can have the copy. */
function checkSound(zip: Uint8Array, { openingId, requestId }: Opening): void {
  const verified = verifyPackageBytes(zip, null);
  const failed = verified.checks.filter(({ ok }) => !ok).map(({ name }) => name);
  const ours = verified.package?.opening === openingId && verified.package.requestId === requestId;
  if (failed.length > 0 || !ours) {
    throw new UnsoundPackageError(
      `The package of opening ${openingId} fails: ${failed.join(', ') || 'another opening'}`,
    );
  }
}
