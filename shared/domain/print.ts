import { z } from 'zod';

/** How a print ended: back with the hotel, or destroyed. */
export const PRINT_ENDINGS = ['returned', 'destroyed'] as const;
export type PrintEnding = (typeof PRINT_ENDINGS)[number];

/** A print of an opened copy (R13): numbered within its request, sealed with a tear strip (防撕条) of its own number. */
export const printSchema = z.object({
  requestId: z.string(),
  number: z.number().int().min(1),
  seal: z.string(),
  state: z.enum(['out', ...PRINT_ENDINGS]),
  by: z.string(),
  at: z.string(),
  /** Who put its end on record, when, and why (sealed). */
  ended: z
    .object({ by: z.string(), at: z.string(), reason: z.string(), reasonCommitment: z.string() })
    .nullable(),
});
export type Print = z.infer<typeof printSchema>;
