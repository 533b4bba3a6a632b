import { expect } from '@jest/globals';
import fc from 'fast-check';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import {
  BEGINNING,
  type Importer,
  type ImportOptions,
  type Item,
} from '../../../../shared/sources/importer.ts';
import { readAll } from './read-all.ts';

type Options = Partial<ImportOptions> & { state?: string | null };

/** After each item, reading goes on to the same items that follow it in one reading, however the bytes come. */
export async function goesOn(
  importer: Importer,
  text: string | Uint8Array,
  { state = null, ...options }: Options = {},
) {
  const from = { ...BEGINNING, state };
  const whole = await readAll(importer, text, { ...options, from });
  for (const chunk of [1, 7, 64]) {
    const items = await readAll(importer, text, { ...options, from, chunk });
    // How a file's documents stand in it may be told from its first piece.
    expect(items.map(withoutEnd)).toEqual(whole.map(withoutEnd));
  }
  for (const [index, item] of whole.entries()) {
    expect(item.end.state?.length ?? 0).toBeLessThanOrEqual(LIMITS.importStateCharacters);
    expect(await readAll(importer, text, { ...options, chunk: 13, from: item.end })).toEqual(
      whole.slice(index + 1),
    );
  }
}

function withoutEnd({ end: _, ...item }: Item) {
  return item;
}

const REASON = /^[a-z0-9-]+(:[A-Za-z_.]+)?$/;

export async function readsAnything(importer: Importer, options: Options = {}) {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
        fc.json().map((text) => Buffer.from(text)),
      ),
      fc.integer({ min: 1, max: 50 }),
      async (bytes, chunk) => {
        for (const item of await readAll(importer, bytes, { ...options, chunk })) {
          expect(item.line).toBeGreaterThan(0);
          if (item.kind === 'rejected') expect(item.reason).toMatch(REASON);
        }
      },
    ),
    { numRuns: 150 },
  );
}

/** Cuts into real shapes and puts anything in place of what was there. */
export async function damaged(importer: Importer, shapes: string[], options: Options = {}) {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...shapes),
      fc.nat(),
      fc.nat(),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 6 }),
        fc.constantFrom(
          '\0',
          '\\ud800',
          '"',
          '\n',
          '\t',
          '\\u0000',
          'null',
          '[',
          '9007199254740993',
          '\u202F',
          '\r',
        ),
      ),
      async (shape, at, removed, inserted) => {
        const start = at % shape.length;
        const text = shape.slice(0, start) + inserted + shape.slice(start + (removed % 20));
        for (const item of await readAll(importer, text, { ...options, chunk: 31 })) {
          expect(['record', 'rejected', 'skipped', 'lack']).toContain(item.kind);
          if (item.kind === 'rejected') expect(item.reason).toMatch(REASON);
          if (item.kind === 'record') expect(item.text.isWellFormed()).toBe(true);
        }
      },
    ),
    { numRuns: 150 },
  );
}
