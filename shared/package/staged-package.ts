import { z } from 'zod';
import { type Completeness, completenessSchema } from './completeness.ts';
import { type StagedRecord, stagedRecordSchema } from './staged-records.ts';

/** The staged object isn't what provision writes: of another version, or cut short. Its content is never repeated. */
export class StagedFormatError extends Error {
  override name = 'StagedFormatError';
}

const headerSchema = z.strictObject({
  staged: z.literal(1),
  records: z.number().int(),
  completeness: completenessSchema,
});

/**
 * What provision stages for the openings of a grant, before encryption under the grant's key: one JSON line with the
 * completeness, then the lines of records.ndjson without watermark.
 */
export function encodeStaged(records: readonly StagedRecord[], completeness: Completeness): Buffer {
  const header = { staged: 1, records: records.length, completeness };
  return Buffer.from([header, ...records].map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Throws StagedFormatError. */
export function decodeStaged(plaintext: Uint8Array): { records: StagedRecord[]; completeness: Completeness } {
  const [first, ...rest] = Buffer.from(plaintext).toString('utf8').split('\n');
  const header = headerSchema.safeParse(parsed(first));
  if (!header.success) throw new StagedFormatError('The staged object is not of this version');
  if (rest.pop() !== '' || rest.length !== header.data.records) {
    throw new StagedFormatError('The staged object is cut short');
  }
  const records = rest.map((line) => {
    const record = stagedRecordSchema.safeParse(parsed(line));
    if (!record.success)
      throw new StagedFormatError('The staged object has a record that is not of this version');
    return record.data;
  });
  return { records, completeness: header.data.completeness };
}

function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    // The parser's own message would repeat a guest's words.
    throw new StagedFormatError('The staged object has a line that is not JSON');
  }
}
