import { showUnseen } from './show-unseen.ts';

/**
 * Text that somebody typed, as it may be shown: each unseen character by its code point, such as ⟨U+202E⟩, so that no text
 * reorders a line, hides a word or commands a terminal. Line ends stay; what is visible stays as it is.
 */
export function visibleText(text: string): string {
  return showUnseen(text.replace(/\r\n/g, '\n'), (codePoint) => `⟨${codePoint}⟩`);
}
