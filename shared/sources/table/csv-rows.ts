import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from '../bytes/decode-text.ts';
import { decodeTable, type TableEncoding } from '../bytes/table-encoding.ts';
import type { Position } from '../importer.ts';
import type { Span } from '../json/json-documents.ts';

export type CsvDelimiter = ',' | ';' | '\t' | '|';
export type CsvDialect = { delimiter: CsvDelimiter; encoding: TableEncoding };

/**
 * A row: its fields, or why it has none. `line` is the physical line on which it begins; it is `length` bytes long, of
 * which `bytes` are all, or the first where it is too long.
 */
export type CsvRow = { line: number; end: Position; bytes: Uint8Array; length: number } & (
  | { fields: string[] }
  | { reason: 'row-too-long' | 'not-utf8' | 'not-gb18030' | 'bad-quoting' }
);

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const LONGEST_ENDING_BYTES = 2;

/**
 * Rows of separated values (RFC 4180, with a delimiter of the file's own; LF or CRLF) with their exact bytes. A row whose
 * quotes don't fit is given up at the end of its own first line, so that it never takes the lines after it along. Holds at
 * most one row of the allowed length.
 */
export async function* readCsvRows(
  bytes: AsyncIterable<Uint8Array>,
  from: Position,
  dialect: CsvDialect = { delimiter: ',', encoding: 'utf-8' },
): AsyncGenerator<CsvRow> {
  let line = from.line;
  let offset = from.offset;
  let held: Uint8Array = new Uint8Array(0);
  /** The beginning of a line that is too long, while the rest of it is passed over. */
  const passing: { beginning: { bytes: Uint8Array; length: number } | null } = { beginning: null };

  function passed(count: number): void {
    line += linesIn(held.subarray(0, count));
    offset += count;
    held = held.subarray(count);
  }

  /** The next whole row of what is held; null where more bytes are needed. */
  function next(atEnd: boolean): CsvRow | null {
    if (offset === 0 && BYTE_ORDER_MARK.every((byte, index) => held[index] === byte)) {
      offset = BYTE_ORDER_MARK.length;
      held = held.subarray(BYTE_ORDER_MARK.length);
    }
    const first = line + 1;
    const window = held.subarray(0, LIMITS.lineBytes + LONGEST_ENDING_BYTES);
    const found = rowIn(window, atEnd && window.length === held.length, dialect);
    if (found !== null) {
      const content = held.subarray(0, found.contentEnd);
      passed(found.end);
      const row = { line: first, end: { line, offset }, bytes: content, length: content.length };
      if (found.bad) return { ...row, reason: 'bad-quoting' };
      if (content.length > LIMITS.lineBytes)
        return { ...row, bytes: content.subarray(0, LIMITS.lineBytes), reason: 'row-too-long' };
      const text =
        dialect.encoding === 'utf-8' ? decodeText(content, false) : decodeTable(content, dialect.encoding);
      if (text === null) return { ...row, reason: dialect.encoding === 'utf-8' ? 'not-utf8' : 'not-gb18030' };
      return { ...row, fields: fieldsOf(text, dialect.delimiter) };
    }
    if (held.length <= LIMITS.lineBytes + LONGEST_ENDING_BYTES) return null;
    // Either a quote that nobody closes or one endless line: only its first line is lost.
    const lineEnd = held.indexOf(LF);
    if (lineEnd === -1) {
      passing.beginning = { bytes: held.subarray(0, LIMITS.lineBytes), length: held.length };
      passed(held.length);
      return null;
    }
    const bytes = held.subarray(0, Math.min(lineEnd, LIMITS.lineBytes));
    passed(lineEnd + 1);
    return {
      line: first,
      end: { line, offset },
      bytes,
      length: lineEnd,
      reason: lineEnd > LIMITS.lineBytes ? 'row-too-long' : 'bad-quoting',
    };
  }

  /** Passes over the rest of a line that is too long. */
  function skip(chunk: Uint8Array, beginning: { bytes: Uint8Array; length: number }): CsvRow | null {
    const lineEnd = chunk.indexOf(LF);
    if (lineEnd === -1) {
      offset += chunk.length;
      passing.beginning = { ...beginning, length: beginning.length + chunk.length };
      return null;
    }
    offset += lineEnd + 1;
    line += 1;
    passing.beginning = null;
    held = chunk.subarray(lineEnd + 1);
    return {
      line,
      end: { line, offset },
      bytes: beginning.bytes,
      length: beginning.length + lineEnd,
      reason: 'row-too-long',
    };
  }

  for await (const chunk of bytes) {
    if (passing.beginning !== null) {
      const row = skip(chunk, passing.beginning);
      if (row === null) continue;
      yield row;
    } else {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    }
    for (let row = next(false); row !== null; row = next(false)) yield row;
  }
  while (held.length > 0) {
    const row = next(true);
    if (row === null) break;
    yield row;
  }
  if (passing.beginning !== null) {
    const end = { line: line + 1, offset };
    yield { line: line + 1, end, reason: 'row-too-long', ...passing.beginning };
  }
}

