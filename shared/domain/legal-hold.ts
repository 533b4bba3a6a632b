import { z } from 'zod';
import { IDENTIFIER_KINDS } from './record.ts';
import { stepUpReferenceSchema } from './step-up.ts';

/**
 * A legal hold (D3): a matter under which a guest's records at a hotel may not be deleted. Guests by their random ids:
 * no identifier stands here. `placing` and `releasing` are on their way and finished by the next run of retention.
 */
export const legalHoldSchema = z.object({
  holdId: z.string(),
  matter: z.string(),
  hotel: z.string(),
  subjectKind: z.enum(IDENTIFIER_KINDS),
  guests: z.array(z.string()).min(1),
  state: z.enum(['placing', 'active', 'releasing', 'released']),
  /** Person id and ISO time. */
  placed: z.object({ by: z.string(), at: z.string() }),
  /** `reason` is sealed under a key of the hold. */
  release: z
    .object({
      by: z.string(),
      at: z.string(),
      reason: z.string(),
      /** The statement that was signed for it (A6). */
      stepUp: stepUpReferenceSchema.optional(),
    })
    .nullable(),
});
export type LegalHold = z.infer<typeof legalHoldSchema>;
