import type { Draft } from '../importer.ts';
import { type JsonObject, textOf } from '../json/json-value.ts';

/** What becomes of a message: its record, why there is none, or null where it carries nothing to keep. */
export type Reading = Draft | string | null;

/** Why a field that a record needs gives nothing: it isn't there, or holds something that it can't. */
export function whyNoField(message: JsonObject, field: string): string {
  return textOf(message[field]) === '' ? `missing-field:${field}` : `invalid-field:${field}`;
}
