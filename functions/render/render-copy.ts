import { randomUUID } from 'node:crypto';
import { openStagedMedium } from '../../shared/crypto/medium.ts';
import { openStaged } from '../../shared/crypto/staged-object.ts';
import type { AccessGrant, Opening } from '../../shared/domain/access-grant.ts';
import { sha256 } from '../../shared/domain/digest.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { type StepUpEvidence, stepUpEvidenceKey, stepUpEvidenceSchema } from '../../shared/domain/step-up.ts';
import { deliveryKeys } from '../../shared/loop/delivery-keys.ts';
import { buildPackage } from '../../shared/package/build-package.ts';
import { decodeStaged } from '../../shared/package/staged-package.ts';
import type { StagedRecord } from '../../shared/package/staged-records.ts';
import { verifyPackageBytes } from '../../shared/package/verify-package.ts';
import type { ZipEntry } from '../../shared/package/zip-writer.ts';
import type { CopyToRender } from '../../shared/ports/copy-renderer.ts';
import type { GrantStore } from '../../shared/ports/grant-store.ts';
import type { RequestKeys } from '../../shared/ports/keys.ts';
import type { ObjectStore, StreamStore } from '../../shared/ports/objects.ts';
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
  delivery: Pick<ObjectStore, 'get' | 'put' | 'delete'>;
  deliveryMedia: Pick<StreamStore, 'read'>;
  evidence: Pick<ObjectStore, 'get'>;
  signer: Signer;
};

export type RenderOutcome = {
  /**
   * `not-open`: the grant ended, or the opening was counted or deleted, so that there is nothing to render for.
   * `already-rendered`: another copy is the opening's. Nothing of this run is left in either case.
   */
  outcome: 'rendered' | 'already-rendered' | 'not-open';
  records: number;
  bytes: number;
};

/**
 * Renders the watermarked, signed copy of one opening into the delivery bucket and binds it in the opening's row. Counts
 * nothing and signs no link. Each run puts under a key of its own; of several the first that is bound is the copy, and
 * the others take theirs away. Where a run dies in between, the sweep of copies does, which knows an opening's copies by
 * its id alone. Throws CopySourceError, UnsoundPackageError.
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
  const media = await readMedia(requestId, staged.records, dependencies);
  if (media === 'ended') return nothing('not-open');
  const signedApprovals = await readSignedApprovals(grant, dependencies);
  const zip = await buildPackage({
    region,
    grant,
    opening,
    events,
    signer,
    media,
    signedApprovals,
    ...staged,
  });
  checkSound(zip, opening);
  const delivered = await deliver(opening, zip, dependencies);
  if (delivered !== 'rendered') return nothing(delivered);
  return { outcome: 'rendered', records: staged.records.length, bytes: zip.length };
}

/** Put, then bound: a copy that a row names is there. What isn't bound, or for a grant that has ended, is taken away. */
async function deliver(
  opening: Opening,
  zip: Buffer,
  { store, delivery }: RenderDependencies,
): Promise<RenderOutcome['outcome']> {
  const { requestId, openingId } = opening;
  const copyKey = deliveryKeys.copy(opening, randomUUID());
  await delivery.put(copyKey, zip, { contentType: 'application/zip' });
  const bound = await store.rendered(opening, { copyKey, copyDigest: sha256(zip) });
  if (bound === 'bound' && (await store.read(requestId))?.state === 'open') return 'rendered';
  await delivery.delete(copyKey);
  if (bound === 'bound') return 'not-open';
  const there = await store.opening(requestId, openingId);
  return there?.state !== 'deleted' && there?.copyKey != null ? 'already-rendered' : 'not-open';
}

function nothing(outcome: 'already-rendered' | 'not-open'): RenderOutcome {
  return { outcome, records: 0, bytes: 0 };
}

/** A copy whose digest the row has is done. */
async function isRendered(opening: Opening, delivery: Pick<ObjectStore, 'get'>): Promise<boolean> {
  if (opening.copyKey === null) return false;
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

/** The media that the records name. Provision saw to it that they, and a package of them, fit into memory. */
async function readMedia(
  requestId: string,
  records: readonly StagedRecord[],
  { store, keys, deliveryMedia }: RenderDependencies,
): Promise<ZipEntry[] | 'ended'> {
  const media: ZipEntry[] = [];
  const key = await keys.read('grant', requestId);
  for (const { file } of records.flatMap(({ attachments }) => attachments)) {
    if (file === null) continue;
    const sealed = await deliveryMedia.read(deliveryKeys.stagedMedium(requestId, file));
    if (sealed === null || key === null) {
      if ((await store.read(requestId))?.state !== 'open') return 'ended';
      throw new CopySourceError(`A medium that was staged for request ${requestId} is gone`);
    }
    const parts: Uint8Array[] = [];
    for await (const part of openStagedMedium({ key, place: { requestId, name: file }, sealed })) {
      parts.push(part);
    }
    media.push({ name: file, bytes: Buffer.concat(parts) });
  }
  return media;
}

/** What the approvers' devices signed, as it was kept when they did: each object is what its approval names by digest. */
async function readSignedApprovals(
  { approvals, requestId }: AccessGrant,
  { evidence }: RenderDependencies,
): Promise<StepUpEvidence[]> {
  return Promise.all(
    approvals.map(async ({ stepUp, role }) => {
      const bytes = stepUp === undefined ? null : await evidence.get(stepUpEvidenceKey(stepUp.evidence));
      if (stepUp === undefined || bytes === null || sha256(bytes) !== stepUp.evidence) {
        throw new CopySourceError(
          `What the device of ${role} signed for request ${requestId} is gone or changed`,
        );
      }
      return stepUpEvidenceSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    }),
  );
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
