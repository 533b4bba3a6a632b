/**
 * Characters that change what a reader or a terminal does without being seen: controls, bidirectional controls and other
 * format characters, lone surrogates, line and paragraph separators, letters that are blank. Line ends are none of them.
 */
const UNSEEN = /(?!\n|\r\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/gu;

/** Text with every unseen character shown by its code point, such as `U+202E`, but those that `kept` names. */
export function showUnseen(text: string, show: (codePoint: string) => string, kept = ''): string {
  return text.replace(UNSEEN, (character) => (kept.includes(character) ? character : show(named(character))));
}

function named(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
