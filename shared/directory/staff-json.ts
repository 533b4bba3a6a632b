import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import type { Span } from '../sources/json/json-documents.ts';
import { parseJsonLine } from '../sources/json/json-line.ts';
import { EACH, spansOf } from '../sources/json/json-spans.ts';
import { faultOfIssue } from './fault-of-issue.ts';
import type { FileFault } from './file-faults.ts';
import { type StaffLine, staffFieldsSchema } from './staff-fields.ts';

const documentSchema = z.union([z.array(z.unknown()), z.strictObject({ people: z.array(z.unknown()) })]);

/** People of a JSON file: a list, or an object with a list `people`. All of them, or every fault. */
export function readStaffJson(text: string): { lines: StaffLine[] } | { faults: FileFault[] } {
  const json = parseJsonLine(text);
  if (!json.ok) return { faults: [{ line: lineOfSyntax(text), field: null, code: json.reason }] };
  const document = documentSchema.safeParse(json.value);
  if (!document.success) return { faults: [{ line: 1, field: null, code: 'no-people' }] };
  const people = Array.isArray(document.data) ? document.data : document.data.people;
  if (people.length === 0) return { faults: [{ line: 1, field: null, code: 'no-people' }] };
  if (people.length > LIMITS.staffPerFile) {
    return { faults: [{ line: 1, field: null, code: 'too-many-people' }] };
  }
  const spans = spansOf(text, Array.isArray(document.data) ? [EACH] : ['people', EACH]);
  const lineAt = lineCounter(text);
  const lines: StaffLine[] = [];
  const faults: FileFault[] = [];
  for (const [index, person] of people.entries()) {
    const span = spans[index] ?? { start: 0, end: 0 };
    const place = (path: readonly PropertyKey[]) => lineAt(startOf(text, span, path));
    const read = staffFieldsSchema.safeParse(person);
    if (read.success) {
      lines.push({ line: lineAt(span.start), fields: read.data, lineOf: (field) => place(field.split('.')) });
    } else {
      for (const issue of read.error.issues) {
        const fault = faultOfIssue(issue);
        faults.push({ line: place(fault.path), field: fault.field, code: fault.code });
      }
    }
  }
  return faults.length > 0 ? { faults } : { lines };
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
