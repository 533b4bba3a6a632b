import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Importer, ImportOptions } from '../../../../shared/sources/importer.ts';
import { readAll } from './read-all.ts';

/** After each item, in chunks of several sizes, reading goes on as if it had never stopped. */
export async function expectGoesOnAnywhere(
  importer: Importer,
  text: string | Uint8Array,
  options: Partial<ImportOptions> = {},
): Promise<void> {
  const whole = await readAll(importer, text, options);
  expect(whole.length).toBeGreaterThan(1);
  for (const [index, item] of whole.entries()) {
    for (const chunk of [1, 13, 64 * 1024]) {
      expect(await readAll(importer, text, { ...options, chunk, from: item.end })).toEqual(
        whole.slice(index + 1),
      );
    }
  }
}

/** Bytes of a real payload with some of them replaced, doubled, dropped or cut: the reader gives items and reasons. */
export async function expectNeverThrows(importer: Importer, payloads: readonly string[]): Promise<void> {
  const mutated = fc
    .tuple(
      fc.constantFrom(...payloads),
      fc.array(
        fc.record({
          at: fc.nat(),
          length: fc.nat({ max: 12 }),
          put: fc.oneof(
            fc.constantFrom(
              '"',
              '{',
              '}',
              '[',
              ']',
              '<',
              '>',
              '</',
              '<![CDATA[',
              ']]>',
              '<!',
              '&',
              '\0',
              '\n',
              '\\u0000',
              '\\ud800',
              'null',
              '99999999999999999999',
              '[[[[',
            ),
            fc.string({ maxLength: 6 }),
          ),
        }),
        { maxLength: 6 },
      ),
    )
    .map(([payload, changes]) =>
      changes.reduce((text, { at, length, put }) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + put + text.slice(start + length);
      }, payload),
    );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        mutated.map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 300 }),
        fc.json().map((text) => Buffer.from(text)),
      ),
      fc.integer({ min: 1, max: 97 }),
      async (bytes, chunk) => {
        for (const item of await readAll(importer, bytes, { chunk })) {
          expect(item.line).toBeGreaterThanOrEqual(1);
          expect(item.end.offset).toBeLessThanOrEqual(bytes.length);
          if (item.kind === 'rejected') expect(item.reason).toMatch(/^[\w.:-]+$/);
          if (item.kind === 'record') {
            expect(item.text.isWellFormed()).toBe(true);
            expect(item.at.getTime()).not.toBeNaN();
            expect(Buffer.from(bytes).includes(Buffer.from(item.original))).toBe(true);
          }
        }
      },
    ),
    { numRuns: 300 },
  );
}
