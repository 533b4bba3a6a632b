import { LIMITS } from '../../domain/limits.ts';
import type { Item, ObservedLack, Position, RejectedLine, ResumePoint } from '../importer.ts';

/** A document cut out of a file: its first bytes where it is longer than it may be, `length` in all. */
export type DocumentPiece = {
  /** The line on which it begins. */
  line: number;
  end: Position;
  bytes: Uint8Array;
  length: number;
  /** False where the file ends before the document does. */
  whole: boolean;
};

/**
 * The items of documents, in order, each with a point from which reading goes on behind it: the last item of a document
 * ends it; behind an earlier one the document is read again from its beginning, and what was given of it is left out.
 */
export async function* documentItems<Piece extends DocumentPiece>(
  pieces: AsyncIterable<Piece>,
  from: ResumePoint,
  stateBehind: (piece: Piece | null) => string | null,
  itemsOf: (piece: Piece, end: ResumePoint) => AsyncIterable<Item>,
): AsyncGenerator<Item> {
  let before = from.items;
  let begin: ResumePoint = { ...from, items: 0, state: stateBehind(null) };
  for await (const piece of pieces) {
    const { line } = piece;
    const end: ResumePoint = { ...piece.end, items: 0, state: stateBehind(piece) };
    let given = 0;
    let held: Item | null = null;
    for await (const item of itemsOf(piece, end)) {
      given += 1;
      if (given <= before) continue;
      if (held !== null) yield { ...held, end: { ...begin, items: given - 1 } };
      held = item;
    }
    if (held !== null) yield { ...held, end };
    else if (given === 0) yield { kind: 'skipped', line, end };
    before = 0;
    begin = end;
  }
}

/** A document that can't be read, of which quarantine keeps LIMITS.lineBytes at most. */
export function rejectedPiece(
  { line, bytes, length }: DocumentPiece,
  end: ResumePoint,
  reason: string,
): RejectedLine {
  return {
    kind: 'rejected',
    line,
    end,
    reason,
    original: bytes.subarray(0, LIMITS.lineBytes),
    bytes: length,
  };
}

/** The file ends before this document does. */
export function truncatedAt({ line }: DocumentPiece, end: ResumePoint): ObservedLack {
  return { kind: 'lack', line, end, lack: { kind: 'truncated' } };
}
