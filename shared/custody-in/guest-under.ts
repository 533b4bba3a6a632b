import type { IdentifierIndex } from '../aws/identifier-index.ts';
import { newId } from '../domain/identifiers.ts';
import { ATTEMPTS, IdentifierContentionError } from './known-guests.ts';

/**
 * The guest to whom this blind index leads; somebody who isn't known yet becomes a guest by it.
 * Throws IdentifierContentionError where others write it at every attempt.
 */
export async function guestUnder(
  index: string,
  now: Date,
  identifiers: Pick<IdentifierIndex, 'guestsOf' | 'create'>,
): Promise<string> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const known = (await identifiers.guestsOf([index])).get(index);
    if (known !== undefined) return known;
    const guestId = newId('gst', now);
    const outcome = await identifiers.create(guestId, [index], { identified: true, link: null });
    if (outcome === 'linked') return guestId;
  }
  throw new IdentifierContentionError('An identifier was written by others each time that it was looked up');
}
