import { LIMITS } from '../domain/limits.ts';
import { textOf } from './json-value.ts';

/**
 * A platform's id: a well-formed string without white space or control characters, or a number, of at most
 * LIMITS.identifierCharacters; null for everything else.
 */
export function shortId(value: unknown): string | null {
  if (typeof value === 'boolean' || (typeof value === 'string' && !value.isWellFormed())) return null;
  const text = textOf(value);
  return text !== '' && text.length <= LIMITS.identifierCharacters && !/[\s\p{Cc}]/u.test(text) ? text : null;
}
