import { PLAIN_RECORD, type StoredRecord, storedRecordSchema } from '../domain/record.ts';
import { type BlockVersion, LARGEST_PLAINTEXT_BYTES } from './block.ts';
import { decodeColumns, encodeColumns } from './block-columns.ts';
import type { BlockIndexEntry } from './block-index.ts';
import { SealedContentError, UnsealableError } from './sealed-object-error.ts';

/** Version 1 repeats what the index says, and spells out what is as usual. */
const normalised1 = storedRecordSchema.omit({ original: true });
const normalised2 = storedRecordSchema
  .omit({ original: true, recordId: true, at: true, category: true })
  .extend({
    from: storedRecordSchema.shape.from.extend({
      id: storedRecordSchema.shape.from.shape.id.default(null),
      name: storedRecordSchema.shape.from.shape.name.default(null),
    }),
    attachments: storedRecordSchema.shape.attachments.default([]),
    edited: storedRecordSchema.shape.edited.default(false),
    recalls: storedRecordSchema.shape.recalls.default(null),
  });

const LENGTH_BYTES = 4;

/**
 * A record's normalised JSON in a block: what neither the index nor the default says. The text stands last, near the
 * original that it repeats.
 */
export function normalisedOf(record: StoredRecord): string {
  return isPlain(record) ? plainJson(record) : wholeJson(record);
}

function isPlain(record: StoredRecord): boolean {
  const { attachments, edited, internal, recalls, edits, batchId, ordinal, timeKnown } = record;
  return (
    attachments.length === 0 &&
    edited === PLAIN_RECORD.edited &&
    internal === PLAIN_RECORD.internal &&
    recalls === PLAIN_RECORD.recalls &&
    edits === PLAIN_RECORD.edits &&
    batchId === PLAIN_RECORD.batchId &&
    ordinal === PLAIN_RECORD.ordinal &&
    timeKnown === PLAIN_RECORD.timeKnown
  );
}

/** The same bytes as `wholeJson` gives of most records, in a third of the time. */
function plainJson({ platform, sourceType, line, from: { role, id, name }, text }: StoredRecord): string {
  const fromId = id === null ? '' : `,"id":${JSON.stringify(id)}`;
  const fromName = name === null ? '' : `,"name":${JSON.stringify(name)}`;
  const from = `{"role":"${role}"${fromId}${fromName}}`;
  return `{"platform":"${platform}","sourceType":${JSON.stringify(sourceType)},"line":${line},"from":${from},"text":${JSON.stringify(text)}}`;
}

function wholeJson(record: StoredRecord): string {
  const { platform, sourceType, line, text } = record;
  const { role, id, name } = record.from;
  const from = { role, id: id ?? undefined, name: name ?? undefined };
  const { attachments, edited, internal, recalls, edits, batchId, ordinal, timeKnown } = record;
  return JSON.stringify({
    platform,
    sourceType,
    line,
    timeKnown: unlessPlain(timeKnown, PLAIN_RECORD.timeKnown),
    ordinal: unlessPlain(ordinal, PLAIN_RECORD.ordinal),
    attachments: attachments.length === 0 ? undefined : attachments,
    edited: unlessPlain(edited, PLAIN_RECORD.edited),
    internal: unlessPlain(internal, PLAIN_RECORD.internal),
    recalls: unlessPlain(recalls, PLAIN_RECORD.recalls),
    edits: unlessPlain(edits, PLAIN_RECORD.edits),
    batchId: unlessPlain(batchId, PLAIN_RECORD.batchId),
    from,
    text,
  });
}

