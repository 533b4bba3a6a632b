import { createHash } from 'node:crypto';
import { isStagedMediumAt, openMedium, sealStagedMedium } from '../../shared/crypto/medium.ts';
import { SealedObjectError, TamperedError } from '../../shared/crypto/sealed-object-error.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { mediumObject } from '../../shared/domain/medium-object.ts';
import type { StoredRecord } from '../../shared/domain/record.ts';
import { deliveryKeys } from '../../shared/loop/delivery-keys.ts';
import type { StagedRecord } from '../../shared/package/staged-records.ts';
import type { CustodyKeys, RequestKeys } from '../../shared/ports/keys.ts';
import type { StreamStore } from '../../shared/ports/objects.ts';
import type { BlockRow } from '../../shared/ports/records-index.ts';
import { BlockMissingError } from '../../shared/view/decrypt-scope.ts';

export type StageMediaDependencies = {
  keys: Pick<CustodyKeys, 'forReading'>;
  requestKeys: Pick<RequestKeys, 'create'>;
  vaultMedia: Pick<StreamStore, 'read'>;
  deliveryMedia: StreamStore;
  /** A medium did not verify: raises the alarm. */
  blockRefused(): void;
};

/** A medium that goes into the package, and where it lies. */
export type MediumToStage = { file: string; block: BlockRow; mediaId: string; bytes: number; digest: string };

/**
 * What the package says besides its records, and how many times the staged length of a record is reckoned for it: once for
 * records.ndjson, where its watermark is added, and three times for the transcript, which escapes and frames it.
 */
const ROOM_BYTES = 4 * 1024 ** 2;
const TIMES_WRITTEN = 4;

/** The media of the staged records that have a place in the package, in its order. */
export function mediaToStage(
  staged: readonly StagedRecord[],
  found: readonly { record: StoredRecord; block: BlockRow }[],
): MediumToStage[] {
  // As with the records: the first found stands.
  const origins = new Map<string, { record: StoredRecord; block: BlockRow }>();
  for (const one of found) {
    if (!origins.has(one.record.recordId)) origins.set(one.record.recordId, one);
  }
  return staged.flatMap(({ recordId, attachments }) =>
    attachments.flatMap(({ file }, position) => {
      const origin = origins.get(recordId);
      const { mediaId = null, found: came = null } = origin?.record.attachments[position] ?? {};
      if (file === null || origin === undefined || mediaId === null || came === null) return [];
      return [{ file, block: origin.block, mediaId, ...came }];
    }),
  );
}

/** Whether a package of these records and media is larger than packages may be. */
export function isTooLarge(stagedBytes: number, media: readonly Pick<MediumToStage, 'bytes'>[]): boolean {
  const mediaBytes = media.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    media.length > LIMITS.packageMedia ||
    mediaBytes + TIMES_WRITTEN * stagedBytes + ROOM_BYTES > LIMITS.packageBytes
  );
}

/**
 * Puts media under the grant's own key into the delivery bucket, one after the other, each checked against what its
 * record says of it. What an earlier run put stands.
 * Throws BlockMissingError and what `openMedium` throws.
 */
export async function stageMedia(
  requestId: string,
  media: readonly MediumToStage[],
  { keys, requestKeys, vaultMedia, deliveryMedia, blockRefused }: StageMediaDependencies,
): Promise<void> {
  if (media.length === 0) return;
  const grantKey = await requestKeys.create('grant', requestId);
  try {
    for (const medium of media) await stage(medium);
  } catch (error) {
    if (error instanceof SealedObjectError || error instanceof BlockMissingError) blockRefused();
    throw error;
  }

  async function stage({ file, block, mediaId, bytes, digest }: MediumToStage): Promise<void> {
    const key = deliveryKeys.stagedMedium(requestId, file);
    const place = { requestId, name: file };
    const there = await deliveryMedia.read(key);
    if (there !== null && (await isStagedMediumAt({ key: grantKey, place, bytes, sealed: there }))) return;
    const guestKey = await keys.forReading(block, block.guestId);
    const sealed = await vaultMedia.read(mediumObject(block, mediaId));
    if (sealed === null || guestKey.state !== 'active') {
      throw new BlockMissingError(`A medium of block ${block.blockId} is gone`);
    }
    const { hotel, conversationId, recordClass } = block;
    const { keyId, version: keyVersion } = guestKey;
    const at = { keyId, keyVersion, hotel, conversationId, recordClass, mediaId };
    const content = checked(openMedium({ key: guestKey.key, place: at, sealed }), digest);
    await deliveryMedia.write(key, sealStagedMedium({ key: grantKey, place, bytes, content }));
  }
}

/** The same bytes; throws after the last of them where they aren't those of the digest. */
async function* checked(bytes: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (`sha256:${hash.digest('hex')}` !== digest) {
    throw new TamperedError('A medium is not the one that its record names');
  }
}
