/**
 * One name for several values, by which a Map finds them together: other values never have the same one, whatever characters
 * they hold, and null is no word.
 */
export function tupleKey(...parts: readonly (string | number | boolean | null)[]): string {
  return JSON.stringify(parts);
}
