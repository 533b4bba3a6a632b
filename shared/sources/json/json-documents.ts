import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { readLines } from '../bytes/lines.ts';
import { spanBytes } from '../bytes/span-bytes.ts';
import { withHead } from '../bytes/with-head.ts';
import {
  type DocumentPiece,
  documentItems,
  rejectedPiece,
  truncatedAt,
} from '../documents/document-items.ts';
import type { Draft, ImportOptions, Item, ResumePoint } from '../importer.ts';
import { parseJsonLine } from './json-line.ts';

/** A JSON document of a file: its text, and what it says (integers beyond 2^53 as bigint). */
export type JsonDocument = { text: string; value: unknown };

/** What a document gives: records with their place in its text, reasons, or nothing (a receipt, an event). */
export type Outcome =
  | { kind: 'record'; draft: Draft; span: Span }
  | { kind: 'rejected'; reason: string; span: Span }
  | { kind: 'skipped' };

/** Of one element: its record, the reason why there is none, or nothing where it carries none (null). */
export function outcomeOf(draft: Draft | string | null, span: Span): Outcome {
  if (draft === null) return { kind: 'skipped' };
  return typeof draft === 'string'
    ? { kind: 'rejected', reason: draft, span }
    : { kind: 'record', draft, span };
}

/** From the first character to the one after the last. */
export type Span = { start: number; end: number };

export type ReadDocument = (
  document: JsonDocument,
  options: ImportOptions,
) => AsyncIterable<Outcome> | Iterable<Outcome>;

/** How documents stand in a file: one on each line, as elements of one array, or one after the other. */
type Layout = 'lines' | 'sequence';

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const LF = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const WHITE_SPACE = [0x20, 0x09, 0x0a, 0x0d];

/**
 * Reads a file of JSON documents, each of at most LIMITS.documentBytes: NDJSON, one array, or documents written one after
 * the other on as many lines as they like. `read` says what a document holds. The bytes of each record are exactly those
 * of its span; a document that can't be read is one rejected item.
 */
export async function* readJsonDocuments(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
  options: ImportOptions,
  read: ReadDocument,
): AsyncGenerator<Item> {
  const known = layoutNamed(from.state);
  // However the file is cut into pieces, the same bytes say how it is laid out.
  const { head, whole } = await withHead(bytes, known === null ? LIMITS.lineBytes : 0);
  const layout = known ?? layoutOf(head);
  const pieces = layout === 'lines' ? onLines(whole, from) : inSequence(whole, from);
  yield* documentItems(
    pieces,
    from,
    () => layout,
    (piece, end) => itemsOf(piece, end, options, read),
  );
}

async function* itemsOf(
  piece: DocumentPiece,
  end: ResumePoint,
  options: ImportOptions,
  read: ReadDocument,
): AsyncGenerator<Item> {
  const { line, bytes: original, length, whole } = piece;
  if (length > original.length) {
    yield rejectedPiece(piece, end, 'document-too-large');
    if (!whole) yield truncatedAt(piece, end);
    return;
  }
  const text = decodeText(original, line === 1);
  if (text?.trim() === '') return;
  if (text === null) {
    yield rejectedPiece(piece, end, 'not-utf8');
    return;
  }
  const parsed = parseJsonLine(text);
  if (!parsed.ok) {
    yield rejectedPiece(piece, end, parsed.reason);
    if (!whole) yield truncatedAt(piece, end);
    return;
  }
  const locate = spanBytes(text, original, line);
  for await (const outcome of read({ text, value: parsed.value }, options)) {
    if (outcome.kind === 'skipped') {
      yield { kind: 'skipped', line, end };
      continue;
    }
    const { bytes, line: at } = locate(outcome.span);
    yield outcome.kind === 'record'
      ? { kind: 'record', line: at, end, original: bytes, ...outcome.draft }
      : {
          kind: 'rejected',
          line: at,
          end,
          reason: outcome.reason,
          original: bytes.subarray(0, LIMITS.lineBytes),
          bytes: bytes.length,
        };
  }
}

function layoutNamed(state: string | null): Layout | null {
  return state === 'lines' || state === 'sequence' ? state : null;
}

/** Documents stand on lines where the first line is one. */
function layoutOf(head: Uint8Array): Layout {
  const end = head.indexOf(LF);
  const text = decodeText(end === -1 ? head : head.subarray(0, end), true)?.trim() ?? '';
  // A line that isn't there to its end can't be told from a document that goes on.
  if (end === -1 || text.startsWith('[') || text === '') return 'sequence';
  return parseJsonLine(text).ok || !text.startsWith('{') ? 'lines' : 'sequence';
}

async function* onLines(bytes: AsyncIterable<Uint8Array>, from: ResumePoint): AsyncGenerator<DocumentPiece> {
  for await (const { line, end, bytes: content, length, ended } of readLines(
    bytes,
    from,
    LIMITS.documentBytes,
  )) {
    yield { line, end, bytes: content, length, whole: ended };
  }
}

/**
 * Documents by their brackets. An array at the top of the file stands around its elements, which are documents
 * themselves; commas and white space between documents pass unseen, and so do the brackets of that array.
 */
async function* inSequence(
  bytes: AsyncIterable<Uint8Array>,
  from: ResumePoint,
): AsyncGenerator<DocumentPiece> {
  let line = from.line + 1;
  let offset = from.offset;
  let pieces: Uint8Array[] = [];
  let held = 0;
  let length = 0;
  let depth = 0;
  let firstLine = line;
  let inString = false;
  let escaped = false;
  let started = false;

  function hold(piece: Uint8Array): void {
    length += piece.length;
    const kept = piece.subarray(0, LIMITS.documentBytes - held);
    if (kept.length > 0) pieces.push(kept);
    held += kept.length;
  }
  function finished(at: number, whole: boolean): DocumentPiece {
    const piece: DocumentPiece = {
      line: firstLine,
      // Lines count as read when their ending was.
      end: { line: line - 1, offset: at },
      bytes: pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces),
      length,
      whole,
    };
    pieces = [];
    held = 0;
    length = 0;
    started = false;
    return piece;
  }

  for await (const chunk of bytes) {
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === LF) line += 1;
      if (!started) {
        const atBeginning = offset + at < BYTE_ORDER_MARK.length && byte === BYTE_ORDER_MARK[offset + at];
        // The array around the documents is the only bracket that can stand between them.
        if (atBeginning || WHITE_SPACE.includes(byte) || byte === COMMA) continue;
        if (byte === OPEN_BRACKET || byte === CLOSE_BRACKET) continue;
        started = true;
        firstLine = line;
        start = at;
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
        continue;
      }
      if (byte === QUOTE) inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
      else if (depth > 0 || byte !== LF) continue;
      if (depth > 0 || inString) continue;
      // A document ends with its last bracket; what is none, with its line.
      depth = 0;
      hold(chunk.subarray(start, at + 1));
      yield finished(offset + at + 1, true);
    }
    if (started) hold(chunk.subarray(start));
    offset += chunk.length;
  }
  if (started) yield finished(offset, false);
}
