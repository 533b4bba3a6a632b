import { z } from 'zod';
import { RECORD_CLASSES } from './record.ts';

const count = z.number().int().min(0);

/**
 * The intent of a deletion, in the evidence bucket before any key is disabled: what a restored table is held against
 * (D8). Ids and counts only.
 */
export const deletionIntentSchema = z.object({
  version: z.literal(1),
  certificateId: z.string(),
  region: z.string(),
  hotel: z.string(),
  recordClass: z.enum(RECORD_CLASSES),
  period: z.string(),
  rule: z.string(),
  dueAt: z.string(),
  intendedAt: z.string(),
  /** Person id, or `function:retain` for the schedule. */
  responsible: z.string(),
  /** What the backup check found, of the key table. */
  backup: z.object({ recoveryDays: count, recoveryAllowedDays: count }),
});
export type DeletionIntent = z.infer<typeof deletionIntentSchema>;

/** What was decided once every key concerned was disabled, so that it could change no more; then the keys go. */
export const deletionDecisionSchema = z.object({
  version: z.literal(1),
  certificateId: z.string(),
  decidedAt: z.string(),
  /** Guest keys that are destroyed, by their random ids. */
  guestKeys: z.array(z.string()),
  deleted: z.object({ blocks: count, records: count, media: count.default(0) }),
  held: z.object({ guestKeys: count, blocks: count, records: count, media: count.default(0) }),
  /** ISO time of the first record among them, or null. */
  firstRecordAt: z.string().nullable(),
});
export type DeletionDecision = z.infer<typeof deletionDecisionSchema>;

/** Keys in the evidence bucket. Certificate ids begin with their time, so that a listing is in order. */
export const ledgerKeys = {
  intent: (year: string, certificateId: string): string => `deletion-ledger/${year}/${certificateId}.json`,
  decision: (year: string, certificateId: string): string =>
    `deletion-ledger/${year}/${certificateId}.decision.json`,
};
