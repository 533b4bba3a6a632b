/**
 * Parts joined so that no two lists of parts give the same bytes: each is its length (u32) and its bytes. What is hashed
 * or authenticated is always such a list, its first part a label that belongs to one purpose alone.
 */
export function joinParts(...parts: readonly (string | Uint8Array)[]): Buffer {
  const joined: Uint8Array[] = [];
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    joined.push(length, bytes);
  }
  return Buffer.concat(joined);
}
