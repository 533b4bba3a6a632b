import { LIMITS } from '../../domain/limits.ts';
import type { Source } from '../../domain/record.ts';
import { decodeTable, encodingOf, type TableEncoding } from '../bytes/table-encoding.ts';
import { withHead } from '../bytes/with-head.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { countedRepeats } from '../documents/counted-repeats.ts';
import { withheld } from '../documents/withheld-talk.ts';
import { lookUp } from '../fields/look-up.ts';
import type { ImportProfile } from '../import-profile.ts';
import type { Draft, Importer, ImportOptions, Item, RejectedLine, ResumePoint } from '../importer.ts';
import { type CsvDelimiter, readCsvRows } from './csv-rows.ts';

/** What a source's tables may hold: this product's columns, and how files head them. */
export type TableColumns<Column extends string> = {
  columns: readonly Column[];
  /** Headers in Chinese and English that mean a column, besides its own name; case, spaces and hyphens don't count. */
  aliases: Readonly<Partial<Record<Column, readonly string[]>>>;
  /** One of each group must be there: the first of it is named where none is. */
  required: readonly (readonly [Column, ...Column[]])[];
  /** Columns whose cells may be long; all others hold at most LIMITS.identifierCharacters. */
  long: readonly Column[];
  /** What files write into a cell that holds nothing. */
  empty?: readonly string[];
  /** Rows are messages: those that say the same at one time are several, not one that stands there twice. */
  messages?: true;
  /**
   * Whether a rejected row may be kept for correction (null: a row that can't be told apart into cells). What was never to
   * be collected is not, not even in quarantine.
   */
  mayKeep?(row: TableRow<Column> | null): boolean;
};

/** A row by this product's columns. */
export type TableRow<Column extends string> = {
  /** Without white space around it, as the mapping's `values` say; empty where the column isn't there. */
  cell(column: Column): string;
  /** As it stands in the file; nothing in it is evaluated, however much it looks like a formula. */
  raw(column: Column): string;
};

/** A record but for its content, which the table gives it, or the reason why there is none. */
export type RowOutcome = Omit<Draft, 'content'> | string;

const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const satisfies Record<
  string,
  CsvDelimiter
>;
const ENCODINGS: readonly TableEncoding[] = ['utf-8', 'gb18030'];
const SEPARATOR_LINE = /^"?sep=(.?)"?\s*$/i;

/**
 * An importer of tables (CSV with a header in its first line; Excel's `sep=` line may stand before it), shared by the
 * sources that have no public format: columns are found by their names, by aliases, or as the uploader's mapping says.
 * UTF-8 or GB 18030, decided for the whole file; comma, semicolon, tab or bar, whichever makes most of the header known.
 */
