import { z } from 'zod';
import { grantsStreamSchema } from './follow-stream.ts';

/** The grants stream's records, or the schedule's input; `asOf` where the deployment allows an injected time. */
export const reconcileInputSchema = z.union([
  grantsStreamSchema,
  z.object({ Records: z.undefined().optional(), asOf: z.iso.datetime({ offset: true }).optional() }),
]);
