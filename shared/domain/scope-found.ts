import { z } from 'zod';

/**
 * What check found in scope, as it stands on the request's row for whoever decides: counts, codes, yes and no. Guests are
 * counted as persons: linked identifiers are one.
 */
export const scopeFoundSchema = z.object({
  guests: z.number(),
  conversations: z.number(),
  records: z.number(),
  sensitive: z.number(),
  categories: z.array(z.string()),
  withoutConsent: z.array(z.string()),
  unpublishedPlans: z.boolean(),
  disputeElsewhere: z.boolean(),
  disputeUnknown: z.boolean(),
  disputeOrMajorComplaint: z.boolean(),
  /** Nothing established it of requests that were checked before it was kept. */
  ofNamedComplaint: z.boolean().default(false),
  ownClients: z.boolean(),
  departments: z.array(z.string()),
  withoutMarketingConsent: z.boolean(),
  withoutSeparateConsent: z.boolean(),
  /** Person ids of whoever brought on file what the request rests on, of the cases that it names and those in scope (A1). */
  broughtBy: z.array(z.string()).default([]),
  /** R4: other retrievals of the same guest that the requester was granted in the month. */
  retrievals: z.number(),
});
