import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { bundledRuleSet } from '../../../shared/policy/rule-set.ts';

const notes = [...bundledRuleSet().notes.values()];
const document = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');

/** The cells of the table under a heading, without its two head rows. */
function table(heading: string): string[][] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

/** Ids of a cell such as `T1, T2`. */
const ids = (cell = '') => cell.split(', ');

function numbered(letter: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
}

describe('docs/rules.md', () => {
  it('has every rule of the rule set with the files that state it, and no other', () => {
    const stated = new Map<string, Set<string>>();
    for (const { rule, file } of notes) stated.set(rule, (stated.get(rule) ?? new Set()).add(file));
    const written = table('Rules').flatMap(([rules, , files]) =>
      ids(rules).map((rule) => [rule, ids(files?.replaceAll('`', '')).sort()] as const),
    );
    expect(Object.fromEntries(written)).toEqual(
      Object.fromEntries([...stated].map(([rule, files]) => [rule, [...files].sort()])),
    );
    expect(new Set(written.map(([rule]) => rule)).size).toBe(written.length);
  });

  it('has every policy with its effect, its reason and both texts, word for word', () => {
    const expected = notes.map(({ id, effect, reason, zh, en }) => [
      `\`${id}\``,
      effect,
      `\`${reason}\``,
      zh,
      en,
    ]);
    const byId = (one: string[], other: string[]) => ((one[0] ?? '') < (other[0] ?? '') ? -1 : 1);
    expect(table('Reasons').sort(byId)).toEqual(expected.sort(byId));
  });

  it('says of every rule, once, whether policies decide it, steps keep it or it isn’t built', () => {
    const said = ['Rules', 'Kept by steps', 'Not built yet'].flatMap((heading) =>
      table(heading).flatMap(([rules]) => ids(rules)),
    );
    const all = [
      ...numbered('T', 18),
      ...numbered('A', 9),
      ...numbered('R', 14),
      'E1',
      ...numbered('L', 11),
      ...numbered('D', 12),
    ];
    expect(said.sort()).toEqual(all.sort());
  });

  it('names for what steps keep the files that do it', () => {
    const files = table('Kept by steps').flatMap(([, , where]) => ids(where?.replaceAll('`', '')));
    expect(files.filter((file) => !existsSync(new URL(`../../../${file}`, import.meta.url)))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  it('says of each rule that isn’t built what is missing and what is there', () => {
    const rows = table('Not built yet');
    expect(rows.filter(([, missing, there]) => !missing || !there)).toEqual([]);
    expect(rows.filter((row) => row.length !== 3)).toEqual([]);
  });
});
