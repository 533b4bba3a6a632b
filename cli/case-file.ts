import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { z } from 'zod';
import { CASE_KINDS } from '../shared/domain/case.ts';
import { isList, parseCaseEntry } from '../shared/domain/case-entry.ts';
import { IDENTIFIER_KINDS } from '../shared/domain/record.ts';
import type { Words } from '../shared/domain/words.ts';
import { parseJsonLine } from '../shared/sources/json/json-line.ts';
import { EACH, spansOf } from '../shared/sources/json/json-spans.ts';
import { readCsvRows } from '../shared/sources/table/csv-rows.ts';
import { BadInputError, inWords } from './failure.ts';

/** One case of a file with the line on which it begins. */
export type CaseLine = { line: number; entry: Record<string, unknown> };

const REMEDY: Words = {
  zh: '更正后重新导入,未作任何更改',
  en: 'correct it and import again; nothing of the file was taken',
};
/** What separates the items of one cell. */
const SEPARATOR = /\s*;\s*/;
const FAULTS_SHOWN = 10;

/**
 * The cases of a file, CSV or JSON by its ending: whole, or refused with each line and reason. In CSV a cell holds a list with
 * `;` between, `handedOverTo` and `handedOverAt` are two columns, and an empty cell says nothing. Throws BadInputError.
 */
export async function readCaseFile(file: string): Promise<CaseLine[]> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new BadInputError(
      { zh: '文件无法读取', en: 'the file can’t be read' },
      file,
      { zh: '检查路径与权限', en: 'check its path and rights' },
      { cause: error },
    );
  }
  const isCsv = extname(file).toLowerCase() === '.csv';
  const lines = isCsv ? await csvCases(bytes, file) : jsonCases(bytes, file);
  if (lines.length === 0) throw isCsv ? headerAlone(file) : emptyList(file);
  const faults = faultsIn(lines);
  if (faults.length > 0) throw faulty(file, faults);
  return lines;
}

function noHeader(file: string): BadInputError {
  return new BadInputError({ zh: '文件没有表头', en: 'the file has no header' }, file, {
    zh: '第一行写列名,如 kind、reference、hotels(docs/cases.md)',
    en: 'name the columns in its first row, such as kind, reference, hotels (docs/cases.md)',
  });
}

function headerAlone(file: string): BadInputError {
  return new BadInputError(
    { zh: '只有表头,没有登记事项', en: 'the header alone is there, and no case' },
    file,
    {
      zh: '在表头下每行写一个登记事项(docs/cases.md),再导入',
      en: 'write one case a row below it (docs/cases.md), then import again',
    },
  );
}

function emptyList(file: string): BadInputError {
  return new BadInputError(
    { zh: '列表是空的,没有登记事项', en: 'the list is empty: no case is in it' },
    file,
    {
      zh: '写入至少一个登记事项(docs/cases.md),再导入',
      en: 'put one case in it at least (docs/cases.md), then import again',
    },
  );
}

/** A list under `cases`, as the API takes it. */
const withCases = z.object({ cases: z.array(z.unknown()) });

type Fault = { line: number; field: string; message: Words };

/** Faults as they are told: reason and place of each, the first few of many. */
export function faulty(file: string, faults: readonly Fault[]): BadInputError {
  const shown = faults.slice(0, FAULTS_SHOWN);
  const told = (languages: 'zh' | 'en') =>
    shown
      .map(({ line, field, message }) => {
        const place = inWords({ zh: `第 ${line} 行`, en: `line ${line}` }, languages);
        return `${place}${field === '' ? '' : ` ${field}`}: ${inWords(message, languages)}`;
      })
      .join('; ');
  return new BadInputError(
    { zh: told('zh'), en: told('en') },
    [...new Set(shown.map(({ line }) => `${file}:${line}`))].join(', '),
    REMEDY,
  );
}

function faultsIn(lines: readonly CaseLine[]): Fault[] {
  const seen = new Map<string, number>();
  return lines.flatMap(({ line, entry }): Fault[] => {
    const read = parseCaseEntry(entry);
    if ('faults' in read) {
      return read.faults.map(({ path, message }) => ({ line, field: path.join('.'), message }));
    }
    const { kind, reference } = read.entry.filed;
    const before = seen.get(`${kind} ${reference}`);
    seen.set(`${kind} ${reference}`, line);
    return before === undefined
      ? []
      : [
          {
            line,
            field: 'reference',
            message: { zh: `与第 ${before} 行编号相同`, en: `the same number as on line ${before}` },
          },
        ];
  });
}

