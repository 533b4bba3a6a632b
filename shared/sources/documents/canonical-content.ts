import { isJsonObject, type JsonObject } from '../json/json-value.ts';

/**
 * A parsed message in one spelling, whatever file it came in: JSON without white space, members sorted by name (UTF-16
 * code units), integers exactly, however long. Two messages have the same text only where they say the same. `leftOut`
 * names a member of the message itself that doesn't count.
 */
export function canonicalContent(value: unknown, leftOut?: string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) {
    let text = '';
    for (const one of value) {
      text += text === '' ? '[' : ',';
      text += canonicalContent(one);
    }
    return text === '' ? '[]' : `${text}]`;
  }
  if (isJsonObject(value)) {
    let text = '';
    for (const { name, first, next } of sortedNames(value)) {
      if (name !== leftOut) text += (text === '' ? first : next) + canonicalContent(value[name]);
    }
    return text === '' ? '{}' : `${text}}`;
  }
  // A bigint has no JSON form, and what is beyond a double would become null.
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** A member's name, and how it stands before its value: as the first of its object, and behind others. */
type Name = { name: string; first: string; next: string };

/** Names of the object before, in its own order and sorted: messages of one kind come one after the other. */
let before: { names: string[]; sorted: Name[] } = { names: [], sorted: [] };

function sortedNames(value: JsonObject): readonly Name[] {
  const names = Object.keys(value);
  if (names.length === 1) return names.map(nameOf);
  if (!isSameList(names, before.names)) {
    // Without a comparison, names are sorted by their UTF-16 code units.
    before = { names, sorted: names.toSorted().map(nameOf) };
  }
  return before.sorted;
}

function isSameList(ones: readonly string[], others: readonly string[]): boolean {
  if (ones.length !== others.length) return false;
  for (let at = 0; at < ones.length; at += 1) if (ones[at] !== others[at]) return false;
  return true;
}

/** Names of members seen; those of one platform are few, whatever a file may hold. */
const known = new Map<string, Name>();
const NAMES_KNOWN = 1_000;
const LONGEST_KNOWN = 64;

function nameOf(name: string): Name {
  const there = known.get(name);
  if (there !== undefined) return there;
  const written = JSON.stringify(name);
  const made = { name, first: `{${written}:`, next: `,${written}:` };
  if (name.length > LONGEST_KNOWN) return made;
  if (known.size >= NAMES_KNOWN) known.clear();
  known.set(name, made);
  return made;
}
