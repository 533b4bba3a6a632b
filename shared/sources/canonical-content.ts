/**
 * A parsed message in one spelling, whatever file it came in: JSON without white space, members sorted by name (UTF-16
 * code units), integers exactly, however long. Two messages have the same text only where they say the same.
 */
export function canonicalContent(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalContent).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonicalContent(one)}`).join(',')}}`;
  }
  // A bigint has no JSON form, and what is beyond a double would become null.
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