function jsonCases(bytes: Uint8Array, file: string): CaseLine[] {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const json = parseJsonLine(text);
  const wrong = (line: number, message: Words) => faulty(file, [{ line, field: '', message }]);
  if (!json.ok)
    throw wrong(lineOfFault(text), { zh: `不是 JSON (${json.reason})`, en: `not JSON (${json.reason})` });
  const object = withCases.safeParse(json.value);
  const value = object.success ? object.data.cases : json.value;
  if (!Array.isArray(value)) {
    throw wrong(1, {
      zh: '须为登记事项的列表,或含列表 "cases" 的对象',
      en: 'must be a list of cases, or an object with a list "cases"',
    });
  }
  const spans = spansOf(text, object.success ? ['cases', EACH] : [EACH]);
  return value.map((one: unknown, index): CaseLine => {
    const line = lineAt(text, spans[index]?.start ?? 0);
    if (typeof one !== 'object' || one === null || Array.isArray(one)) {
      throw wrong(line, { zh: '须为对象', en: 'must be an object' });
    }
    const entry: Record<string, unknown> = { ...one };
    return { line, entry: { ...entry, ...guestsIn(entry, line, file) } };
  });
}

async function csvCases(bytes: Uint8Array, file: string): Promise<CaseLine[]> {
  let header: string[] | null = null;
  const lines: CaseLine[] = [];
  if (Buffer.from(bytes).toString('utf8').trim() === '') throw noHeader(file);
  for await (const row of readCsvRows(once(bytes), { line: 0, offset: 0 })) {
    const wrong = (message: Words) => faulty(file, [{ line: row.line, field: '', message }]);
    if (!('fields' in row))
      throw wrong({ zh: `该行无法读取 (${row.reason})`, en: `this row can’t be read (${row.reason})` });
    if (header === null) {
      header = row.fields.map((name) => name.trim());
      const doubled = header.find((name, index) => header?.indexOf(name) !== index);
      if (doubled !== undefined)
        throw wrong({ zh: `列重复: ${doubled}`, en: `a column stands twice: ${doubled}` });
      if (!header.includes('kind')) throw wrong({ zh: '缺少列 kind', en: 'the column kind is missing' });
    } else if (row.fields.some((cell) => cell.trim() !== '')) {
      if (row.fields.length !== header.length) {
        throw wrong({
          zh: `该行 ${row.fields.length} 列,表头 ${header.length} 列`,
          en: `${row.fields.length} columns, the header has ${header.length}`,
        });
      }
      const cells = header.map((name, index) => [name, row.fields[index]?.trim() ?? ''] as const);
      lines.push({ line: row.line, entry: entryOf(cells, row.line, file) });
    }
  }
  return lines;
}

function entryOf(
  cells: readonly (readonly [string, string])[],
  line: number,
  file: string,
): Record<string, unknown> {
  const said = new Map(cells.filter(([, cell]) => cell !== ''));
  const kind = CASE_KINDS.find((known) => known === said.get('kind'));
  const [to, at] = [said.get('handedOverTo'), said.get('handedOverAt')];
  const entry: Record<string, unknown> = {
    ...(to === undefined && at === undefined ? {} : { handedOver: { to, at } }),
  };
  for (const [name, cell] of said) {
    if (name === 'handedOverTo' || name === 'handedOverAt') continue;
    if (kind !== undefined && isList(kind, name))
      entry[name] = cell.split(SEPARATOR).filter((one) => one !== '');
    else entry[name] = TRUTHS.get(cell.toLowerCase()) ?? cell;
  }
  return { ...entry, ...guestsIn(entry, line, file) };
}

/** Cells that are no text. */
const TRUTHS = new Map<string, boolean>([
  ['true', true],
  ['是', true],
  ['false', false],
  ['否', false],
]);

/** Guests written as `KIND:VALUE` (with an issuer, `KIND@ISSUER:VALUE`), as the API takes them. */
function guestsIn(entry: Record<string, unknown>, line: number, file: string): Record<string, unknown> {
  const { guests } = entry;
  if (!Array.isArray(guests)) return {};
  return {
    guests: guests.map((guest: unknown) => {
      if (typeof guest !== 'string') return guest;
      const at = guest.indexOf(':');
      const [kind = '', issuer] = guest.slice(0, Math.max(at, 0)).split('@');
      if (!IDENTIFIER_KINDS.some((known) => known === kind) || at === guest.length - 1) {
        const kinds = IDENTIFIER_KINDS.join(', ');
        const message = {
          zh: `客人写作 种类:值,种类为 ${kinds} 之一`,
          en: `a guest is KIND:VALUE, KIND one of ${kinds}`,
        };
        throw faulty(file, [{ line, field: 'guests', message }]);
      }
      return { kind, value: guest.slice(at + 1), ...(issuer === undefined ? {} : { issuer }) };
    }),
  };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The line on which JSON ends to be JSON, as the engine tells it; the first where it doesn't. */
function lineOfFault(text: string): number {
  try {
    JSON.parse(text);
    return 1;
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    const line = /line (\d+)/.exec(said)?.[1];
    const position = /position (\d+)/.exec(said)?.[1];
    if (line !== undefined) return Number(line);
    return position === undefined ? lineAt(text, text.length) : lineAt(text, Number(position));
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
