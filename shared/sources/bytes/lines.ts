import type { Position } from '../importer.ts';

/**
 * A physical line without its ending, `length` bytes long; `bytes` are the first of them where it is longer than it may
 * be. `ended` is false for the last line of a file that doesn't end with a line ending.
 */
export type Line = { line: number; end: Position; bytes: Uint8Array; length: number; ended: boolean };

const LF = 0x0a;
const CR = 0x0d;

/** Splits bytes into lines (LF or CRLF). Holds at most `longest` bytes of one line. */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  from: Position,
  longest: number,
): AsyncGenerator<Line> {
  for await (const run of readLineRuns(bytes, from, longest)) yield* run;
}

/** The same lines, those that end in one chunk together: nothing is waited for between them. Each run is read to its end. */
export async function* readLineRuns(
  bytes: AsyncIterable<Uint8Array>,
  from: Position,
  longest: number,
): AsyncGenerator<Iterable<Line>> {
  let line = from.line;
  let offset = from.offset;
  let pieces: Uint8Array[] = [];
  let held = 0;
  let length = 0;
  let last = 0;

  function hold(piece: Uint8Array): void {
    if (piece.length === 0) return;
    length += piece.length;
    last = piece.at(-1) ?? 0;
    const kept = piece.subarray(0, longest - held);
    if (kept.length === 0) return;
    pieces.push(kept);
    held += kept.length;
  }

  function finished(ended: boolean): Line {
    line += 1;
    const whole = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    // A carriage return belongs to the ending, and doesn't count.
    const content = last === CR ? length - 1 : length;
    const result = { line, end: { line, offset }, bytes: whole.subarray(0, content), length: content, ended };
    pieces = [];
    held = 0;
    length = 0;
    last = 0;
    return result;
  }

  /** A line that lies in one chunk, as nearly all do: cut out of it once. */
  function within(chunk: Uint8Array, start: number, lineFeed: number): Line {
    line += 1;
    const end = lineFeed > start && chunk[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
    return {
      line,
      end: { line, offset },
      // Made so it costs half of what a Buffer's own `subarray` does.
      bytes: new Uint8Array(chunk.buffer, chunk.byteOffset + start, end - start),
      length: end - start,
      ended: true,
    };
  }

  function* linesOf(chunk: Uint8Array): Generator<Line> {
    let start = 0;
    for (;;) {
      const at = chunk.indexOf(LF, start);
      if (at === -1) break;
      offset += at + 1 - start;
      if (length === 0 && at - start <= longest) {
        yield within(chunk, start, at);
      } else {
        hold(chunk.subarray(start, at));
        yield finished(true);
      }
      start = at + 1;
    }
    hold(chunk.subarray(start));
    offset += chunk.length - start;
  }

  for await (const chunk of bytes) yield linesOf(chunk);
  if (length > 0) yield [finished(false)];
}
