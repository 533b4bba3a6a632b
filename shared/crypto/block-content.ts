import { type StoredRecord, storedRecordSchema } from '../domain/record.ts';
import { SealedContentError } from './sealed-object-error.ts';

const normalised = storedRecordSchema.omit({ original: true });

/**
 * The plaintext of a block: per record, in index order, the length of its original bytes (u32), those bytes, the length
 * of its normalised JSON (u32), and that. The original stands as it came, so that it compresses well and can be hashed.
 */
export function encodeBlockContent(records: readonly StoredRecord[]): Buffer {
  const parts: Uint8Array[] = [];
  for (const { original, ...rest } of records) {
    for (const part of [Buffer.from(original, 'base64'), Buffer.from(JSON.stringify(rest))]) {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(part.length);
      parts.push(length, part);
    }
  }
  return Buffer.concat(parts);
}

/** The records of a block's plaintext. Throws SealedContentError. */
export function decodeBlockContent(content: Uint8Array): { record: StoredRecord; original: Uint8Array }[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const records: { record: StoredRecord; original: Uint8Array }[] = [];
  let at = 0;
  function take(): Buffer {
    const start = at + 4;
    const end = start > bytes.length ? Number.POSITIVE_INFINITY : start + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new SealedContentError('The content of the block is cut short');
    at = end;
    return bytes.subarray(start, end);
  }
  while (at < bytes.length) {
    const original = take();
    const parsed = normalised.safeParse(parseJson(take()));
    if (!parsed.success) {
      throw new SealedContentError('The block holds a record that is not of this version');
    }
    records.push({ record: { ...parsed.data, original: original.toString('base64') }, original });
  }
  return records;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message would repeat a guest's words.
    throw new SealedContentError('The block holds a record that is not JSON');
  }
}
