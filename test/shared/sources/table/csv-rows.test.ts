import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type CsvRow, readCsvRows } from '../../../../shared/sources/table/csv-rows.ts';
import { pieces } from '../support/read-all.ts';

async function rows(text: string, chunk = 64): Promise<CsvRow[]> {
  const found: CsvRow[] = [];
  for await (const row of readCsvRows(pieces(text, chunk), { line: 0, offset: 0 })) found.push(row);
  return found;
}

describe('rows of comma-separated values', () => {
  it('are the same as csv-parse reads, in whatever pieces the bytes come', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '客', ';') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (table, ending, endsInLine, chunk) => {
          const text =
            table.map((row) => row.map(quoted).join(',')).join(ending) + (endsInLine ? ending : '');
          const theirs: unknown = parse(text, { relax_column_count: true, record_delimiter: ending });
          const ours = await rows(text, chunk);
          expect(ours.map((row) => ('fields' in row ? row.fields : row.reason))).toEqual(theirs);
        },
      ),
    );
  });

  it('hold the exact bytes of each row, and every byte is in one of them', async () => {
    const text = 'a,"b\r\n"\r\nbad"row\n\n"x""y",z';
    const found = await rows(text, 3);
    expect(found.map((row) => ('fields' in row ? Buffer.from(row.bytes).toString() : row.reason))).toEqual([
      'a,"b\r\n"',
      'bad-quoting',
      '',
      '"x""y",z',
    ]);
    expect(found.map(({ line, end }) => [line, end.line, end.offset])).toEqual([
      [1, 2, 9],
      [3, 3, 17],
      [4, 4, 18],
      [5, 4, 26],
    ]);
  });
});

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
