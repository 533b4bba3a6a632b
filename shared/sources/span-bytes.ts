import type { Span } from './json-documents.ts';

/**
 * From spans of a text to the bytes that they stand in and the line on which they begin. The text is the end of
 * `original`, which may begin with a byte order mark. Spans that come in order are found without counting from the
 * beginning.
 */
export function spanBytes(
  text: string,
  original: Uint8Array,
  firstLine: number,
): (span: Span) => { bytes: Uint8Array; line: number } {
  const beginning = { character: 0, byte: original.length - Buffer.byteLength(text), line: firstLine };
  let known = beginning;
  return ({ start, end }) => {
    if (start < known.character) known = beginning;
    const passed = text.slice(known.character, start);
    known = {
      character: start,
      byte: known.byte + Buffer.byteLength(passed),
      line: known.line + passed.split('\n').length - 1,
    };
    const length = Buffer.byteLength(text.slice(start, end));
    return { bytes: original.subarray(known.byte, known.byte + length), line: known.line };
  };
}
