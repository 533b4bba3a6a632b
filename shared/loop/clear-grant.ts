import type { Opening } from '../domain/access-grant.ts';
import type { GrantStore } from '../ports/grant-store.ts';
import type { RequestKeys } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { attemptEach } from './attempt-each.ts';
import { deliveryKeys } from './delivery-keys.ts';

export type ClearingParts = { store: GrantStore; keys: RequestKeys; delivery: ObjectStore };

/**
 * Leaves nothing of a retrieval readable: shreds the grant's key first, then deletes the staged object and every copy.
 * A second run is harmless; one that was cut short is finished by the next. `actor` is who it is done for.
 */
export async function clearGrant(
  requestId: string,
  { at, actor }: { at: Date; actor: string },
  { store, keys, delivery }: ClearingParts,
): Promise<{ copies: number }> {
  await keys.shred('grant', requestId);
  const [copies, openings] = await Promise.all([
    delivery.list(deliveryKeys.copies(requestId)),
    store.openings(requestId),
  ]);
  await attemptEach('delete delivered objects', [deliveryKeys.staged(requestId), ...copies], (key) =>
    delivery.delete(key),
  );
  // A copy still being rendered may yet arrive; its row stays due, so that the sweep of copies looks again.
  const issued = openings.filter(({ state }) => state === 'issued');
  await attemptEach('record deleted copies', issued, (opening) =>
    store.copyDeleted(opening, { at, actor, data: copyDeletedData(opening) }),
  );
  return { copies: copies.length };
}

/** What the chain of custody says of a deleted copy. */
export function copyDeletedData({ openingId, state }: Opening): { openingId: string; issued: boolean } {
  return { openingId, issued: state === 'issued' };
}
