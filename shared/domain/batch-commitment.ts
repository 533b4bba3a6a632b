import { z } from 'zod';
import { RECORD_CLASSES, SOURCES } from './record.ts';

const count = z.number().int().min(0);

/** Hex digits from either end of a record id that stand for it in a commitment: of the message, and of its version. */
const DIGITS_OF_EACH_END = 6;
const SHORT_ID_BYTES = DIGITS_OF_EACH_END;

/** What a batch brought into one conversation. Ids, codes and counts alone. */
export const committedConversationSchema = z.strictObject({
  conversationId: z.string(),
  /**
   * The next conversation of the same guest in this batch, in the order of ids, the first after the last: whoever knows one of
   * them comes to all. Absent where there is no other, and in commitments of before they were tied together.
   */
  next: z.string().optional(),
  records: count,
  /** SHA-256 over `recordId LF` of each record, in time order (records of one moment by id). */
  sequence: z.string(),
  /** The same records by what deletes them: a period is deleted as a whole. */
  parts: z.array(
    z.strictObject({
      recordClass: z.enum(RECORD_CLASSES),
      period: z.string(),
      /** The first 6 and the last 6 digits of each record's id in time order, as bytes one after the other, base64. */
      ids: z.string(),
    }),
  ),
});
export type CommittedConversation = z.infer<typeof committedConversationSchema>;

export const committedPageSchema = z.strictObject({
  version: z.literal(1),
  batchId: z.string(),
  conversations: z.array(committedConversationSchema),
});
export type CommittedPage = z.infer<typeof committedPageSchema>;

/**
 * What a batch committed to when it was committed: which records lie in which conversation. It is in the evidence bucket
 * before the event that names its digest. Conversations are sorted by id; where they are more than one object should
 * hold, they stand on pages of their own.
 */
export const batchCommitmentSchema = z.strictObject({
  version: z.literal(1),
  batchId: z.string(),
  hotel: z.string(),
  source: z.enum(SOURCES),
  blocks: count,
  /** SHA-256 over `blockId objectDigest LF` of each block, by block id. */
  blockRoot: z.string(),
  records: count,
  conversations: count,
  listed: z.array(committedConversationSchema),
  pages: z.array(
    z.strictObject({
      /** The first and the last conversation on it. */
      from: z.string(),
      to: z.string(),
      digest: z.string(),
    }),
  ),
});
export type BatchCommitment = z.infer<typeof batchCommitmentSchema>;

/** Keys in the evidence bucket; pages count from 1. */
export const commitmentKeys = {
  commitment: (batchId: string): string => `batches/${batchId}.json`,
  page: (batchId: string, page: number): string => `batches/${batchId}/${String(page).padStart(6, '0')}.json`,
};

/** Enough to tell the records of one conversation apart, versions of one message among them. */
export function shortId(recordId: string): string {
  return recordId.slice(0, DIGITS_OF_EACH_END) + recordId.slice(-DIGITS_OF_EACH_END);
}

export function packIds(recordIds: readonly string[]): string {
  return Buffer.from(recordIds.map(shortId).join(''), 'hex').toString('base64');
}

export function unpackIds(ids: string): string[] {
  const bytes = Buffer.from(ids, 'base64');
  return Array.from({ length: Math.floor(bytes.length / SHORT_ID_BYTES) }, (_, index) =>
    bytes.subarray(index * SHORT_ID_BYTES, (index + 1) * SHORT_ID_BYTES).toString('hex'),
  );
}