/** What must be escaped in JSON, or would be written as more than its UTF-8. */
const ESCAPED = /["\\\p{Cc}\p{Cs}]/u;
/** Names, punctuation, and what is short in every record. */
const FIXED_BYTES = 256;

/** Bytes of a record's normalised JSON at most: exactly where it isn't plain text. */
export function normalisedBytesOf(record: StoredRecord): number {
  const { from, text, sourceType, attachments } = record;
  if (attachments.length > 0 || ESCAPED.test(text)) return Buffer.byteLength(normalisedOf(record));
  const short = sourceType.length + (from.id?.length ?? 0) + (from.name?.length ?? 0);
  return FIXED_BYTES + Buffer.byteLength(text) + LONGEST_ESCAPE_BYTES * short;
}

const LONGEST_ESCAPE_BYTES = 6;

function unlessPlain<Value>(value: Value, plain: Value): Value | undefined {
  return value === plain ? undefined : value;
}

/**
 * The plaintext of a block, in columns (block-columns.ts), and how many bytes its records take spelled out: the length of
 * their original bytes (u32), those, the length of the normalised JSON (u32), and that. The original stands as it came, so
 * that it can be hashed. `entries` are those of the index, where it is made already.
 * Throws UnsealableError where whoever opens the block would refuse these records.
 */
export function encodeBlockContent(
  records: readonly StoredRecord[],
  entries: readonly Pick<BlockIndexEntry, 'at'>[] = records.map(({ at }) => ({ at: new Date(at) })),
): { plaintext: Buffer; bytes: number } {
  const rows = records.map((record, place) => ({
    original: record.original,
    normalised: normalisedOf(record),
    text: record.text,
    at: entries[place]?.at.getTime() ?? Number.NaN,
  }));
  const { columns, bytes } = encodeColumns(rows);
  // Columns may be far shorter than what they are read as.
  if (bytes > LARGEST_PLAINTEXT_BYTES) {
    throw new UnsealableError('The records of the block are larger than blocks may be');
  }
  return { plaintext: columns, bytes: bytes + 2 * LENGTH_BYTES * rows.length };
}

/** The records of a block's plaintext, with what its index says of them. Throws SealedContentError. */
export function decodeBlockContent(
  content: Uint8Array,
  version: BlockVersion,
  entries: readonly BlockIndexEntry[],
): StoredRecord[] {
  return version === 3 ? recordsInColumns(content, entries) : recordsInRows(content, version, entries);
}

function recordsInColumns(content: Uint8Array, entries: readonly BlockIndexEntry[]): StoredRecord[] {
  const times = entries.map(({ at }) => at.getTime());
  const pairs = decodeColumns(content, times, LARGEST_PLAINTEXT_BYTES);
  return entries.flatMap((entry, position) => {
    const pair = pairs[position];
    if (pair === undefined) throw new SealedContentError('The block has fewer records than its index');
    return [{ ...recordOf(parseJson(pair.normalised), 3, entry), original: pair.original }];
  });
}

function recordsInRows(
  content: Uint8Array,
  version: Exclude<BlockVersion, 3>,
  entries: readonly BlockIndexEntry[],
): StoredRecord[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const records: StoredRecord[] = [];
  let at = 0;
  function take(): Buffer {
    const start = at + LENGTH_BYTES;
    const end = start > bytes.length ? Number.POSITIVE_INFINITY : start + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new SealedContentError('The content of the block is cut short');
    at = end;
    return bytes.subarray(start, end);
  }
  while (at < bytes.length) {
    const original = take();
    const json = parseJson(take());
    const entry = entries[records.length];
    if (entry === undefined) throw new SealedContentError('The block has more records than its index');
    records.push({ ...recordOf(json, version, entry), original });
  }
  return records;
}

function recordOf(
  json: unknown,
  version: BlockVersion,
  entry: BlockIndexEntry,
): Omit<StoredRecord, 'original'> {
  const { recordId, category } = entry;
  const indexed = { recordId, category, at: entry.at.toISOString() };
  if (version !== 1) {
    const parsed = normalised2.safeParse(json);
    if (parsed.success) return { ...parsed.data, ...indexed };
  } else {
    const parsed = normalised1.safeParse(json);
    if (parsed.success) {
      const { data } = parsed;
      if (data.recordId !== recordId || data.category !== category || data.at !== indexed.at) {
        throw new SealedContentError('A record of the block is not the one in its index');
      }
      return data;
    }
  }
  throw new SealedContentError('The block holds a record that is not of this version');
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message would repeat a guest's words.
    throw new SealedContentError('The block holds a record that is not JSON');
  }
}
