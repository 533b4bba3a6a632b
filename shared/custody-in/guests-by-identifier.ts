import type { IdentifierIndex } from '../aws/identifier-index.ts';
import { newId } from '../domain/identifiers.ts';
import { inParallel } from '../loop/in-parallel.ts';
import type { IndexedPlacement } from './index-placements.ts';
import { ATTEMPTS, IdentifierContentionError, type KnownGuests } from './known-guests.ts';

const AT_ONCE = 16;

/**
 * Makes a guest for every identifier that leads to nobody yet: in a source that isn't one of record each identifier stands
 * for itself, and the first of a placement alone finds its guest. What it learns goes into `guests`.
 */
export async function guestsByIdentifier(
  placements: readonly IndexedPlacement[],
  guests: KnownGuests,
  { identifiers, now }: { identifiers: Pick<IdentifierIndex, 'create' | 'guestsOf'>; now: Date },
): Promise<(one: IndexedPlacement) => string | undefined> {
  const { known, fresh } = guests;
  const unknown = new Set(placements.flatMap(({ indexes }) => indexes).filter((index) => !known.has(index)));
  await inParallel([...unknown], AT_ONCE, async (index) => {
    known.set(index, await guestUnder(index));
  });
  return ({ indexes }) => known.get(indexes[0] ?? '');

  async function guestUnder(index: string): Promise<string> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const guestId = newId('gst', now);
      if ((await identifiers.create(guestId, [index], { identified: true, link: null })) === 'linked') {
        fresh.add(guestId);
        return guestId;
      }
      const theirs = (await identifiers.guestsOf([index])).get(index);
      if (theirs !== undefined) return theirs;
    }
    throw new IdentifierContentionError('An identifier was written by others each time');
  }
}
