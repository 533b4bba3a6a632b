import { isMediumAt, sealMedium } from '../crypto/medium.ts';
import { mediumObject } from '../domain/medium-object.ts';
import type { GuestKey } from '../ports/keys.ts';
import type { StreamStore } from '../ports/objects.ts';
import type { BlockPlan } from './block-writer.ts';

/** A medium of a block's records as it is to be sealed. Its id is the same in a replay. */
export type PlannedMedium = {
  mediaId: string;
  bytes: number;
  /** Throws at the latest after its last byte where it isn't the one that was announced. */
  read(): AsyncIterable<Uint8Array>;
};

type Place = Pick<BlockPlan, 'hotel' | 'conversationId' | 'recordClass' | 'period'>;

/** Seals media into the vault, one after the other: each takes a few parts of memory. */
export function mediaWriter(vault: StreamStore) {
  let last: Promise<void> = Promise.resolve();

  /** What an earlier attempt put whole under this very key stands; anything else is written over. */
  async function put(place: Place, medium: PlannedMedium, key: Extract<GuestKey, { state: 'active' }>) {
    const { mediaId, bytes } = medium;
    const objectKey = mediumObject(place, mediaId);
    const { hotel, conversationId, recordClass } = place;
    const own = { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, mediaId, recordClass };
    const there = await vault.read(objectKey);
    if (there !== null && (await isMediumAt({ key: key.key, place: own, bytes, sealed: there }))) return;
    await vault.write(objectKey, sealMedium({ key: key.key, place: own, bytes, content: medium.read() }));
  }

  return {
    async write(
      place: Place,
      medium: PlannedMedium,
      key: Extract<GuestKey, { state: 'active' }>,
    ): Promise<void> {
      const mine = last.then(() => put(place, medium, key));
      last = mine.catch(() => undefined);
      await mine;
    },
  };
}
export type MediaWriter = ReturnType<typeof mediaWriter>;