export function mappedTable<Column extends string>(
  source: Source,
  table: TableColumns<Column>,
  draftOf: (row: TableRow<Column>, options: ImportOptions) => RowOutcome,
): Importer {
  checkAliases(source, table);
  return {
    source,
    columns: table.columns,
    async survey(bytes, { profile }): Promise<string> {
      return profile?.encoding ?? (await encodingOf(bytes));
    },
    read(bytes, from, options): AsyncGenerator<Item> {
      return table.messages === true
        ? countedRepeats((start) => rowsOf(bytes, start, options), from)
        : rowsOf(bytes, from, options);
    },
  };

  async function* rowsOf(
    bytes: AsyncIterable<Uint8Array>,
    from: ResumePoint,
    options: ImportOptions,
  ): AsyncGenerator<Item> {
    if (from.state === UNREADABLE) return;
    const known = readingOf(from.state, table.columns);
    const { head, whole } = await withHead(bytes);
    const mapping = mappingOf(table, options.profile);
    const encoding = known.encoding ?? options.profile?.encoding ?? encodingOfHead(head);
    const delimiter =
      known.delimiter ??
      options.profile?.delimiter ??
      delimiterOf(decodeTable(firstLineOf(head), encoding) ?? '', mapping.columnOf);
    let columns = known.columns;
    for await (const row of readCsvRows(whole, from, { delimiter, encoding })) {
      const { line } = row;
      const end: ResumePoint = {
        ...row.end,
        items: 0,
        state: stateOf({ encoding, delimiter, columns }),
      };
      const rejected = (reason: string, at: ResumePoint): Item => {
        const { bytes: original, length } = row;
        const item: RejectedLine = { kind: 'rejected', line, end: at, reason, original, bytes: length };
        return mayKeep('fields' in row ? row.fields : null, columns, options) ? item : withheld(item);
      };
      if (columns === null) {
        const separator = line === 1 ? separatorIn(row.bytes, encoding) : null;
        if (separator === delimiter || (separator !== null && options.profile?.delimiter !== undefined)) {
          yield { kind: 'skipped', line, end };
          continue;
        }
        const header = 'reason' in row ? null : headerOf(row.fields);
        const fault =
          separator !== null
            ? 'unknown-delimiter'
            : header === null
              ? 'reason' in row
                ? row.reason
                : 'too-many-columns'
              : (mapping.fault ?? faultInHeader(header.map(mapping.columnOf), table));
        // Without a header nothing after it can be told apart.
        if (header === null || fault !== null) {
          yield rejected(fault ?? 'bad-quoting', { ...end, state: UNREADABLE });
          return;
        }
        columns = header.map(mapping.columnOf);
        yield { kind: 'skipped', line, end: { ...end, state: stateOf({ encoding, delimiter, columns }) } };
      } else if ('reason' in row) {
        yield rejected(row.reason, end);
      } else if (row.fields.every((field) => field.trim() === '')) {
        yield { kind: 'skipped', line, end };
      } else {
        const outcome = outcomeOf(row.fields, columns, options);
        yield typeof outcome === 'string'
          ? rejected(outcome, end)
          : { kind: 'record', line, end, original: row.bytes, ...outcome };
      }
    }
  }

  function mayKeep(
    fields: readonly string[] | null,
    columns: readonly (Column | null)[] | null,
    { profile }: ImportOptions,
  ): boolean {
    if (table.mayKeep === undefined) return true;
    const whole = fields !== null && columns !== null && fields.length === columns.length;
    return table.mayKeep(whole ? rowOf(fields, columns, table, profile) : null);
  }

  function outcomeOf(
    fields: readonly string[],
    columns: readonly (Column | null)[],
    options: ImportOptions,
  ): Draft | string {
    if (fields.length !== columns.length) return 'wrong-column-count';
    const row = rowOf(fields, columns, table, options.profile);
    const refused = table.mayKeep?.(row) === false ? draftOf(row, options) : null;
    if (typeof refused === 'string') return refused;
    const missing = table.required.find((group) => group.every((column) => row.cell(column) === ''));
    if (missing !== undefined) return `missing-field:${missing[0]}`;
    const tooLong = table.columns.find(
      (column) => !table.long.includes(column) && row.cell(column).length > LIMITS.identifierCharacters,
    );
    if (tooLong !== undefined) return `invalid-field:${tooLong}`;
    const outcome = draftOf(row, options);
    return typeof outcome === 'string'
      ? outcome
      : { ...outcome, content: contentOf(fields, columns, table.long) };
  }
}

function rowOf<Column extends string>(
  fields: readonly string[],
  columns: readonly (Column | null)[],
  { empty }: TableColumns<Column>,
  profile: ImportProfile | null,
): TableRow<Column> {
  const cells = new Map(columns.map((column, index) => [column, fields[index] ?? '']));
  return {
    raw: (column) => cells.get(column) ?? '',
    cell(column) {
      const text = (cells.get(column) ?? '').trim().toWellFormed();
      if (empty?.includes(text) === true) return '';
      const values = profile?.values !== undefined && lookUp(profile.values, column);
      return (values && lookUp(values, text)) || text;
    },
  };
}

/**
 * The cells that hold something: those of known columns under their names, whatever language and order the header has,
 * the others sorted. White space around a cell counts in long ones alone.
 */
function contentOf<Column extends string>(
  fields: readonly string[],
  columns: readonly (Column | null)[],
  long: readonly Column[],
): string {
  const known: [Column, string][] = [];
  const others: string[] = [];
  for (const [index, column] of columns.entries()) {
    const field = fields[index] ?? '';
    const cell = column !== null && long.includes(column) ? field : field.trim();
    if (cell === '') continue;
    if (column === null) others.push(cell);
    else known.push([column, cell]);
  }
  return canonicalContent({ cells: Object.fromEntries(known), others: others.sort() });
}

