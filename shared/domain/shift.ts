import { z } from 'zod';
import { instantSchema } from './instant.ts';

/** When somebody is on duty at a hotel, from the first instant until the last, across midnight too (T1, T17). */
export const shiftSchema = z.object({ hotel: z.string(), from: instantSchema, to: instantSchema });
export type Shift = z.infer<typeof shiftSchema>;
