import type { ConsentFact } from '../../shared/domain/consent.ts';

/** Facts of consent in memory. */
export function inMemoryConsents(facts: ConsentFact[] = []) {
  return {
    facts,
    ofGuests: async (guestIds: readonly string[]) =>
      facts.filter(({ guestId }) => guestIds.includes(guestId)),
  };
}
