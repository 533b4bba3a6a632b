/**
 * Characters that change what a reader or a terminal does without being seen: controls, bidirectional controls and other
 * format characters, lone surrogates, line and paragraph separators, letters that are blank.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]/gu;

/**
 * Text that somebody typed, as it may be shown: each unseen character by its code point, such as ⟨U+202E⟩, so that no text
 * reorders a line, hides a word or commands a terminal. Line ends stay; what is visible stays as it is.
 */
export function visibleText(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => line.replace(UNSEEN, (character) => `⟨${codePoint(character)}⟩`))
    .join('\n');
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