/** Headers are names: full and half width, case, and what stands between words don't count. */
function headerName(header: string): string {
  return header
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

/** A header that means two columns is this product's own mistake. */
function checkAliases<Column extends string>(
  source: Source,
  { columns, aliases }: TableColumns<Column>,
): void {
  const meant = new Map<string, Column>();
  for (const column of columns) {
    for (const name of new Set([column, ...(aliases[column] ?? [])].map(headerName))) {
      const other = meant.get(name);
      if (other !== undefined) throw new Error(`${source}: the header ${name} means ${other} and ${column}`);
      meant.set(name, column);
    }
  }
}

type Mapping<Column> = { fault: string | null; columnOf: (header: string) => Column | null };

/** A header that the mapping names is that column and no other; a column that it names has no other header. */
function mappingOf<Column extends string>(
  { columns, aliases }: TableColumns<Column>,
  profile: ImportProfile | null,
): Mapping<Column> {
  const mapped = Object.entries(profile?.columns ?? {});
  const byHeader = new Map<string, Column>();
  for (const column of columns) {
    if (mapped.some(([name]) => name === column)) continue;
    for (const header of [column, ...(aliases[column] ?? [])]) byHeader.set(headerName(header), column);
  }
  const taken = new Set<string>();
  let fault: string | null = null;
  for (const [name, headers] of mapped) {
    const column = columns.find((one) => one === name);
    if (column === undefined) {
      fault ??= 'unknown-mapped-column';
      continue;
    }
    for (const header of new Set([headers].flat().map(headerName))) {
      if (taken.has(header)) fault ??= `header-mapped-twice:${column}`;
      taken.add(header);
      byHeader.set(header, column);
    }
  }
  if (Object.keys(profile?.values ?? {}).some((name) => !columns.some((column) => column === name))) {
    fault ??= 'unknown-mapped-column';
  }
  return { fault, columnOf: (header) => byHeader.get(headerName(header)) ?? null };
}

/** The header's cells; null where there are too many. GB 18030 has a byte order mark of its own, which is none of them. */
function headerOf(fields: readonly string[]): string[] | null {
  if (fields.length > LIMITS.csvColumns) return null;
  return fields.map((field, index) => (index === 0 ? field.replace(/^\uFEFF/, '') : field));
}

function faultInHeader<Column extends string>(
  known: readonly (Column | null)[],
  { columns, required }: TableColumns<Column>,
): string | null {
  const missing = required.find((group) => !group.some((column) => known.includes(column)));
  if (missing !== undefined) return `missing-column:${missing[0]}`;
  const twice = columns.find((column) => known.filter((one) => one === column).length > 1);
  return twice === undefined ? null : `duplicate-column:${twice}`;
}

/** What Excel's `sep=` line says; null where the line is none. */
function separatorIn(line: Uint8Array, encoding: TableEncoding): string | null {
  return SEPARATOR_LINE.exec((decodeTable(line, encoding) ?? '').replace(/^\uFEFF/, ''))?.[1] ?? null;
}

function delimiterOf(line: string, columnOf: (header: string) => unknown): CsvDelimiter {
  const text = line.replace(/^\uFEFF/, '');
  const stated = SEPARATOR_LINE.exec(text)?.[1];
  const delimiters = Object.values(DELIMITERS);
  const fromLine = delimiters.find((delimiter) => delimiter === stated);
  if (fromLine !== undefined) return fromLine;
  const found = delimiters.map((delimiter) => {
    const cells = text.split(delimiter, LIMITS.csvColumns);
    return cells.filter((cell) => columnOf(cell.trim().replaceAll(/^"|"$/g, '')) !== null).length;
  });
  return delimiters[found.indexOf(Math.max(...found))] ?? ',';
}

function firstLineOf(head: Uint8Array): Uint8Array {
  const end = head.indexOf(0x0a);
  return end === -1 ? head : head.subarray(0, head[end - 1] === 0x0d ? end - 1 : end);
}

/** Where nobody surveyed the whole file, its first line says. */
function encodingOfHead(head: Uint8Array): TableEncoding {
  const line = firstLineOf(head);
  const other = decodeTable(line, 'utf-8') === null && decodeTable(line, 'gb18030') !== null;
  return other ? 'gb18030' : 'utf-8';
}

type Reading<Column> = {
  encoding: TableEncoding | null;
  delimiter: CsvDelimiter | null;
  /** Null before the header. */
  columns: (Column | null)[] | null;
};

/** The header told nothing apart: there is nothing to go on with. */
const UNREADABLE = 'unreadable';

/**
 * The state of a resume point: `COLUMNS`, or `ENCODING DELIMITER COLUMNS` where it isn't UTF-8 with commas, or as much of
 * that as is known. Names of known columns, empty for the others: a header may be a person's word.
 */
function stateOf<Column extends string>({ encoding, delimiter, columns }: Reading<Column>): string {
  const names = columns?.map((column) => column ?? '').join(',');
  if (names !== undefined && encoding === 'utf-8' && delimiter === ',') return names;
  const word = Object.entries(DELIMITERS).find(([, one]) => one === delimiter)?.[0];
  return [encoding, word, names].filter((part) => part !== undefined).join(' ');
}

function readingOf<Column extends string>(state: string | null, columns: readonly Column[]): Reading<Column> {
  const parts = state?.split(' ') ?? [];
  const encoding = ENCODINGS.find((one) => one === parts[0]) ?? null;
  if (state === null) return { encoding: null, delimiter: null, columns: null };
  const plain = encoding === null;
  const names = plain ? parts[0] : parts[2];
  return {
    encoding: encoding ?? 'utf-8',
    delimiter: plain ? ',' : lookUp<CsvDelimiter>(DELIMITERS, parts[1] ?? ''),
    columns:
      names === undefined
        ? null
        : names.split(',').map((name) => columns.find((column) => column === name) ?? null),
  };
}
