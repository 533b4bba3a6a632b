import { LIMITS } from '../../domain/limits.ts';
import { textOf } from '../json/json-value.ts';

/**
 * An id as service platforms write one, without white space around it; empty where there is none that could be one. Some
 * are what people typed (a telephone number with spaces, a mail address, an agent's name): white space within stands.
 */
export function platformId(value: unknown): string {
  const text = textOf(value).trim();
  return text.length > LIMITS.identifierCharacters || /\p{Cc}/u.test(text) ? '' : text;
}

/**
 * An id that a messenger made, by which a recall or an answer finds its message: exactly as it stands, since nothing
 * could be trimmed or mended in it and still be found. A well-formed string without white space or control characters, or
 * a number, of at most LIMITS.identifierCharacters; null for everything else.
 */
export function exactId(value: unknown): string | null {
  // As nearly all are: nothing else needs to be asked of them.
  if (typeof value === 'string' && value.length <= LIMITS.identifierCharacters && VISIBLE_ASCII.test(value)) {
    return value;
  }
  if (typeof value === 'boolean' || (typeof value === 'string' && !value.isWellFormed())) return null;
  const text = textOf(value);
  return text !== '' && text.length <= LIMITS.identifierCharacters && !/[\s\p{Cc}]/u.test(text) ? text : null;
}

const VISIBLE_ASCII = /^[!-~]+$/;
