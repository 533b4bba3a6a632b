import { createHash } from 'node:crypto';
import type { Batches } from '../../shared/aws/batches.ts';
import type { DropInbox } from '../../shared/aws/drop-inbox.ts';
import { inboxKey, newBatch } from '../../shared/domain/batch.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { builtSource } from '../../shared/sources/built-sources.ts';

/** A file that a system of the hotel put under `drop/`, as S3 announces it. */
export type Drop = { key: string; etag: string; size: number; sequencer: string };

/** Why a dropped file isn't taken: codes, since its name may be personal. */
export type DropRefusal =
  | 'bad-name'
  | 'unknown-place'
  | 'not-configured'
  | 'empty'
  | 'too-large'
  /** Another file was put under its name before it was taken. */
  | 'replaced';

export type DropDependencies = {
  inbox: DropInbox;
  batches: Pick<Batches, 'read' | 'create'>;
  region: RegionConfig;
  clock: Clock;
  refused(reason: DropRefusal): void;
};

/** As many files of a hotel and source wait already as may: the announcement comes again. */
export class DropsCrowdedError extends Error {
  override name = 'DropsCrowdedError';
}

/** Names of files may be personal: what is taken has nothing but these characters in it. */
const PLACE = /^drop\/([A-Z0-9]{3,12})\/([a-z-]{2,20})\/[A-Za-z0-9._-]{1,64}$/;

/**
 * A dropped file becomes a batch of its own, under a key that nobody else writes; its id comes from what S3 says of the
 * file, so that the same announcement twice is one batch. Returns the batch's id; null where the file is refused, and
 * deleted.
 */
export async function takeDrop(drop: Drop, dependencies: DropDependencies): Promise<string | null> {
  const { inbox, batches, region, clock } = dependencies;
  const [, hotel = '', name = ''] = PLACE.exec(drop.key) ?? [];
  if (hotel === '') return refuse(drop, 'bad-name', dependencies);
  const built = builtSource(name);
  if ('fault' in built || !region.hotels.some(({ code }) => code === hotel)) {
    return refuse(drop, 'unknown-place', dependencies);
  }
  const { source } = built;
  const defaults = region.drops?.find((one) => one.hotel === hotel && one.source === source);
  if (defaults === undefined) return refuse(drop, 'not-configured', dependencies);
  if (drop.size === 0) return refuse(drop, 'empty', dependencies);
  if (drop.size > LIMITS.dropBytes) return refuse(drop, 'too-large', dependencies);

  const batchId = batchIdOf(drop);
  if ((await batches.read(batchId)) === null) {
    const objectKey = inboxKey(hotel, source, batchId);
    if ((await inbox.copy(drop.key, drop.etag, objectKey)) === 'changed') {
      return refuse(drop, 'replaced', dependencies);
    }
    const batch = newBatch({
      batchId,
      hotel,
      source,
      category: defaults.category,
      timezone: defaults.timezone,
      bytes: drop.size,
      announcedDigest: null,
      parts: 1,
      uploadId: '',
      objectKey,
      by: `drop:${hotel}/${source}`,
      createdAt: clock().toISOString(),
    });
    if ((await batches.create(batch)) === 'too-many-open') {
      await inbox.delete(objectKey);
      throw new DropsCrowdedError('As many dropped files wait already as may');
    }
  }
  if ((await inbox.etag(drop.key)) === drop.etag) await inbox.delete(drop.key);
  return batchId;
}

function batchIdOf({ key, etag, sequencer }: Drop): string {
  return `bat_${createHash('sha256').update([key, etag, sequencer].join('\n')).digest('hex').slice(0, 26)}`;
}

async function refuse(
  { key, etag }: Drop,
  reason: DropRefusal,
  { inbox, refused }: DropDependencies,
): Promise<null> {
  refused(reason);
  // What was put in its place has an announcement of its own.
  if ((await inbox.etag(key)) === etag) await inbox.delete(key);
  return null;
}
