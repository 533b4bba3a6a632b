/** What a table says of a name that a file gave; null where it doesn't say, whatever objects inherit. */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string): Value | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
