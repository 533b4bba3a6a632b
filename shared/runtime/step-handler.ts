import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { logInvocation } from './invocation-log.ts';
import { reportBroken } from './report-broken.ts';

/**
 * The handler of everything that isn't the API: a state of the machine, a schedule, an event. The input is parsed at
 * the edge; what breaks is logged by name and thrown on, so that the platform's Retry and Catch see it.
 */
export function stepHandler<Input, Output>(
  schema: z.ZodType<Input>,
  act: (input: Input, context: Context) => Promise<Output>,
) {
  return middy<unknown, Output>()
    .use(logInvocation())
    .handler(async (event, context) => {
      try {
        return await act(schema.parse(event), context);
      } catch (error) {
        reportBroken(error);
        throw error;
      }
    });
}
