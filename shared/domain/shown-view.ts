import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { ROLE_NAMES } from './roles.ts';

/** A routine view that was shown: who looked at which records, by ids alone; never a word of them. */
export const shownViewSchema = z.object({
  viewId: z.string(),
  /** Person id. */
  viewer: z.string(),
  role: z.enum(ROLE_NAMES),
  hotel: z.string(),
  kind: z.string(),
  guests: z.array(z.string()),
  recordIds: z.array(z.string()),
  /** The times that were looked through; null where there were none. */
  from: instantSchema.nullable(),
  to: instantSchema.nullable(),
  at: instantSchema,
  /** Until then the viewer's trainee may look into it (T10). */
  openUntil: instantSchema,
});
export type ShownView = z.infer<typeof shownViewSchema>;
