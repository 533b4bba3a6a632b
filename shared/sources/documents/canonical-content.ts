import { isJsonObject } from '../json/json-value.ts';

/**
 * A parsed message in one spelling, whatever file it came in: JSON without white space, members sorted by name (UTF-16
 * code units), integers exactly, however long. Two messages have the same text only where they say the same.
 */
export function canonicalContent(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalContent).join(',')}]`;
  if (isJsonObject(value)) {
    let text = '';
    // Without a comparison, names are sorted by their UTF-16 code units.
    for (const name of Object.keys(value).sort()) {
      text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalContent(value[name])}`;
    }
    return `{${text}}`;
  }
  // A bigint has no JSON form, and what is beyond a double would become null.
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
