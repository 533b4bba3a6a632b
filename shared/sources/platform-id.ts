import { LIMITS } from '../domain/limits.ts';
import { textOf } from './json-value.ts';

/** An id as the platform wrote it; empty where there is none that could be one. */
export function platformId(value: unknown): string {
  const text = textOf(value).trim();
  return text.length > LIMITS.identifierCharacters || /\p{Cc}/u.test(text) ? '' : text;
}
