import { z } from 'zod';

/** A provider request as the API shows it. */
export const providerRequest = z.looseObject({
  providerRequestId: z.string(),
  letterNumber: z.string(),
  state: z.string(),
  answerBy: z.string().nullable(),
  hotels: z.array(z.string()),
});
export type ShownProviderRequest = z.infer<typeof providerRequest>;
