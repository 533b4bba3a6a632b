import { z } from 'zod';
import { RECORD_CLASSES } from '../domain/record.ts';
import type { Period } from '../ports/keys.ts';
import type { RowKey } from './table-reader.ts';

/** Keys of the keys table: the one place that spells them. */
export const custodyKeyRows = {
  period: ({ hotel, recordClass, period }: Period): RowKey => ({
    pk: `HOTEL#${hotel}`,
    sk: `PERIOD#${recordClass}#${period}`,
  }),
  guestsOfPeriod: ({ hotel, recordClass, period }: Period): string =>
    `PERIOD#${hotel}#${recordClass}#${period}`,
  guest: (period: Period, guestId: string): RowKey => ({
    pk: custodyKeyRows.guestsOfPeriod(period),
    sk: `GUEST#${guestId}`,
  }),
  /** Which periods hold a key of this guest: a hold finds every one of them. */
  keyOfGuest: ({ hotel, recordClass, period }: Period, guestId: string): RowKey => ({
    pk: `GUEST#${guestId}`,
    sk: `KEY#${hotel}#${recordClass}#${period}`,
  }),
  /** The holds on a guest at a hotel: a key that is made later starts with them. */
  holdsOfGuest: (guestId: string, hotel: string): RowKey => ({
    pk: `GUEST#${guestId}`,
    sk: `HOLDS#${hotel}`,
  }),
  /** The guest's identifiers are being deleted: whoever makes a key for it says so here first (`lifted`). */
  bar: (guestId: string): RowKey => ({ pk: `GUEST#${guestId}`, sk: 'BAR' }),
  /** Guests of whom a key was shredded: retention looks whether anything is left of them. */
  guestToForget: (guestId: string): RowKey => ({ pk: 'FORGETTING', sk: `GUEST#${guestId}` }),
  hold: (holdId: string): RowKey => ({ pk: `HOLD#${holdId}`, sk: 'KEY' }),
  request: (kind: 'evidence' | 'grant', requestId: string): RowKey => ({
    pk: `REQUEST#${requestId}`,
    sk: kind.toUpperCase(),
  }),
  index: (): RowKey => ({ pk: 'INDEX', sk: 'V1' }),
};

/**
 * A period's key. `holds` counts the holds on guest keys that this key still wraps: it may be shredded at 0 only.
 * After shredding the row stays without its key, so that no new key is ever made for a period that is gone.
 */
export const periodKeyRowSchema = z.object({
  state: z.enum(['active', 'deleting', 'shredded']),
  wrapped: z.instanceof(Uint8Array).optional(),
  holds: z.number().int().min(0),
  /** Guest keys that outlived the period under holds, as its last deletion left them. */
  kept: z.number().int().min(0).default(0),
  version: z.number().int(),
});

/** Of a guest's key: nothing raises it yet. */
export const FIRST_VERSION = 1;

/** What a guest key is wrapped by: its period's key, or a hold's once the period is gone. */
export type WrappedBy = 'period' | `hold#${string}`;

/** The guest is in the row's key, and a first version goes without saying; older rows say both. */
export const guestKeyRowSchema = z
  .object({
    sk: z.string(),
    keyId: z.string(),
    version: z.number().int().default(FIRST_VERSION),
    wrapped: z.instanceof(Uint8Array),
    wrappedBy: z.custom<WrappedBy>(
      (value) => value === 'period' || (typeof value === 'string' && value.startsWith('hold#')),
    ),
    state: z.enum(['active', 'deleting']),
    holds: z.number().int().min(0),
    /** Ids of the holds that `holds` counts. */
    heldBy: z.set(z.string()).default(new Set()),
  })
  .transform(({ sk, ...row }) => ({ guestId: sk.slice('GUEST#'.length), ...row }));
export type GuestKeyRow = z.infer<typeof guestKeyRowSchema>;

export const guestHoldsRowSchema = z.object({
  /** DynamoDB keeps no empty set: the attribute is absent once the last hold is off. */
  holds: z.set(z.string()).default(new Set()),
  version: z.number().int(),
});

/** The period of a row `KEY#hotel#class#period`. */
export const keyOfGuestRowSchema = z.object({ sk: z.string() }).transform(({ sk }) => {
  const [, hotel, recordClass, period] = sk.split('#');
  return periodSchema.parse({ hotel, recordClass, period });
});
const periodSchema = z.object({
  hotel: z.string(),
  recordClass: z.enum(RECORD_CLASSES),
  period: z.string(),
});
