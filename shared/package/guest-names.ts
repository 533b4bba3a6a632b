import { isAlphanumeric, type Search, type Span } from './masked-span.ts';
import { textView } from './text-view.ts';

/** A guest's name as the records give it, and what stands for it where names are masked. */
export type GuestName = { name: string; label: string };

/** Names by their characters, so that looking for thousands of names costs what looking for one does. */
export type NameIndex = { root: NameNode; longest: number };
type NameNode = { next: Map<string, NameNode>; label: string | null; capital: boolean };

/**
 * Whole names, and the parts of names of several words where they begin with a capital. One-character names can't be
 * told from words; a surname with a title (王先生) is no name that the records give.
 */
export function nameIndex(names: Iterable<GuestName>): NameIndex {
  const index: NameIndex = { root: node(), longest: 0 };
  for (const { name, label } of names) {
    const whole = textView(name).text.trim();
    if (whole.length >= 2) add(index, whole, label, false);
    const parts = whole.split(/[\s·•,]+/).filter((part) => part.length >= 3);
    if (parts.length > 1) for (const part of parts) add(index, part, label, true);
  }
  return index;
}

function node(): NameNode {
  return { next: new Map(), label: null, capital: false };
}

function add(index: NameIndex, name: string, label: string, capital: boolean): void {
  let at = index.root;
  for (const unit of name) {
    const next = at.next.get(unit) ?? node();
    at.next.set(unit, next);
    at = next;
  }
  if (at.label === null) {
    at.label = label;
    at.capital = capital;
  }
  index.longest = Math.max(index.longest, name.length);
}

/** Every known name in the text, the longest where several begin. */
export function nameSpans(search: Search, index: NameIndex, original: string): Span[] {
  const spans: Span[] = [];
  const { text, starts } = search.view;
  for (let from = 0; from < text.length; from += 1) {
    let found: Span | null = null;
    let at: NameNode | undefined = index.root;
    for (let to = from; at !== undefined && to < text.length; to += 1) {
      search.steps += 1;
      at = at.next.get(text.charAt(to));
      if (at?.label === null || at === undefined) continue;
      const capital = !at.capital || /^\p{Lu}/u.test(original.slice(starts[from] ?? 0));
      if (capital && isWord(text, from, to + 1))
        found = { from, to: to + 1, kind: 'guest-name', label: at.label };
    }
    if (found !== null) spans.push(found);
  }
  return spans;
}

/** A Latin name is a word of its own; Chinese names stand among other characters. */
function isWord(text: string, from: number, to: number): boolean {
  const joinedBefore = isAlphanumeric(text.charAt(from)) && isAlphanumeric(text.charAt(from - 1));
  const joinedAfter = isAlphanumeric(text.charAt(to - 1)) && isAlphanumeric(text.charAt(to));
  return !joinedBefore && !joinedAfter;
}
