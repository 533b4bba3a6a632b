import { parse as parseLossless } from 'lossless-json';
import { LIMITS } from '../../domain/limits.ts';
import { isJsonObject } from './json-value.ts';

export type JsonLine =
  | { ok: true; value: unknown }
  | { ok: false; reason: 'not-json' | 'nested-too-deep' | 'duplicate-key' };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** As many digits may be an integer beyond 2^53. */
const EXACT_DIGITS = 16;

/**
 * One line of JSON. Integers beyond 2^53 come as bigint, exactly; nesting is bounded before anything recurses; a key
 * that stands twice in one object is refused, since two readers could see two different messages in it.
 */
export function parseJsonLine(text: string): JsonLine {
  const shape = shapeOf(text);
  if (shape.depth > LIMITS.jsonNesting) return { ok: false, reason: 'nested-too-deep' };
  let value: unknown;
  try {
    value = shape.longNumber ? parseLossless(text, null, EXACTLY) : JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not-json' };
  }
  return keysIn(value) === shape.pairs ? { ok: true, value } : { ok: false, reason: 'duplicate-key' };
}

/** Depth of nesting, number of key-value pairs, and whether a number has many digits; right for whatever is JSON. */
function shapeOf(text: string): { depth: number; pairs: number; longNumber: boolean } {
  let depth = 0;
  let deepest = 0;
  let pairs = 0;
  let digits = 0;
  let longNumber = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits >= EXACT_DIGITS) longNumber = true;
      continue;
    }
    digits = 0;
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (code === COLON) {
      pairs += 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return { depth: deepest, pairs, longNumber };
}

/** Where the closing quote of the string that opens at `start` stands. */
function endOfString(text: string, start: number): number {
  for (let from = start + 1; ; ) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    from = quote + 1;
  }
}

function keysIn(value: unknown): number {
  let keys = 0;
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === 'object') keys += keysIn(one);
  } else if (isJsonObject(value)) {
    // What was parsed inherits nothing that could be listed.
    for (const name in value) {
      keys += 1;
      const one = value[name];
      if (typeof one === 'object') keys += keysIn(one);
    }
  }
  return keys;
}

/** The longest number that is worth computing with; longer ones stay as they are written. */
const LONGEST_DIGITS = 40;

const EXACTLY = {
  parseNumber(digits: string): number | bigint | string {
    if (digits.length > LONGEST_DIGITS) return digits;
    const number = Number(digits);
    return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? BigInt(digits) : number;
  },
  // Counted against the pairs of the text afterwards.
  onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue,
};
