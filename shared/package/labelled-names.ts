import { fieldWords } from './field-words.ts';
import { labels } from './labelled-spans.ts';
import type { Search, Span } from './masked-span.ts';
import { textView } from './text-view.ts';

/**
 * Before a guest's name: as registers and platforms call the field, and as importers label what a key card or a stay says of
 * its guest (shared/sources/key-cards, shared/sources/pms). `客人` and `guest` alone also begin what somebody said.
 */
const NAME_LABELS = [
  '客人 guest',
  '持卡人',
  '姓名',
  '入住人',
  '住客',
  '联系人',
  '收件人',
  'holder',
  'cardholder',
  'guest name',
  'full name',
  'first name',
  'last name',
  'given name',
  'family name',
  'surname',
  'customer name',
  'contact name',
  'visitor name',
  'passenger name',
  'traveller name',
  'traveler name',
  'vorname',
  'nachname',
];

/** What stands between a label and the name, and the name: up to the end of the field. */
const NAMED = /^([^\n:=;,。、]{0,24}[:=]\s{0,2}["'“]?)([^\n;,。、"”|{}[\]]{1,48})/u;
const REACH = 80;

/** Names that a label gives as such. Marked unless the grant is `named`. */
export function labelledNameSpans(search: Search, original: string): Span[] {
  const spans: Span[] = [];
  const { text } = search.view;
  for (const { to } of labels(search, fieldWords(search, original), NAME_LABELS)) {
    search.steps += REACH;
    const [, before = '', name = ''] = NAMED.exec(text.slice(to, to + REACH)) ?? [];
    const long = name.trimEnd().length;
    if (long > 0) spans.push({ from: to + before.length, to: to + before.length + long, kind: 'guest-name' });
  }
  return spans;
}

/** The same names, as the text writes them, each once. */
export function labelledNames(original: string): string[] {
  const search: Search = { view: textView(original), steps: 0 };
  const { starts } = search.view;
  const names = labelledNameSpans(search, original).map(({ from, to }) =>
    original.slice(starts[from] ?? 0, starts[to] ?? original.length),
  );
  return [...new Set(names)];
}
