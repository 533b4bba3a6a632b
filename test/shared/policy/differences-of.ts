/** What differs between two facts, as `path=value` of the second, in order; `path` alone where the second has none. */
export function differencesOf(before: unknown, after: unknown): string[] {
  const one = leavesOf(before, '');
  const other = leavesOf(after, '');
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((path) => one.get(path) !== other.get(path))
    .map((path) => (other.has(path) ? `${path}=${other.get(path)}` : path))
    .sort();
}

function leavesOf(value: unknown, path: string): Map<string, string> {
  if (typeof value !== 'object' || value === null || value instanceof Date || Array.isArray(value)) {
    return new Map([[path, textOf(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...leavesOf(inner, path === '' ? name : `${path}.${name}`),
    ]),
  );
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
