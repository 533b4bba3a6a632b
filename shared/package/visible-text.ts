/**
 * Characters that change what a reader sees without being seen: controls (but line ends and tabs), bidirectional
 * controls and other format characters, lone surrogates, line and paragraph separators. Joiners (U+200C, U+200D) stay:
 * scripts and emoji need them.
 */
const UNSEEN = /(?![\n\t\u200c\u200d]|\r\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as HTML: markup shown as it is written, unseen characters by their code points. */
export function visibleHtml(text: string): string {
  return escapeHtml(text).replace(
    UNSEEN,
    (character) => `<span class="unseen">${codePoint(character)}</span>`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML[character] ?? character);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
