import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readRegions } from '../../infra/read-regions.ts';

const root = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');

describe('README.md', () => {
  it('names every folder of shared/', () => {
    const row = textOf('README.md')
      .split('\n')
      .find((line) => line.startsWith('| `shared/` |'));
    const named = (row?.split('|')[2] ?? '').split('·').map((part) => part.trim().split(' ')[0]);
    const folders = readdirSync(new URL('shared/', root), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(named.sort()).toEqual(folders.sort());
  });

  it('says what to set, as operations do, for as long as no region takes keys that software keeps', () => {
    const regions = readRegions(new URL('infra/regions.json', root).pathname);
    expect(regions.map(({ rules }) => rules.softwareDevices)).toEqual(regions.map(() => 'refused'));
    for (const page of ['README.md', 'docs/operations.md']) {
      expect(textOf(page)).toMatch(/"rules": \{ ?"softwareDevices": "allowed" ?\}/);
    }
  });
});
