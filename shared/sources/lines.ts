import { LIMITS } from '../domain/limits.ts';
import type { Position } from './importer.ts';

/** A physical line without its ending; `bytes` is null where it is longer than a line may be. */
export type Line = { line: number; end: Position; bytes: Uint8Array | null };

const LF = 0x0a;
const CR = 0x0d;

/** Splits bytes into lines (LF or CRLF). Holds at most one line of the allowed length. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, from: Position): AsyncGenerator<Line> {
  let line = from.line;
  let offset = from.offset;
  let pieces: Uint8Array[] = [];
  let held = 0;
  let tooLong = false;

  function hold(piece: Uint8Array): void {
    if (tooLong || piece.length === 0) return;
    if (held + piece.length > LIMITS.lineBytes) {
      tooLong = true;
      pieces = [];
      return;
    }
    pieces.push(piece);
    held += piece.length;
  }

  function finished(): Line {
    line += 1;
    const whole = pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
    const body = whole.at(-1) === CR ? whole.subarray(0, -1) : whole;
    const result = { line, end: { line, offset }, bytes: tooLong ? null : body };
    pieces = [];
    held = 0;
    tooLong = false;
    return result;
  }

  for await (const chunk of bytes) {
    let start = 0;
    for (;;) {
      const at = chunk.indexOf(LF, start);
      if (at === -1) break;
      hold(chunk.subarray(start, at));
      offset += at + 1 - start;
      start = at + 1;
      yield finished();
    }
    hold(chunk.subarray(start));
    offset += chunk.length - start;
  }
  if (held > 0 || tooLong) yield finished();
}
