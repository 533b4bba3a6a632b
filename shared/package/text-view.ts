/**
 * A text as masking reads it: compatibility forms folded (full-width and other scripts' digits become ASCII digits,
 * letters lower case), marks, controls and blanks left out, plain markup read as the space that it makes, so that a number can't hide behind its formatting. Each
 * character of `text` is one UTF-16 unit, and `starts` says where it stands in the original.
 */
export type TextView = { text: string; starts: Uint32Array };

export function textView(original: string): TextView {
  const parts: string[] = [];
  const starts: number[] = [];
  for (let at = 0; at < original.length; ) {
    const code = original.codePointAt(at) ?? 0;
    const markup = code === LESS_THAN || code === AMPERSAND ? markupAt(original, at) : null;
    const { units, length } = markup ?? { units: folded(code), length: code > 0xffff ? 2 : 1 };
    for (const unit of units) {
      parts.push(unit);
      starts.push(at);
    }
    at += length;
  }
  return { text: parts.join(''), starts: Uint32Array.from(starts) };
}

const LESS_THAN = 0x3c;
const AMPERSAND = 0x26;
/** Tags that only lay text out; with other attributes than these they may say something, and stay. */
const TAG =
  /<\/?(?:br|wbr|hr|p|b|i|u|s|em|strong|span|div|font|small|big|sub|sup|mark|code|tt|li|ul|ol|td|th|tr|nobr)(?:\s{1,4}(?:class|style)="?[a-z:;\s-]{0,30}"?)?\s{0,2}\/?>/iy;
const REFERENCE = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(nbsp|ensp|emsp|thinsp|hairsp|zwnj|zwj|shy|amp));/iy;
const NAMED: Record<string, string> = { zwnj: '', zwj: '', shy: '', amp: '&' };

/** What HTML here is read as: a tag is a space, a character reference its character. Null where there is none. */
function markupAt(original: string, at: number): { units: string; length: number } | null {
  TAG.lastIndex = at;
  const tag = TAG.exec(original);
  if (tag !== null) return { units: ' ', length: tag[0].length };
  REFERENCE.lastIndex = at;
  const [found, decimal, hexadecimal, name = ''] = REFERENCE.exec(original) ?? [];
  if (found === undefined) return null;
  if (decimal === undefined && hexadecimal === undefined) {
    return { units: NAMED[name.toLowerCase()] ?? ' ', length: found.length };
  }
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0x10ffff ? null : { units: folded(code), length: found.length };
}

const FOLDED = new Map<number, string>();
// The cache is for the characters of a language, not for every code point that an input can name.
const FOLDED_CACHED = 20_000;

/** What one code point counts as: nothing, one unit, or the few ASCII units of its compatibility form. */
function folded(code: number): string {
  if (code < 0x80) {
    const character = String.fromCharCode(code);
    return /^[^\p{Cc}]$|^\s$/u.test(character) ? character.toLowerCase() : '';
  }
  const cached = FOLDED.get(code);
  if (cached !== undefined) return cached;
  const units = fold(String.fromCodePoint(code), code);
  if (FOLDED.size < FOLDED_CACHED) FOLDED.set(code, units);
  return units;
}

function fold(character: string, code: number): string {
  // Keycap and variation marks, zero-width and bidirectional characters, controls, blank letters: they change how a
  // digit looks, not what it is.
  if (/^[\p{M}\p{Cc}\p{Cf}\p{DI}\u2800]$/u.test(character)) return '';
  const compatible = character.normalize('NFKC');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  if (/^[\u0000-\u007f]+$/.test(compatible)) return compatible.toLowerCase();
  if (/^\p{Nd}$/u.test(character)) return String(digitValue(code));
  const row = NUMERALS.find(({ from, to }) => code >= from && code <= to);
  if (row !== undefined) return String(code - row.from + row.first);
  const lower = compatible.toLowerCase();
  return /^[^\ud800-\udfff]{1,4}$/.test(lower) ? lower : '\ufffd';
}

/** Rows of numerals that have no compatibility form: circled, Suzhou, counting rods, Ethiopic. */
const NUMERALS = [
  { from: 0x1369, to: 0x1371, first: 1 },
  { from: 0x24eb, to: 0x24f4, first: 11 },
  { from: 0x24f5, to: 0x24fe, first: 1 },
  { from: 0x24ff, to: 0x24ff, first: 0 },
  { from: 0x2776, to: 0x277f, first: 1 },
  { from: 0x2780, to: 0x2789, first: 1 },
  { from: 0x278a, to: 0x2793, first: 1 },
  { from: 0x3021, to: 0x3029, first: 1 },
  { from: 0x1d360, to: 0x1d368, first: 1 },
  { from: 0x1f10b, to: 0x1f10b, first: 0 },
  { from: 0x1f10c, to: 0x1f10c, first: 0 },
];

/** Decimal digits of a script stand in a row of ten that begins with its zero (Unicode, Nd). */
function digitValue(code: number): number {
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
