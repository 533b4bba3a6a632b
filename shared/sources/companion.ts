import { z } from 'zod';
import { FILE_ENDINGS } from '../domain/file-ending.ts';
import { LIMITS } from '../domain/limits.ts';
import { importProfileSchema } from './import-profile.ts';

/**
 * What comes beside an export (`dualkey ingest --map F --media DIR`): one object of the inbox, `hotel/source/batchId.companion`,
 * as docs/formats/media.md describes it: magic ‖ length of the index, 32 bits big-endian ‖ index as JSON ‖ the media's
 * bytes, one after the other. Names of files may be personal: they stand inside this object only.
 */
const MAGIC = Buffer.from('DKC1');
export const COMPANION_LENGTH_END = MAGIC.length + 4;

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const companionMediumSchema = z.strictObject({
  /** Path below the folder that was given, with `/`. */
  name: z.string().min(1).max(LIMITS.mediumNameCharacters),
  bytes: z.number().int().min(0).max(LIMITS.mediumBytes),
  md5: hex(32),
  sha256: hex(64),
  /** What kind of file it is by its first bytes; absent where they don't say. */
  ending: z.enum(FILE_ENDINGS).optional(),
  /** Where it begins, counted from the end of the index. */
  offset: z.number().int().min(0),
});
export type CompanionMedium = z.infer<typeof companionMediumSchema>;

const companionIndexSchema = z.strictObject({
  profile: importProfileSchema.nullable(),
  media: z.array(companionMediumSchema).max(LIMITS.batchMedia),
});
export type CompanionIndex = z.infer<typeof companionIndexSchema>;

/** What came beside the export is not what this format describes. */
export class CompanionError extends Error {
  override name = 'CompanionError';
}

/** Everything before the media. */
export function encodeCompanionHead(index: CompanionIndex): Uint8Array {
  const json = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([MAGIC, length, json]);
}

/** Bytes of everything before the media, from the object's first COMPANION_LENGTH_END bytes. Throws CompanionError. */
export function companionHeadBytes(start: Uint8Array): number {
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  if (bytes.length < COMPANION_LENGTH_END || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new CompanionError('It does not begin as a companion does');
  }
  const length = bytes.readUInt32BE(MAGIC.length);
  if (length > LIMITS.companionIndexBytes) {
    throw new CompanionError(`Its index has more than ${LIMITS.companionIndexBytes} bytes`);
  }
  return COMPANION_LENGTH_END + length;
}

/** The index of a companion of so many bytes; its media follow one after the other and fill the rest. Throws CompanionError. */
export function decodeCompanionHead(head: Uint8Array, companionBytes: number): CompanionIndex {
  const headBytes = companionHeadBytes(head);
  if (head.length !== headBytes) throw new CompanionError('Its index is cut off');
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(head).toString('utf8', COMPANION_LENGTH_END));
  } catch (error) {
    // The parser's message repeats what it read.
    throw new CompanionError(`Its index is not JSON (${error instanceof Error ? error.name : 'unknown'})`);
  }
  const parsed = companionIndexSchema.safeParse(json);
  if (!parsed.success) {
    // Codes alone: paths and messages may repeat names.
    const codes = [...new Set(parsed.error.issues.map(({ code }) => code))].join(', ');
    throw new CompanionError(`Its index does not say what it should: ${codes}`);
  }
  let end = 0;
  for (const { offset, bytes } of parsed.data.media) {
    if (offset !== end) throw new CompanionError('Its media do not follow one after the other');
    end += bytes;
  }
  if (headBytes + end !== companionBytes) throw new CompanionError('Its media do not fill the rest of it');
  return parsed.data;
}
