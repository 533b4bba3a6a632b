import type { MASKINGS } from '../domain/access-request.ts';
import type { Label } from '../domain/labels.ts';
import { type NameIndex, nameSpans } from './guest-names.ts';
import { labelledNameSpans } from './labelled-names.ts';
import { answeredSpans, asksForDocument, labelledSpans } from './labelled-spans.ts';
import {
  RED_LINE_KINDS,
  REDACTION_KINDS,
  type RedactionKind,
  type Search,
  type Span,
} from './masked-span.ts';
import { numberSpans } from './number-spans.ts';
import { textView } from './text-view.ts';
import { tokenSpans } from './token-spans.ts';

export type Masking = (typeof MASKINGS)[number];
export type Redaction = { kind: RedactionKind; count: number };

export const REDACTION_LABELS: Record<RedactionKind, Label> = {
  'bank-account': { zh: '银行账号', en: 'bank account' },
  'identity-document': { zh: '证件号码', en: 'identity document' },
  'bank-card': { zh: '银行卡号', en: 'bank card' },
  'card-security-code': { zh: '卡安全码', en: 'card security code' },
  email: { zh: '邮箱', en: 'e-mail' },
  phone: { zh: '电话', en: 'phone' },
  'messaging-id': { zh: '社交账号', en: 'messaging id' },
  'guest-name': { zh: '客人姓名', en: 'guest name' },
};

/** What stands where something was masked. It has no digit, so that no number is made by masking another. */
export function replacement(kind: RedactionKind): string {
  const { zh, en } = REDACTION_LABELS[kind];
  return `[已遮盖 ${zh} masked: ${en}]`;
}

/** What masking knows besides the text itself. */
export type MaskingContext = {
  masking: Masking;
  /** Names that the records give for guests; masked unless the grant is `named`. */
  names: NameIndex;
  /** Whether the messages right before asked for an identity document or a bank card. */
  askedFor: boolean;
};

/**
 * Masks by pattern: identity documents, bank cards and accounts always (rule R1); phones, e-mail, messaging ids and
 * guests' names unless the grant is `named`. The work is in proportion to the text's length (`steps`).
 * What patterns can't find is stated in docs/formats/package.md and in every package's README.
 */
export function maskText(
  original: string,
  { masking, names, askedFor }: MaskingContext,
): { text: string; redactions: Redaction[]; asks: boolean; steps: number } {
  const search: Search = { view: textView(original), steps: original.length };
  const found = withoutPhoneLists([
    ...numberSpans(search),
    ...tokenSpans(search),
    ...labelledSpans(search, original),
    ...(askedFor ? answeredSpans(search) : []),
    ...(masking === 'named'
      ? []
      : [...nameSpans(search, names, original), ...labelledNameSpans(search, original)]),
  ]);
  const hidden = masking === 'named' ? found.filter(({ kind }) => RED_LINE_KINDS.includes(kind)) : found;
  const spans = joined(hidden);
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, kind, label } of spans) {
    const start = search.view.starts[from] ?? 0;
    parts.push(original.slice(at, start), label ?? replacement(kind));
    // Marks and invisible characters that belonged to what was masked go with it.
    at = search.view.starts[to] ?? original.length;
  }
  parts.push(original.slice(at));
  return {
    text: parts.join(''),
    redactions: counted(spans.map(({ kind }) => kind)),
    asks: asksForDocument(search),
    steps: search.steps,
  };
}

/** `电话是 67080561、61234567`: phones in a list after their label are no card, though one list in ten satisfies Luhn. */
function withoutPhoneLists(found: Span[]): Span[] {
  const phoneAt = new Map<number, Span>();
  for (const span of found.filter(({ listed }) => listed === true)) {
    for (let at = span.from; at < span.to; at += 1) phoneAt.set(at, span);
  }
  return found.filter(({ kind, loose, from, to }) => {
    const [first, last] = [phoneAt.get(from), phoneAt.get(to - 1)];
    const list = first !== undefined && last !== undefined && first.to < last.from;
    return kind !== 'bank-card' || loose !== true || !list;
  });
}

/** Findings in order, those that overlap made one, named by the kind that comes first. */
function joined(found: Span[]): Span[] {
  const spans: Span[] = [];
  for (const span of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = spans.at(-1);
    if (last === undefined || span.from >= last.to) {
      spans.push({ ...span });
      continue;
    }
    last.to = Math.max(last.to, span.to);
    if (REDACTION_KINDS.indexOf(span.kind) < REDACTION_KINDS.indexOf(last.kind)) {
      last.kind = span.kind;
      delete last.label;
    }
  }
  return spans;
}

/** Redactions by kind, in the order of the kinds. */
export function counted(kinds: RedactionKind[]): Redaction[] {
  return REDACTION_KINDS.flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [{ kind, count }];
  });
}
