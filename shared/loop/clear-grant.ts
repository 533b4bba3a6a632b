import type { Opening } from '../domain/access-grant.ts';
import type { GrantStore } from '../ports/grant-store.ts';
import type { RequestKeys } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { attemptEach } from './attempt-each.ts';
import { deliveryKeys } from './delivery-keys.ts';

export type ClearingParts = { store: GrantStore; keys: RequestKeys; delivery: ObjectStore };

/**
 * Leaves nothing of a retrieval readable: shreds the grant's key first, then deletes the staged objects and every copy,
 * and closes every opening, so that nothing is bound or linked any more. A copy that was being rendered meanwhile goes
 * too: by the second look here, by its own rendering, or by the sweep, for which the openings stay due. A second run is
 * harmless; one that was cut short is finished by the next. `actor` is who it is done for.
 */
export async function clearGrant(
  requestId: string,
  { at, actor }: { at: Date; actor: string },
  { store, keys, delivery }: ClearingParts,
): Promise<{ copies: number }> {
  const deleteEach = (objects: string[]) =>
    attemptEach('delete delivered objects', objects, (key) => delivery.delete(key));
  await keys.shred('grant', requestId);
  const copies = await delivery.list(deliveryKeys.copies(requestId));
  const media = await delivery.list(deliveryKeys.stagedMedia(requestId));
  await deleteEach([deliveryKeys.staged(requestId), ...media, ...copies]);
  const closed = (await store.openings(requestId)).filter(({ state }) => state !== 'deleted');
  await attemptEach('record deleted copies', closed, (opening) =>
    store.copyDeleted(opening, { at, actor, data: copyDeletedData(opening) }),
  );
  // Put before the openings were closed and after the first look: from here on no copy is bound.
  const late = closed.length === 0 ? [] : await delivery.list(deliveryKeys.copies(requestId));
  await deleteEach(late);
  return { copies: copies.length + late.length };
}

/** What the chain of custody says of a deleted copy. */
export function copyDeletedData({ openingId, number }: Opening): { openingId: string; issued: boolean } {
  return { openingId, issued: number !== null };
}
