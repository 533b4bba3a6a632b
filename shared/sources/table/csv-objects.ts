import { LIMITS } from '../../domain/limits.ts';
import { spanBytes } from '../bytes/span-bytes.ts';
import { type DocumentPiece, documentItems, rejectedPiece } from '../documents/document-items.ts';
import type { ImportOptions, Item, ResumePoint } from '../importer.ts';
import type { Outcome, Span } from '../json/json-documents.ts';
import { type CsvRow, fieldSpans, readCsvRows } from './csv-rows.ts';

/** A row as the object that it stands for; `text` is the row, `cells` where each known field stands in it. */
export type CsvObject = {
  text: string;
  fields: Readonly<Record<string, string>>;
  cells: ReadonlyMap<string, Span>;
};

type ReadCsvObject = (row: CsvObject, options: ImportOptions) => Iterable<Outcome>;

type Header = { known: readonly string[]; needed: (names: ReadonlySet<string>) => string | null };

/** A row with the names of its fields, empty for those that aren't known; of the header, why it can't be one, or null. */
type Piece = DocumentPiece & ({ row: CsvRow; names: readonly string[] } | { fault: string | null });

/** The state behind a header that told nothing apart: there is nothing to go on with. */
const UNREADABLE = 'unreadable';

/**
 * Reads rows under a header of field names (as API exports write them), of which `known` alone are given. A row may hold
 * several records: each has the bytes of its span. Without a field of `needed` the file can't be read.
 */
export async function* readCsvObjects(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
  { known, needed }: Header,
  read: ReadCsvObject,
): AsyncGenerator<Item> {
  let { state } = from;
  if (state === UNREADABLE) return;

  async function* pieces(): AsyncGenerator<Piece> {
    let names = from.state === null ? null : from.state.split(',');
    for await (const row of readCsvRows(bytes, from)) {
      const piece = { line: row.line, end: row.end, bytes: row.bytes, length: row.length, whole: true };
      if (names !== null) {
        yield { ...piece, row, names };
        continue;
      }
      const header = 'reason' in row ? [] : row.fields.map((field) => nameIn(known, field));
      const fault = 'reason' in row ? row.reason : faultIn(row.fields, header, needed);
      state = fault === null ? header.join(',') : UNREADABLE;
      yield { ...piece, fault };
      if (fault !== null) return;
      names = header;
    }
  }

  yield* documentItems(
    pieces(),
    from,
    () => state,
    async function* (piece, end) {
      if ('row' in piece) yield* itemsOf(piece, end, options, read);
      else if (piece.fault !== null) yield rejectedPiece(piece, end, piece.fault);
    },
  );
}

function* itemsOf(
  piece: Extract<Piece, { row: CsvRow }>,
  end: ResumePoint,
  options: ImportOptions,
  read: ReadCsvObject,
): Generator<Item> {
  const { row, names, line, bytes: original } = piece;
  if ('reason' in row) {
    yield rejectedPiece(piece, end, row.reason);
    return;
  }
  if (row.fields.every((field) => field.trim() === '')) return;
  if (row.fields.length !== names.length) {
    yield rejectedPiece(piece, end, 'wrong-column-count');
    return;
  }
  const text = Buffer.from(original).toString('utf8');
  const spans = fieldSpans(text, ',');
  const fields: Record<string, string> = {};
  const cells = new Map<string, Span>();
  for (const [index, name] of names.entries()) {
    const span = spans[index];
    if (name === '' || span === undefined) continue;
    fields[name] = (row.fields[index] ?? '').toWellFormed();
    cells.set(name, span);
  }
  const locate = spanBytes(text, original, line);
  for (const outcome of read({ text, fields, cells }, options)) {
    if (outcome.kind === 'skipped') {
      yield { kind: 'skipped', line, end };
      continue;
    }
    const { bytes, line: at } = locate(outcome.span);
    yield outcome.kind === 'record'
      ? { kind: 'record', line: at, end, original: bytes, ...outcome.draft }
      : { kind: 'rejected', line: at, end, reason: outcome.reason, original: bytes, bytes: bytes.length };
  }
}

function nameIn(known: readonly string[], field: string): string {
  const name = field.trim().toLowerCase();
  return known.find((one) => one.toLowerCase() === name) ?? '';
}

function faultIn(
  header: readonly string[],
  names: readonly string[],
  needed: Header['needed'],
): string | null {
  if (header.length > LIMITS.exportColumns) return 'too-many-columns';
  const missing = needed(new Set(names));
  if (missing !== null) return `missing-column:${missing}`;
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  return twice === undefined ? null : `duplicate-column:${twice}`;
}
