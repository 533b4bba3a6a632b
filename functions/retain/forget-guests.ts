import type { RetainDependencies } from './retain-dependencies.ts';

/**
 * Deletes the identifiers of guests of whom nothing is left, nor of anybody linked with them. No key is made for such a
 * guest id from before that on: somebody who comes back is a new guest.
 */
export async function forgetGuests({
  keys,
  blocks,
  hasTime,
}: Pick<RetainDependencies, 'keys' | 'blocks' | 'hasTime'>): Promise<void> {
  async function isLeft(guestId: string): Promise<boolean> {
    return (await keys.hasKeys(guestId)) || (await blocks.hasBlocks(guestId));
  }
  async function anyLeft(guests: readonly string[]): Promise<boolean> {
    for (const guest of guests) if (await isLeft(guest)) return true;
    return false;
  }

  for (const guestId of await keys.guestsToForget()) {
    if (!hasTime()) return;
    const person = [guestId, ...(await blocks.linkedGuests(guestId)).filter((other) => other !== guestId)];
    if (await anyLeft(person)) {
      await keys.remembered(guestId);
      continue;
    }
    for (const one of person) await keys.barGuest(one);
    // A key made just before the bar shows now; one after it can't be made.
    if (await anyLeft(person)) {
      for (const one of person) await keys.remembered(one);
      continue;
    }
    // Others first: as long as this one is there, a run that dies here is taken up again.
    for (const one of person.toReversed()) await blocks.removeIdentifiers(one);
    for (const one of person.toReversed()) await keys.forgotten(one);
  }
}
