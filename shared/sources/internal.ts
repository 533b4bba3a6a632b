import { LIMITS } from '../domain/limits.ts';
import type { Identifier } from '../domain/record.ts';
import { canonicalContent } from './canonical-content.ts';
import { readCsvRows } from './csv-rows.ts';
import {
  type Draft,
  type Importer,
  type ImportOptions,
  type Item,
  PLAIN_DRAFT,
  type ResumePoint,
} from './importer.ts';
import { parseInstant } from './instant.ts';
import {
  categoryOf,
  columnOf,
  fromRoleOf,
  INTERNAL_COLUMNS,
  type InternalColumn,
  REQUIRED_COLUMNS,
} from './internal-columns.ts';

/**
 * The hotel's own service system: CSV (RFC 4180, UTF-8) with a header; the format is this product's own, columns in
 * shared/sources/internal-columns.ts, headers in English or Chinese, others ignored. A row's phone, email, wecom and
 * booking are those of the guest whom the row is about, whoever wrote it, and link to one guest; a row without them
 * belongs to its conversation's guest.
 */
export const internal: Importer = {
  source: 'internal',
  async *read(bytes, from, options): AsyncGenerator<Item> {
    let columns = from.state === null ? null : columnsOf(from.state);
    for await (const row of readCsvRows(bytes, from)) {
      const { line } = row;
      const state: string | null = columns === null ? null : stateOf(columns);
      const end: ResumePoint = { ...row.end, items: 0, state };
      if ('reason' in row) {
        yield { kind: 'rejected', line, end, reason: row.reason, original: row.bytes, bytes: row.length };
        // Without a header nothing after it can be told apart.
        if (columns === null) return;
      } else if (columns === null) {
        const fault = faultInHeader(row.fields);
        if (fault !== null) {
          yield { kind: 'rejected', line, end, reason: fault, original: row.bytes, bytes: row.length };
          return;
        }
        columns = row.fields.map(columnOf);
        yield { kind: 'skipped', line, end: { ...end, state: stateOf(columns) } };
      } else if (row.fields.every((field) => field.trim() === '')) {
        yield { kind: 'skipped', line, end };
      } else {
        const outcome = draftOf(row.fields, columns, options);
        yield typeof outcome === 'string'
          ? { kind: 'rejected', line, end, reason: outcome, original: row.bytes, bytes: row.length }
          : { kind: 'record', line, end, original: row.bytes, ...outcome };
      }
    }
  },
};

/** The record of one row, or the reason why there is none. */
function draftOf(
  fields: string[],
  columns: (InternalColumn | null)[],
  options: ImportOptions,
): Draft | string {
  if (fields.length !== columns.length) return 'wrong-column-count';
  const cells = new Map(columns.map((column, index) => [column, fields[index] ?? '']));
  function cell(column: InternalColumn): string {
    return (cells.get(column) ?? '').trim();
  }
  const missing = REQUIRED_COLUMNS.find((column) => cell(column) === '');
  if (missing !== undefined) return `missing-field:${missing}`;
  const tooLong = INTERNAL_COLUMNS.find(
    (column) => column !== 'text' && cell(column).length > LIMITS.identifierCharacters,
  );
  if (tooLong !== undefined) return `invalid-field:${tooLong}`;
  const instant = parseInstant(cell('at'), options.timezone);
  if ('reason' in instant) return instant.reason;
  const role = fromRoleOf(cell('from_role'));
  if (role === null) return 'invalid-field:from_role';
  const category = cell('category') === '' ? null : categoryOf(cell('category'));
  if (category === null && cell('category') !== '') return 'invalid-field:category';
  if (category === 'employee') return 'employee-not-collected';
  const identifiers = (['phone', 'email', 'wecom', 'booking'] as const).flatMap((kind): Identifier[] =>
    cell(kind) === '' ? [] : [{ kind, value: cell(kind) }],
  );
  const [first] = identifiers;
  const conversation =
    cell('conversation') || (first === undefined ? '' : JSON.stringify([first.kind, first.value]));
  if (conversation === '') return 'no-guest';
  const id = cell('from_id');
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: cell('message_id') || null,
    placements: [{ conversation, identifiers }],
    staff: role === 'staff' && id !== '' ? [`internal:${id}`] : [],
    at: instant.at,
    category,
    from: { role, id: id || null, name: cell('from_name') || null },
    // The text alone stands as it came, white space and all.
    text: (cells.get('text') ?? '').toWellFormed(),
    sourceType: 'message',
    content: contentOf(fields, columns),
  };
}

/**
 * The cells that hold something: those of known columns under their names, whatever language and order the header has,
 * the others sorted. White space around a cell counts in the text alone.
 */
function contentOf(fields: readonly string[], columns: readonly (InternalColumn | null)[]): string {
  const known: [InternalColumn, string][] = [];
  const others: string[] = [];
  for (const [index, column] of columns.entries()) {
    const field = fields[index] ?? '';
    const cell = column === 'text' ? field : field.trim();
    if (cell === '') continue;
    if (column === null) others.push(cell);
    else known.push([column, cell]);
  }
  return canonicalContent({ cells: Object.fromEntries(known), others: others.sort() });
}

function faultInHeader(header: string[]): string | null {
  if (header.length > LIMITS.csvColumns) return 'too-many-columns';
  const known = header.map(columnOf);
  const missing = REQUIRED_COLUMNS.find((column) => !known.includes(column));
  if (missing !== undefined) return `missing-column:${missing}`;
  const twice = INTERNAL_COLUMNS.find((column) => known.filter((one) => one === column).length > 1);
  return twice === undefined ? null : `duplicate-column:${twice}`;
}

/** What a header said, as the state of a resume point: names of known columns, empty for the others. */
function stateOf(columns: readonly (InternalColumn | null)[]): string {
  return columns.map((column) => column ?? '').join(',');
}

function columnsOf(state: string): (InternalColumn | null)[] {
  return state.split(',').map((name) => INTERNAL_COLUMNS.find((column) => column === name) ?? null);
}
