import { LIMITS } from '../domain/limits.ts';
import { type CsvRow, readCsvRows } from './csv-rows.ts';
import type { ImportOptions, Item, ResumePoint } from './importer.ts';
import type { Outcome, Span } from './json-documents.ts';

/** A row as the object that it stands for; `text` is the row, `cells` where each known field stands in it. */
export type CsvObject = {
  text: string;
  fields: Readonly<Record<string, string>>;
  cells: ReadonlyMap<string, Span>;
};

export type ReadCsvObject = (row: CsvObject, options: ImportOptions) => Iterable<Outcome>;

/**
 * Reads rows under a header of field names (as API exports write them), of which `known` alone are given. A row may hold
 * several records: each has the bytes of its span. Without a field of `needed` the file can't be read.
 */
export async function* readCsvObjects(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
  { known, needed }: { known: readonly string[]; needed: (names: ReadonlySet<string>) => string | null },
  read: ReadCsvObject,
): AsyncGenerator<Item> {
  let columns = from.state === null ? null : from.state.split(',');
  let before = from.items;
  let begin: ResumePoint = { ...from, items: 0 };
  for await (const row of readCsvRows(bytes, from)) {
    const { line } = row;
    const rejected = (reason: string, end: ResumePoint): Item => ({
      kind: 'rejected',
      line,
      end,
      reason,
      original: row.bytes,
      bytes: row.length,
    });
    if (columns === null) {
      const end: ResumePoint = { ...row.end, items: 0, state: null };
      if ('reason' in row) {
        yield rejected(row.reason, end);
        return;
      }
      const named = row.fields.map((field) => nameIn(known, field));
      const fault = faultIn(row.fields, named, needed);
      if (fault !== null) {
        yield rejected(fault, end);
        return;
      }
      columns = named;
      begin = { ...end, state: columns.join(',') };
      yield { kind: 'skipped', line, end: begin };
      continue;
    }
    const end: ResumePoint = { ...row.end, items: 0, state: columns.join(',') };
    let given = 0;
    let held: Item | null = null;
    for (const item of itemsOf(row, columns, end, options, read)) {
      given += 1;
      if (given <= before) continue;
      // The last item alone ends the row: an earlier one has it read again from its beginning.
      if (held !== null) yield { ...held, end: { ...begin, items: given - 1 } };
      held = item;
    }
    if (held !== null) yield { ...held, end };
    else if (given === 0) yield { kind: 'skipped', line, end };
    before = 0;
    begin = end;
  }

  function* itemsOf(
    row: CsvRow,
    names: readonly string[],
    end: ResumePoint,
    given: ImportOptions,
    readRow: ReadCsvObject,
  ): Generator<Item> {
    const { line, bytes: original, length } = row;
    const rejected = { kind: 'rejected', line, end, original, bytes: length } as const;
    if ('reason' in row) {
      yield { ...rejected, reason: row.reason };
      return;
    }
    if (row.fields.every((field) => field.trim() === '')) return;
    if (row.fields.length !== names.length) {
      yield { ...rejected, reason: 'wrong-column-count' };
      return;
    }
    const text = Buffer.from(original).toString('utf8');
    const spans = fieldSpans(text);
    const object: Record<string, string> = {};
    const cells = new Map<string, Span>();
    for (const [index, name] of names.entries()) {
      const span = spans[index];
      if (name === '' || span === undefined) continue;
      object[name] = (row.fields[index] ?? '').toWellFormed();
      cells.set(name, span);
    }
    let place = { character: 0, byte: 0, line };
    for (const outcome of readRow({ text, fields: object, cells }, given)) {
      if (outcome.kind === 'skipped') {
        yield { kind: 'skipped', line, end };
        continue;
      }
      const { start } = outcome.span;
      // Spans that come in order are found without counting from the beginning.
      if (start < place.character) place = { character: 0, byte: 0, line };
      const passed = text.slice(place.character, start);
      place = {
        character: start,
        byte: place.byte + Buffer.byteLength(passed),
        line: place.line + passed.split('\n').length - 1,
      };
      const size = Buffer.byteLength(text.slice(start, outcome.span.end));
      const part = original.subarray(place.byte, place.byte + size);
      const at = place.line;
      yield outcome.kind === 'record'
        ? { kind: 'record', line: at, end, original: part, ...outcome.draft }
        : { kind: 'rejected', line: at, end, reason: outcome.reason, original: part, bytes: part.length };
    }
  }
}

function nameIn(known: readonly string[], field: string): string {
  const name = field.trim().toLowerCase();
  return known.find((one) => one.toLowerCase() === name) ?? '';
}

function faultIn(
  header: readonly string[],
  names: readonly string[],
  needed: (names: ReadonlySet<string>) => string | null,
): string | null {
  if (header.length > LIMITS.exportColumns) return 'too-many-columns';
  const missing = needed(new Set(names));
  if (missing !== null) return `missing-column:${missing}`;
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  return twice === undefined ? null : `duplicate-column:${twice}`;
}

/** Where the fields of a row stand, quotes included; its quoting is right. */
function fieldSpans(row: string): Span[] {
  const spans: Span[] = [];
  for (let at = 0; ; at += 1) {
    let end = at;
    if (row[at] === '"') {
      end = row.indexOf('"', at + 1);
      while (row[end + 1] === '"') end = row.indexOf('"', end + 2);
      end += 1;
    } else {
      const comma = row.indexOf(',', at);
      end = comma === -1 ? row.length : comma;
    }
    spans.push({ start: at, end });
    if (end >= row.length) return spans;
    at = end;
  }
}
