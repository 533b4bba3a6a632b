import { expect } from '@jest/globals';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { BEGINNING, type Importer, type ImportOptions } from '../../../../shared/sources/importer.ts';
import { readAll } from './read-all.ts';

const CHUNKS = [1, 7, 13, 64, 64 * 1024];

/**
 * However the bytes come, reading gives the same; after each item it goes on as if it had never stopped. There are `least`
 * items or more.
 */
export async function expectGoesOnAnywhere(
  importer: Importer,
  text: string | Uint8Array,
  {
    state = null,
    least = 2,
    ...options
  }: Partial<ImportOptions> & { state?: string | null; least?: number } = {},
): Promise<void> {
  const from = { ...BEGINNING, state };
  const whole = await readAll(importer, text, { ...options, from });
  expect(whole.length).toBeGreaterThanOrEqual(least);
  for (const chunk of CHUNKS) {
    expect(await readAll(importer, text, { ...options, from, chunk })).toEqual(whole);
  }
  for (const [index, item] of whole.entries()) {
    expect(item.end.state?.length ?? 0).toBeLessThanOrEqual(LIMITS.importStateCharacters);
    for (const chunk of CHUNKS) {
      expect(await readAll(importer, text, { ...options, chunk, from: item.end })).toEqual(
        whole.slice(index + 1),
      );
    }
  }
}
