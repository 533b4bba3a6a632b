import type { JsonDocument, Span } from './json-documents.ts';
import { EACH, type Step, spansOf } from './json-spans.ts';
import { isJsonObject } from './json-value.ts';

/** An element of a document, the values on the way to it (the document first), and where it stands in the text. */
export type JsonElement = { value: unknown; within: readonly unknown[]; span: Span };

/** The elements that a path leads to, in the order of the text: `elementsOf(document, ['data', 'messages', EACH])`. */
export function elementsOf({ text, value }: JsonDocument, path: readonly Step[]): JsonElement[] {
  const found = collect(value, path, []);
  if (found.length === 0) return [];
  const spans = spansOf(text, path);
  return found.flatMap((element, index) => {
    const span = spans[index];
    return span === undefined ? [] : [{ ...element, span }];
  });
}

function collect(
  value: unknown,
  [step, ...rest]: readonly Step[],
  within: readonly unknown[],
): Omit<JsonElement, 'span'>[] {
  if (step === undefined) return [{ value, within }];
  const inner = [...within, value];
  if (step === EACH)
    return Array.isArray(value) ? value.flatMap((one: unknown) => collect(one, rest, inner)) : [];
  return isJsonObject(value) && Object.hasOwn(value, step) ? collect(value[step], rest, inner) : [];
}

/** The whole document, where a reason concerns all of it. */
export function wholeOf({ text }: JsonDocument): Span {
  return { start: 0, end: text.length };
}
