import { LIMITS } from '../domain/limits.ts';
import { readCsvRows } from '../sources/table/csv-rows.ts';
import type { FileFault, FileFaultCode } from './file-faults.ts';
import { type ReadStaff, readFields } from './read-fields.ts';

/** A cell that says this takes away what stands; an empty one leaves it. */
const CLEARED = '-';

const PEOPLE_COLUMNS = [
  ...['personId', 'username', 'displayName', 'department', 'hotel', 'manager', 'active', 'roles', 'accounts'],
  ...['clients', 'training', 'exam', 'mentor', 'legalEntity', 'jurisdiction', 'issuer', 'subject'],
];

/** Tables of one thing a row: several rows may be of one person. */
const TABLES = {
  shifts: { columns: ['hotel', 'from', 'to', 'zone'], needed: ['hotel', 'from', 'to'] },
  secondments: {
    columns: ['department', 'hotel', 'from', 'to'],
    needed: ['department', 'hotel', 'from', 'to'],
  },
  deputies: {
    columns: ['role', 'for', 'hotels', 'from', 'until'],
    needed: ['role', 'for', 'hotels', 'from', 'until'],
  },
  clients: { columns: ['guest'], needed: ['guest'] },
} as const;
type TableName = keyof typeof TABLES;
const WHO = ['username', 'personId'];

type Row = { line: number; cells: Map<string, string> };

/**
 * People of a CSV file (UTF-8), by the columns of its header: one person a row, or a table of shifts, secondments, deputies
 * or clients with one of them a row. All of them, or every fault.
 */
export async function readStaffCsv(bytes: Uint8Array): Promise<ReadStaff> {
  const rows: Row[] = [];
  const faults: FileFault[] = [];
  let header: string[] | null = null;
  const fault = (line: number, field: string | null, code: FileFaultCode) =>
    faults.push({ line, field, code });
  for await (const row of readCsvRows(bytesOf(bytes), { line: 0, offset: 0 })) {
    if ('reason' in row) {
      fault(row.line, null, row.reason === 'not-gb18030' ? 'not-utf8' : row.reason);
      if (header === null) return { faults, readable: [] };
    } else if (header === null) {
      header = row.fields.map((field) => field.trim());
      faults.push(...faultsInHeader(header, row.line));
      if (faults.length > 0) return { faults, readable: [] };
    } else if (row.fields.some((field) => field.trim() !== '')) {
      if (row.fields.length !== header.length) {
        fault(row.line, null, 'wrong-column-count');
        continue;
      }
      const cells = header.map((name, index) => [name, (row.fields[index] ?? '').trim()] as const);
      rows.push({ line: row.line, cells: new Map(cells.filter(([, cell]) => cell !== '')) });
      if (rows.length > LIMITS.staffRows) {
        return { faults: [{ line: row.line, field: null, code: 'too-many-people' }], readable: [] };
      }
    }
  }
  if (header === null || rows.length === 0) {
    return faults.length > 0
      ? { faults, readable: [] }
      : { faults: [{ line: 1, field: null, code: header === null ? 'no-header' : 'no-rows' }], readable: [] };
  }
  const table = tableOf(header);
  const read = table === null ? peopleOf(rows) : peopleOfTable(table, rows);
  if (faults.length === 0) return read;
  // A row that isn't one is of somebody too, nobody knows of whom.
  const unknown = { line: faults[0]?.line ?? 1, fields: {}, lineOf: () => 1, unread: [''] };
  return {
    faults: 'faults' in read ? [...faults, ...read.faults] : faults,
    readable: [...('faults' in read ? read.readable : read.lines), unknown],
  };
}

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Which table a header is of; null for one of people. */
function tableOf(header: readonly string[]): TableName | null {
  if (header.includes('guest')) return 'clients';
  if (header.includes('for')) return 'deputies';
  if (!header.includes('from')) return null;
  return header.includes('department') ? 'secondments' : 'shifts';
}

function faultsInHeader(header: readonly string[], line: number): FileFault[] {
  const table = tableOf(header);
  const known: readonly string[] = table === null ? PEOPLE_COLUMNS : [...WHO, ...TABLES[table].columns];
  const needed: readonly string[] = table === null ? [] : TABLES[table].needed;
  const faults: FileFault[] = [];
  for (const [index, name] of header.entries()) {
    // A name that isn't known isn't repeated: it may be somebody's, where the file has no header.
    if (!known.includes(name)) faults.push({ line, field: `column ${index + 1}`, code: 'unknown-column' });
    else if (header.indexOf(name) !== index) faults.push({ line, field: name, code: 'doubled-column' });
  }
  const missing = needed.filter((name) => !header.includes(name));
  if (!WHO.some((name) => header.includes(name))) missing.push('username');
  return [...faults, ...missing.map((field) => ({ line, field, code: 'missing-column' as const }))];
}

function peopleOf(rows: readonly Row[]): ReadStaff {
  if (rows.length > LIMITS.staffPerFile) {
    return { faults: [{ line: rows[0]?.line ?? 1, field: null, code: 'too-many-people' }], readable: [] };
  }
  return readFields(
    rows.map(({ line, cells }) => ({
      line,
      said: Object.fromEntries([...cells].map(([name, cell]) => [name, valueOfCell(name, cell)])),
      lineOf: () => line,
    })),
  );
}

const LISTS = ['roles', 'accounts', 'clients'];

/** What a cell of a table of people says. */
function valueOfCell(column: string, cell: string): unknown {
  if (cell === CLEARED) return LISTS.includes(column) ? [] : null;
  if (column === 'active') return cell === 'true' ? true : cell === 'false' ? false : cell;
  if (!LISTS.includes(column)) return cell;
  const parts = cell.split(';').map((part) => part.trim());
  return column === 'roles' ? parts.map(heldRole) : parts;
}

/** `legal@*`, `agent@SHA01+HGH02`. */
function heldRole(text: string): unknown {
  const [role = '', hotels = ''] = text.split('@');
  return { role, hotels: hotelsOf(hotels) };
}

function hotelsOf(text: string): unknown {
  return text === '*' ? '*' : text.split('+').map((hotel) => hotel.trim());
}

/** Rows of one person are one entry. */
function peopleOfTable(table: TableName, rows: readonly Row[]): ReadStaff {
  const people = new Map<string, Row[]>();
  for (const row of rows) {
    const who = WHO.map((name) => row.cells.get(name) ?? '').join('\n');
    people.set(who, [...(people.get(who) ?? []), row]);
  }
  if (people.size > LIMITS.staffPerFile) {
    return { faults: [{ line: rows[0]?.line ?? 1, field: null, code: 'too-many-people' }], readable: [] };
  }
  return readFields(
    [...people.values()].map((own) => {
      const [first] = own;
      const who = WHO.flatMap((name) => {
        const cell = first?.cells.get(name);
        return cell === undefined ? [] : [[name, cell] as const];
      });
      return {
        line: first?.line ?? 1,
        said: { ...Object.fromEntries(who), [table]: own.map(({ cells }) => itemOf(table, cells)) },
        lineOf: (field: string) => own[Number(field.split('.')[1] ?? 0)]?.line ?? first?.line ?? 1,
      };
    }),
  );
}

function itemOf(table: TableName, cells: ReadonlyMap<string, string>): unknown {
  if (table === 'clients') return cells.get('guest');
  const item = Object.fromEntries([...cells].filter(([name]) => !WHO.includes(name)));
  return table === 'deputies' ? { ...item, hotels: hotelsOf(cells.get('hotels') ?? '') } : item;
}
