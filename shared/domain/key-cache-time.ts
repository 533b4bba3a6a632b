/** Longest time for which an unwrapped key stays in memory, milliseconds: a shredded key is usable so long at most. */
export const LONGEST_CACHE_MS = 5 * 60 * 1000;
