import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import type { Span } from '../sources/json/json-documents.ts';
import { parseJsonLine } from '../sources/json/json-line.ts';
import { EACH, spansOf } from '../sources/json/json-spans.ts';
import type { FileFaultCode } from './file-faults.ts';
import { type ReadStaff, readFields } from './read-fields.ts';

const documentSchema = z.union([z.array(z.unknown()), z.strictObject({ people: z.array(z.unknown()) })]);

/** People of a JSON file: a list, or an object with a list `people`. All of them, or every fault. */
export function readStaffJson(text: string): ReadStaff {
  const json = parseJsonLine(text);
  if (!json.ok) return unreadable(lineOfSyntax(text), json.reason);
  const document = documentSchema.safeParse(json.value);
  if (!document.success) return unreadable(1, 'no-people');
  const people = Array.isArray(document.data) ? document.data : document.data.people;
  if (people.length === 0) return unreadable(1, 'no-people');
  if (people.length > LIMITS.staffPerFile) {
    return unreadable(1, 'too-many-people');
  }
  const spans = spansOf(text, Array.isArray(document.data) ? [EACH] : ['people', EACH]);
  const lineAt = lineCounter(text);
  return readFields(
    people.map((said, index) => {
      const span = spans[index] ?? { start: 0, end: 0 };
      const lineOf = (field: string) => lineAt(startOf(text, span, field.split('.')));
      return { line: lineAt(span.start), said, lineOf };
    }),
  );
}

function unreadable(line: number, code: FileFaultCode): ReadStaff {
  return { faults: [{ line, field: null, code }], readable: [] };
}

/** Where the value of a path begins, or as much of the path as there is. */
function startOf(text: string, span: Span, path: readonly PropertyKey[]): number {
  let at = span;
  for (const step of path) {
    const inner = text.slice(at.start, at.end);
    const index = Number(step);
    const found = Number.isInteger(index) ? spansOf(inner, [EACH])[index] : spansOf(inner, [String(step)])[0];
    if (found === undefined) break;
    at = { start: at.start + found.start, end: at.start + found.end };
  }
  return at.start;
}

/** Lines by offset, without counting from the beginning each time. */
function lineCounter(text: string): (offset: number) => number {
  const ends: number[] = [];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) ends.push(at);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The line that a parser stopped on, as far as it says so; the last one where the text ends too early. */
function lineOfSyntax(text: string): number {
  try {
    JSON.parse(text);
    return 1;
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const position = /at position (\d+)/.exec(said)?.[1];
    const end = position === undefined ? text.trimEnd().length : Number(position);
    return text.slice(0, end).split('\n').length;
  }
}
