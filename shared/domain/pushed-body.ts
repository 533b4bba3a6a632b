import { z } from 'zod';
import { CHANNELS, channelAccountSchema } from './channel.ts';

const base64 = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

/**
 * A push on its way through the queue: which channel brought it when, and its body under a data key of the channels' KMS
 * key. The account is the hotel's; what a guest wrote is in `sealed` alone.
 */
export const pushedBodySchema = z.object({
  version: z.literal(1),
  channel: z.enum(CHANNELS),
  account: channelAccountSchema,
  hotel: z.string(),
  /** ISO 8601 UTC with milliseconds. */
  receivedAt: z.string(),
  /** The data key as KMS wrapped it. */
  wrapped: base64,
  /** docs/formats/pushed.md */
  sealed: base64,
});
export type PushedBody = z.infer<typeof pushedBodySchema>;

/** The text of the queue's message. */
export function encodePushedBody({ wrapped, sealed, ...rest }: PushedBody): string {
  return JSON.stringify({
    ...rest,
    wrapped: Buffer.from(wrapped).toString('base64'),
    sealed: Buffer.from(sealed).toString('base64'),
  });
}
