import { isAscii, isUtf8 } from 'node:buffer';
import { LIMITS } from '../../domain/limits.ts';
import { decodeText } from './decode-text.ts';
import { readLines } from './lines.ts';

export type TableEncoding = 'utf-8' | 'gb18030';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Text of a table's bytes; null where they are none in this encoding. */
export function decodeTable(bytes: Uint8Array, encoding: TableEncoding): string | null {
  if (encoding === 'utf-8') return decodeText(bytes, false);
  try {
    // One for each row: what a decoder keeps of a row that failed must not reach the next.
    return new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The encoding of a whole file: UTF-8 where every line is, GB 18030 where every line is that; where neither, the one with
 * fewer lines that it can't explain, so that a damaged line costs that line alone.
 */
export async function encodingOf(bytes: AsyncIterable<Uint8Array>): Promise<TableEncoding> {
  let notUtf8 = 0;
  let notGb18030 = 0;
  for await (const { line, bytes: content, length } of readLines(
    bytes,
    { line: 0, offset: 0 },
    LIMITS.lineBytes,
  )) {
    if (line === 1 && BYTE_ORDER_MARK.every((byte, index) => content[index] === byte)) return 'utf-8';
    // What is cut off may end within a character.
    if (length > content.length || isAscii(content)) continue;
    if (!isUtf8(content)) notUtf8 += 1;
    if (decodeTable(content, 'gb18030') === null) notGb18030 += 1;
  }
  return notUtf8 <= notGb18030 ? 'utf-8' : 'gb18030';
}
