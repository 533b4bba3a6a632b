import type { LegalHold } from '../domain/legal-hold.ts';
import type { HoldKeys } from '../ports/hold-keys.ts';
import type { HoldStore } from '../ports/hold-store.ts';

export type HoldParts = { holds: HoldStore; holdKeys: HoldKeys };

/** Puts a hold on every key that it is about, and says how many; repeating it changes nothing. */
export async function putInPlace(
  hold: LegalHold,
  { holds, holdKeys }: HoldParts,
): Promise<{ keys: number; tooLate: number }> {
  const total = { keys: 0, tooLate: 0 };
  for (const guestId of hold.guests) {
    const { keys, tooLate } = await holdKeys.add(hold.holdId, guestId, hold.hotel);
    total.keys += keys;
    total.tooLate += tooLate;
  }
  await holds.placed(hold.holdId);
  return total;
}

/** Takes a hold off every key that it is on; repeating it changes nothing. */
export async function takeOff(hold: LegalHold, { holds, holdKeys }: HoldParts): Promise<void> {
  for (const guestId of hold.guests) await holdKeys.remove(hold.holdId, guestId, hold.hotel);
  await holdKeys.released(hold.holdId);
  await holds.released(hold.holdId);
}

/** Finishes what a crash left of placing and releasing holds: before anything is deleted, every hold is where it belongs. */
export async function settleHolds(parts: HoldParts): Promise<void> {
  for (const hold of await parts.holds.list()) {
    if (hold.state === 'placing') await putInPlace(hold, parts);
    if (hold.state === 'releasing') await takeOff(hold, parts);
  }
}
