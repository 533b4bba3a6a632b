/** Who is known while the guests of a segment's records are found. */
export type KnownGuests = {
  /** Guest ids by blind index and by anchor. */
  known: Map<string, string>;
  /** Guests who did not exist before: nothing of theirs can be stored yet. */
  fresh: Set<string>;
};

/** How often a guest is looked up again whose rows others write. */
export const ATTEMPTS = 8;

/** The rows of the identifier index were written by others each time that a guest was looked up. */
export class IdentifierContentionError extends Error {
  override name = 'IdentifierContentionError';
}
