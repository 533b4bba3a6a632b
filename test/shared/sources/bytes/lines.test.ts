import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Line, readLines } from '../../../../shared/sources/bytes/lines.ts';

const LONGEST = 8;

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function linesOf(text: string, sizes: readonly number[] = []): Promise<Omit<Line, 'bytes'>[]> {
  const found: Omit<Line, 'bytes'>[] = [];
  const file = inChunks(Buffer.from(text), sizes);
  for await (const { bytes, ...line } of readLines(file, { line: 0, offset: 0 }, LONGEST)) {
    found.push(Object.assign(line, { text: Buffer.from(bytes).toString('latin1') }));
  }
  return found;
}

describe('lines of a file', () => {
  it('are the same however the file comes in chunks', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', '\n', '\r\n', '\r', 'defghijkl'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(9)), async (written, sizes) => {
        expect(await linesOf(written, sizes)).toEqual(
          await linesOf(
            written,
            written.split('').map(() => 1),
          ),
        );
      }),
    );
  });

  it('have no ending, say where they end, and what is too long is cut and its length stated', async () => {
    expect(await linesOf('ab\r\n\n12345678\r\n123456789\nend')).toEqual([
      { line: 1, end: { line: 1, offset: 4 }, text: 'ab', length: 2, ended: true },
      { line: 2, end: { line: 2, offset: 5 }, text: '', length: 0, ended: true },
      { line: 3, end: { line: 3, offset: 15 }, text: '12345678', length: 8, ended: true },
      { line: 4, end: { line: 4, offset: 25 }, text: '12345678', length: 9, ended: true },
      { line: 5, end: { line: 5, offset: 28 }, text: 'end', length: 3, ended: false },
    ]);
  });
});
