import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SOURCES } from '../../shared/domain/record.ts';

const document = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');
const [top = ''] = document.split(/^## /m, 1);
/** Rows of the table at the top: source, the format's origin, what is lossless, what isn't. */
const rows = top
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

describe('docs/sources.md', () => {
  it('has a row for each source at its top, in the order of SOURCES', () => {
    expect(rows.map(([name]) => name)).toEqual(SOURCES.map((source) => `\`${source}\``));
  });

  it.each(rows)(
    'says of %s in Chinese and English where its format is from, what is lossless and what isn’t',
    (...row) => {
      expect(row).toHaveLength(4);
      for (const cell of row.slice(1)) {
        expect(cell).toMatch(/\p{Script=Han}/u);
        expect(cell).toMatch(/[A-Za-z]{4}/);
      }
    },
  );

  it.each(SOURCES)('has a section for %s', (source) => {
    expect(document).toMatch(new RegExp(`^## \`${source}\`: .*\\p{Script=Han}`, 'mu'));
  });
});