type Found = { end: number; contentEnd: number; bad: boolean };

/**
 * Where the first row of these bytes ends; null where that isn't among them. A row ends without a line ending only where
 * the file does.
 */
function rowIn(bytes: Uint8Array, atEnd: boolean, { delimiter, encoding }: CsvDialect): Found | null {
  const separator = delimiter.charCodeAt(0);
  // Of the delimiters, the bar alone occurs as the second byte of a character (GB 18030, 0x7C).
  const inPairs = encoding === 'gb18030' && delimiter === '|';
  let at = 0;
  for (;;) {
    if (bytes[at] === QUOTE) {
      const closing = closingQuote(bytes, at + 1);
      // What follows a quote says whether it closes the field or stands for itself.
      if (closing === null || (closing + 1 === bytes.length && !atEnd))
        return atEnd ? badRow(bytes, atEnd) : null;
      at = closing + 1;
      if (bytes[at] === CR) {
        if (at + 1 === bytes.length && !atEnd) return null;
        if (bytes[at + 1] === LF) at += 1;
      }
      const after = bytes[at];
      if (after !== undefined && after !== separator && after !== LF) return badRow(bytes, atEnd);
    } else {
      while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LF) {
        if (bytes[at] === QUOTE) return badRow(bytes, atEnd);
        at += inPairs && isPair(bytes[at], bytes[at + 1]) ? 2 : 1;
      }
    }
    if (at >= bytes.length) return atEnd ? { end: bytes.length, contentEnd: bytes.length, bad: false } : null;
    if (bytes[at] === LF) {
      return { end: at + 1, contentEnd: at > 0 && bytes[at - 1] === CR ? at - 1 : at, bad: false };
    }
    at += 1;
  }
}

/** The two bytes of a character of GB 18030, or half of a character of four. */
function isPair(first = 0, second = 0): boolean {
  return first >= 0x81 && first <= 0xfe && ((second >= 0x30 && second <= 0x39) || second >= 0x40);
}

/** A row whose quotes don't fit, given up at the end of its first line. */
function badRow(bytes: Uint8Array, atEnd: boolean): Found | null {
  const lineEnd = bytes.indexOf(LF);
  if (lineEnd !== -1) return { end: lineEnd + 1, contentEnd: lineEnd, bad: true };
  return atEnd ? { end: bytes.length, contentEnd: bytes.length, bad: true } : null;
}

function closingQuote(bytes: Uint8Array, from: number): number | null {
  for (let at = bytes.indexOf(QUOTE, from); at !== -1; at = bytes.indexOf(QUOTE, at + 2)) {
    if (bytes[at + 1] !== QUOTE) return at;
  }
  return null;
}

/** Where the fields of a row stand, quotes included; its quoting is right. */
export function fieldSpans(row: string, delimiter: CsvDelimiter): Span[] {
  const spans: Span[] = [];
  for (let at = 0; ; at += 1) {
    let end: number;
    if (row.charCodeAt(at) === QUOTE) {
      end = row.indexOf('"', at + 1);
      while (row.charCodeAt(end + 1) === QUOTE) end = row.indexOf('"', end + 2);
      end += 1;
    } else {
      const separator = row.indexOf(delimiter, at);
      end = separator === -1 ? row.length : separator;
    }
    spans.push({ start: at, end });
    if (end >= row.length) return spans;
    at = end;
  }
}

function fieldsOf(row: string, delimiter: CsvDelimiter): string[] {
  return fieldSpans(row, delimiter).map(({ start, end }) =>
    row.charCodeAt(start) === QUOTE
      ? row.slice(start + 1, end - 1).replaceAll('""', '"')
      : row.slice(start, end),
  );
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}
