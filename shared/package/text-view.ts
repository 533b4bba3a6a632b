/**
 * A text as masking reads it: compatibility forms folded (full-width and other scripts' digits become ASCII digits,
 * letters lower case), marks and invisible characters left out, so that a number can't hide behind its formatting. Each
 * character of `text` is one UTF-16 unit, and `starts` says where it stands in the original.
 */
export type TextView = { text: string; starts: Uint32Array };

export function textView(original: string): TextView {
  const parts: string[] = [];
  const starts: number[] = [];
  for (let at = 0; at < original.length; ) {
    const code = original.codePointAt(at) ?? 0;
    const end = at + (code > 0xffff ? 2 : 1);
    for (const unit of folded(code)) {
      parts.push(unit);
      starts.push(at);
    }
    at = end;
  }
  return { text: parts.join(''), starts: Uint32Array.from(starts) };
}

const FOLDED = new Map<number, string>();
// The cache is for the characters of a language, not for every code point that an input can name.
const FOLDED_CACHED = 20_000;

/** What one code point counts as: nothing, one unit, or the few ASCII units of its compatibility form. */
function folded(code: number): string {
  if (code < 0x80) return String.fromCharCode(code).toLowerCase();
  const cached = FOLDED.get(code);
  if (cached !== undefined) return cached;
  const units = fold(String.fromCodePoint(code), code);
  if (FOLDED.size < FOLDED_CACHED) FOLDED.set(code, units);
  return units;
}

function fold(character: string, code: number): string {
  // Keycap and variation marks, zero-width and bidirectional characters: they change how a digit looks, not what it is.
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) return '';
  const compatible = character.normalize('NFKC');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  if (/^[\u0000-\u007f]+$/.test(compatible)) return compatible.toLowerCase();
  if (/^\p{Nd}$/u.test(character)) return String(digitValue(code));
  const lower = compatible.toLowerCase();
  return lower.length === 1 ? lower : '\ufffd';
}

/** Decimal digits of a script stand in a row of ten that begins with its zero (Unicode, Nd). */
function digitValue(code: number): number {
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
