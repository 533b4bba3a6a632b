import { z } from 'zod';

/** EventBridge "Object Created" of the inbox, of exports alone; their key is `hotel/source/batchId`. */
const created = z
  .object({ detail: z.object({ object: z.object({ key: z.string() }) }) })
  .transform(({ detail }) => ({
    batchId: detail.object.key.split('/').at(-1) ?? '',
    asOf: undefined,
  }));

/** The same of a file that a system of the hotel dropped. */
const dropped = z
  .object({
    detail: z.object({
      object: z.object({
        key: z.string().startsWith('drop/'),
        etag: z.string().transform((tag) => tag.replaceAll('"', '')),
        size: z.number(),
        sequencer: z.string().default(''),
      }),
    }),
  })
  .transform(({ detail }) => ({ drop: detail.object }));

/** A batch to go on with: from the function itself, or from reconcile. `asOf` only where the clock may be injected. */
const continuation = z.object({ batchId: z.string(), asOf: z.string().optional() });

export const ingestInputSchema = z.union([continuation, dropped, created]);
