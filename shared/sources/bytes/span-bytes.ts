import type { Span } from '../json/json-documents.ts';

/**
 * From spans of a text to the bytes that they stand in and the line on which they begin. The text is the end of
 * `original`, which may begin with a byte order mark. A span is found by counting from the one before it, on or back: what
 * of a ticket stands behind its comments costs no more than the ticket.
 */
export function spanBytes(
  text: string,
  original: Uint8Array,
  firstLine: number,
): (span: Span) => { bytes: Uint8Array; line: number } {
  let known = { character: 0, byte: original.length - Buffer.byteLength(text), line: firstLine };
  return ({ start, end }) => {
    const back = start < known.character;
    const passed = back ? text.slice(start, known.character) : text.slice(known.character, start);
    const bytes = Buffer.byteLength(passed);
    const lines = passed.split('\n').length - 1;
    known = {
      character: start,
      byte: back ? known.byte - bytes : known.byte + bytes,
      line: back ? known.line - lines : known.line + lines,
    };
    const length = Buffer.byteLength(text.slice(start, end));
    return { bytes: original.subarray(known.byte, known.byte + length), line: known.line };
  };
}
