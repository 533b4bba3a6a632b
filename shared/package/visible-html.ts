import { showUnseen } from '../domain/show-unseen.ts';

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Tabs are seen as space; joiners (U+200C, U+200D) are how guests' scripts and emoji are written. */
const KEPT = '\t\u200c\u200d';

/** Text as HTML: markup shown as it is written, unseen characters by their code points. */
export function visibleHtml(text: string): string {
  return showUnseen(escapeHtml(text), (codePoint) => `<span class="unseen">${codePoint}</span>`, KEPT);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => HTML[character] ?? character);
}
