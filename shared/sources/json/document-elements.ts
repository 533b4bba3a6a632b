import type { JsonDocument, Span } from './json-documents.ts';
import { EACH, type Step, spansOf } from './json-spans.ts';
import { isJsonObject } from './json-value.ts';

/** A value of a document, the values around it (the document first), and where it stands in the text. */
export type DocumentElement = { value: unknown; within: readonly unknown[]; span: Span };

/** The document as an element of itself, without the white space around it. */
export function wholeOf({ text, value }: JsonDocument): DocumentElement {
  return { value, within: [], span: spansOf(text, [])[0] ?? { start: 0, end: text.length } };
}

/**
 * What a path leads to within an element of the document `text`, in the order of the text:
 * `elementsAt(text, whole, ['data', 'messages', EACH])`. Empty where it leads nowhere.
 */
export function elementsAt(
  text: string,
  { value, within, span }: DocumentElement,
  path: readonly Step[],
): DocumentElement[] {
  const found = collect(value, path, within);
  if (found.length === 0) return [];
  const spans = spansOf(text.slice(span.start, span.end), path);
  return found.flatMap((one, index) => {
    const inner = spans[index];
    return inner === undefined
      ? []
      : [{ ...one, span: { start: span.start + inner.start, end: span.start + inner.end } }];
  });
}

function collect(
  value: unknown,
  [step, ...rest]: readonly Step[],
  within: readonly unknown[],
): Omit<DocumentElement, 'span'>[] {
  if (step === undefined) return [{ value, within }];
  const inner = [...within, value];
  if (step === EACH)
    return Array.isArray(value) ? value.flatMap((one: unknown) => collect(one, rest, inner)) : [];
  return isJsonObject(value) && Object.hasOwn(value, step) ? collect(value[step], rest, inner) : [];
}
