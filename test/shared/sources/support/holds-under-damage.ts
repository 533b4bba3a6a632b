import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Importer, ImportOptions } from '../../../../shared/sources/importer.ts';
import { readAll } from './read-all.ts';

/** What stands in the way of a reader of JSON, XML or tables. */
const OBSTACLES = [
  ...['"', '{', '}', '[', ']', '[[[[', '[]', '{}', '\\u0000', '\\ud800', 'null'],
  ...['<', '>', '</', '<![CDATA[', ']]>', '<!', '&', '&#x110000;'],
  ...['\0', '\n', '\r', '\t', '\u202F'],
  ...['-1', '1e999', '9007199254740993', '99999999999999999999'],
];

/** Reasons are codes, with at most a field of the platform or its error's number: no word of the line. */
const REASON = /^(?:[a-z0-9-]+(?::[A-Za-z_.]+)?|platform-error:\d{1,10})$/;

/**
 * Payloads with something put, doubled or cut anywhere, and arbitrary bytes, text and JSON give items: each with a place in
 * the file, and a code, or a time and words that can be stored and the file's own bytes.
 */
export async function expectUnbreakable(
  importer: Importer,
  payloads: readonly string[],
  { runs = 300, ...options }: Partial<ImportOptions> & { runs?: number } = {},
): Promise<void> {
  const arbitraryBytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }).map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      payloads.length === 0
        ? arbitraryBytes
        : fc.oneof({ arbitrary: damaged(payloads), weight: 4 }, { arbitrary: arbitraryBytes, weight: 1 }),
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom(null, 'Asia/Shanghai'),
      async (bytes, chunk, timezone) => {
        for (const item of await readAll(importer, bytes, { timezone, ...options, chunk })) {
          expect(item.line).toBeGreaterThanOrEqual(1);
          expect(item.end.offset).toBeLessThanOrEqual(bytes.length);
          if (item.kind === 'rejected') expect(item.reason).toMatch(REASON);
          if (item.kind !== 'record') continue;
          expect(item.at.getTime()).not.toBeNaN();
          expect(item.text.isWellFormed()).toBe(true);
          expect(item.placements.length).toBeGreaterThan(0);
          expect(item.original.length).toBeGreaterThan(0);
          expect(Buffer.from(bytes).includes(Buffer.from(item.original))).toBe(true);
        }
      },
    ),
    { numRuns: runs },
  );
}

function damaged(payloads: readonly string[]): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    where: fc.nat(),
    removed: fc.nat({ max: 40 }),
    put: fc.oneof(fc.string({ unit: 'binary', maxLength: 10 }), fc.constantFrom(...OBSTACLES)),
  });
  return fc
    .tuple(fc.constantFrom(...payloads), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([payload, edits]) =>
      Buffer.from(
        edits.reduce((text, { where, removed, put }) => {
          const at = where % (text.length + 1);
          return text.slice(0, at) + put + text.slice(at + removed);
        }, payload),
      ),
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
