import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { z } from 'zod';
import { bareError } from './bare-error.ts';
import { logInvocation } from './invocation-log.ts';
import { reportBroken } from './report-broken.ts';

/**
 * The handler of everything that isn't the API: a state of the machine, a schedule, an event. The input is parsed at
 * the edge; what breaks is logged by name and frames, and thrown on by its name alone, so that the platform's Retry and Catch see
 * it and its log shows no message.
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
        throw bareError(error);
      }
    });
}
