import { z } from 'zod';

/** What wakes gather: pushes in the queue; the schedule; somebody who searches guests, or wants unread pushes tried again. */
const queued = z
  .object({
    Records: z
      .array(z.object({ eventSource: z.literal('aws:sqs'), messageId: z.string(), body: z.string() }))
      .min(1),
  })
  .transform(({ Records }) => ({
    kind: 'pushes' as const,
    pushes: Records.map(({ messageId, body }) => ({ messageId, body })),
  }));

const forGuests = z
  .object({ guests: z.array(z.string()).min(1), asOf: z.string().optional() })
  .transform((input) => ({ kind: 'guests' as const, ...input }));

const again = z
  .object({ readAgain: z.literal(true), hotel: z.string().optional() })
  .transform(({ hotel }) => ({ kind: 'read-again' as const, hotel }));

const scheduled = z
  .object({ asOf: z.string().optional() })
  .transform(({ asOf }) => ({ kind: 'due' as const, asOf }));

export const gatherInputSchema = z.union([queued, forGuests, again, scheduled]);
export type GatherInput = z.infer<typeof gatherInputSchema>;
