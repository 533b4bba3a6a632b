import type { JsonDocument, Span } from './json-documents.ts';
import { EACH, type Step, spansOf } from './json-spans.ts';
import { isJsonObject } from './json-value.ts';

/** A value of a document, and where it stands in its text. */
export type Element = { value: unknown; span: Span };

/** The document as an element of itself, without the white space around it. */
export function wholeOf({ text, value }: JsonDocument): Element {
  return { value, span: spansOf(text, [])[0] ?? { start: 0, end: text.length } };
}

/** What a path leads to within an element of the document `text`, in the order of the text; empty where it leads nowhere. */
export function elementsAt(text: string, { value, span }: Element, path: readonly Step[]): Element[] {
  const values = valuesAt(value, path);
  if (values.length === 0) return [];
  const inner = spansOf(text.slice(span.start, span.end), path);
  return values.flatMap((one, index) => {
    const found = inner[index];
    return found === undefined
      ? []
      : [{ value: one, span: { start: span.start + found.start, end: span.start + found.end } }];
  });
}

function valuesAt(value: unknown, [step, ...rest]: readonly Step[]): unknown[] {
  if (step === undefined) return [value];
  if (step === EACH) return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  return isJsonObject(value) && Object.hasOwn(value, step) ? valuesAt(value[step], rest) : [];
}
