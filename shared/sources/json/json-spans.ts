import type { Span } from './json-documents.ts';

/** One step on the way to an element: the name of a member, or every element of an array. */
export type Step = string | typeof EACH;
export const EACH = Symbol('each');

const WHITE_SPACE = /[\t\n\r ]*/y;

/**
 * Where the elements stand that a path leads to, in the order of the text: `spansOf(text, ['data', 'messages', EACH])`.
 * The text is valid JSON without doubled names. Empty where the path leads nowhere.
 */
export function spansOf(text: string, path: readonly Step[]): Span[] {
  const found: Span[] = [];
  walk(skipWhite(text, 0), 0);
  return found;

  /** Passes the value that begins at `start`; returns where it ends. `taken` steps of the path led here; -1: none can. */
  function walk(start: number, taken: number): number {
    const step = taken === -1 ? undefined : path[taken];
    const open = text[start];
    let at = start;
    if (open === '"') {
      at = endOfString(text, start);
    } else if (open === '{' || open === '[') {
      const close = open === '{' ? '}' : ']';
      at = skipWhite(text, start + 1);
      while (text[at] !== close) {
        let next = -1;
        if (open === '{') {
          const nameEnd = endOfString(text, at);
          if (typeof step === 'string' && JSON.parse(text.slice(at, nameEnd)) === step) next = taken + 1;
          at = skipWhite(text, skipWhite(text, nameEnd) + 1);
        } else if (step === EACH) {
          next = taken + 1;
        }
        at = skipWhite(text, walk(at, next));
        if (text[at] === ',') at = skipWhite(text, at + 1);
      }
      at += 1;
    } else {
      while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at += 1;
    }
    if (taken === path.length) found.push({ start, end: at });
    return at;
  }
}

function skipWhite(text: string, from: number): number {
  WHITE_SPACE.lastIndex = from;
  WHITE_SPACE.test(text);
  return WHITE_SPACE.lastIndex;
}

/** Behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"' || character === undefined) return at + 1;
  }
}
