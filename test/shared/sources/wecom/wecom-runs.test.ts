import { describe, expect, it } from '@jest/globals';
import { BEGINNING, type Item, RUN_ITEMS } from '../../../../shared/sources/importer.ts';
import { wecom } from '../../../../shared/sources/wecom/wecom.ts';

const OPTIONS = { timezone: null, profile: null, ownNames: [], staffAccounts: async () => new Set<string>() };

describe('the items of a WeCom archive', () => {
  it('come a bounded number at a time, however many lines one piece of the file has', async () => {
    const lines = 3 * RUN_ITEMS + 1;
    const runs: (readonly Item[])[] = [];
    async function* file() {
      yield Buffer.from('\n'.repeat(lines));
    }
    for await (const run of wecom.readRuns?.(file(), BEGINNING, OPTIONS) ?? []) runs.push(run);
    expect(runs.map(({ length }) => length)).toEqual([RUN_ITEMS, RUN_ITEMS, RUN_ITEMS, 1]);
    expect(runs.flat().map(({ line }) => line)).toEqual(Array.from({ length: lines }, (_, at) => at + 1));
  });
});
