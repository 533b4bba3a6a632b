import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Importer, ImportOptions } from '../../../../shared/sources/importer.ts';
import { readAll } from './read-all.ts';

const CHUNKS = [1, 7, 64 * 1024];

/** Whoever goes on from any item's end, in whatever pieces, gets the items after it; so does whoever reads in other pieces. */
export async function expectResumable(
  importer: Importer,
  text: string,
  options: Partial<ImportOptions> = {},
): Promise<void> {
  const items = await readAll(importer, text, options);
  expect(items.length).toBeGreaterThan(1);
  for (const chunk of CHUNKS) {
    const whole = await readAll(importer, text, { ...options, chunk });
    expect(whole.map(({ end: _, ...item }) => item)).toEqual(items.map(({ end: _, ...item }) => item));
    for (const [index, item] of whole.entries()) {
      const rest = await readAll(importer, text, { ...options, chunk, from: item.end });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  }
}

/** Mutated payloads and arbitrary bytes give items, each with a place, a time and words that can be stored. */
export async function expectUnbreakable(
  importer: Importer,
  payloads: readonly string[],
  runs = 200,
): Promise<void> {
  const mutated = fc
    .tuple(
      fc.constantFrom(...payloads),
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.nat({ max: 40 }),
          fc.oneof(
            fc.string(),
            fc.constantFrom(
              'null',
              '[]',
              '{}',
              '"',
              '<',
              '&#x110000;',
              '\\ud800',
              '\0',
              '-1',
              '1e999',
              '9007199254740993',
            ),
          ),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    )
    .map(([payload, edits]) => {
      let text = payload;
      for (const [where, length, put] of edits) {
        const at = where % (text.length + 1);
        text = text.slice(0, at) + put + text.slice(at + length);
      }
      return Buffer.from(text);
    });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        { arbitrary: mutated, weight: 4 },
        { arbitrary: fc.uint8Array({ maxLength: 200 }), weight: 1 },
      ),
      fc.integer({ min: 1, max: 500 }),
      async (bytes, chunk) => {
        for (const item of await readAll(importer, bytes, { chunk, timezone: 'Asia/Shanghai' })) {
          expect(item.line).toBeGreaterThanOrEqual(1);
          if (item.kind !== 'record') continue;
          expect(Number.isNaN(item.at.getTime())).toBe(false);
          expect(item.text.isWellFormed()).toBe(true);
          expect(item.placements.length).toBeGreaterThan(0);
          expect(item.original.length).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: runs },
  );
}

/** Each value of a JSON payload replaced, one after the other, by what doesn't belong there. */
export function withWrongValues(value: unknown): string[] {
  const wrong = [null, 7, true, 'x', [], {}, [[]], [null], { id: {} }];
  const found: unknown[] = [];
  function walk(node: unknown, rebuild: (changed: unknown) => unknown): void {
    for (const one of wrong) found.push(rebuild(one));
    if (Array.isArray(node)) {
      for (const [index, child] of node.entries()) {
        walk(child, (changed) => rebuild(node.with(index, changed)));
      }
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, child] of Object.entries(node)) {
        walk(child, (changed) => rebuild({ ...node, [name]: changed }));
      }
    }
  }
  walk(value, (changed) => changed);
  return found.map((one) => JSON.stringify(one));
}
