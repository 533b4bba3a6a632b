import { z } from 'zod';
import { guestIdentifierSchema, hotelCodeSchema } from '../../shared/domain/hotel-guest.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';

/** The viewer's own hotel where absent. */
const hotel = hotelCodeSchema.optional();
const day = z.iso.date({ error: 'must be a day such as 2026-05-01 · 须为日期' });

/** The body of `POST /views`: what is looked for. A body, so that an identifier stands in no address. */
export function viewBodySchema(clock: 'system' | 'injectable') {
  const asOf = asOfField(clock);
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('guest'), hotel, guest: guestIdentifierSchema, asOf }),
    /** With a guest: of the ticket's guests that one alone. */
    z.strictObject({
      kind: z.literal('ticket'),
      hotel,
      ticket: referenceSchema,
      guest: guestIdentifierSchema.optional(),
      asOf,
    }),
    z.strictObject({ kind: z.literal('system'), hotel, asOf }),
    z.strictObject({ kind: z.literal('simulated'), hotel, asOf }),
    z.strictObject({
      kind: z.literal('shared'),
      view: z
        .string()
        .regex(/^view_[a-z0-9]{1,40}$/, 'is no number of a view, such as view_… · 不是查询编号,应如 view_…'),
      asOf,
    }),
  ]);
}
export type ViewBody = z.infer<ReturnType<typeof viewBodySchema>>;

/** The body of `POST /views/aggregates`: the hotel's days, both included. */
export function aggregatesBodySchema(clock: 'system' | 'injectable') {
  return z
    .strictObject({ hotel, from: day, to: day, asOf: asOfField(clock) })
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be before from · 不得早于 from' });
}
export type AggregatesBody = z.infer<ReturnType<typeof aggregatesBodySchema>>;
