import { z } from 'zod';
import { REQUEST_STATES } from './request-states.ts';
import { ROLE_NAMES } from './roles.ts';

/**
 * What passes between the states of the machine: ids and codes only, versioned so that executions in flight survive a
 * deployment. Each step's output is the next step's input, extended.
 */
export const startInputSchema = z.object({ version: z.literal(1), requestId: z.string() });
export type StartInput = z.infer<typeof startInputSchema>;

export const stepOutputSchema = startInputSchema.extend({
  state: z.enum(REQUEST_STATES),
  route: z.array(z.enum(ROLE_NAMES)),
});
export type StepOutput = z.infer<typeof stepOutputSchema>;
