import type { RetainDependencies } from './retain-dependencies.ts';

/**
 * Deletes the identifiers of guests of whom nothing is left, nor of anybody linked with them. Somebody who comes back is
 * a new guest; where that happens just now, the deletion gives way.
 */
export async function forgetGuests({
  keys,
  blocks,
  hasTime,
}: Pick<RetainDependencies, 'keys' | 'blocks' | 'hasTime'>): Promise<void> {
  async function anyLeft(guests: readonly string[]): Promise<boolean> {
    for (const guestId of guests) {
      if ((await keys.hasKeys(guestId)) || (await blocks.hasBlocks(guestId))) return true;
    }
    return false;
  }

  for (const guestId of await keys.guestsToForget()) {
    if (!hasTime()) return;
    const person = await blocks.linkedGuests(guestId);
    if (!(await anyLeft(person))) {
      for (const one of person) await keys.barGuest(one);
      // A key made just before the bars shows now; whoever makes one after lifts a bar, and the deletion fails.
      if (!(await anyLeft(person))) await blocks.removeIdentifiers(person);
    }
    for (const one of person.filter((other) => other !== guestId)) await keys.settled(one);
    await keys.settled(guestId);
  }
}
