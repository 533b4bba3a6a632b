import { z } from 'zod';
import { CONSENT_PURPOSES, CONSENT_STATES } from '../../shared/domain/consent.ts';
import { guestIdentifierSchema, hotelCodeSchema } from '../../shared/domain/hotel-guest.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { SOURCES } from '../../shared/domain/record.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';

const instant = z.iso.datetime({
  offset: true,
  error:
    'must be a time with its zone, such as 2026-05-01T00:00:00+08:00 · 须为带时区的时间,如 2026-05-01T00:00:00+08:00',
});
const account = z
  .string()
  .regex(/^[a-z-]+:\S+$/, 'must be an account such as wecom:frontdesk01 · 须为帐号,如 wecom:frontdesk01')
  .max(LIMITS.identifierCharacters);

/** The body of `POST /consents`. */
export const consentsBodySchema = z.strictObject({
  hotel: hotelCodeSchema,
  facts: z
    .array(
      z.strictObject({
        subject: guestIdentifierSchema,
        source: z.enum(SOURCES),
        state: z.enum(CONSENT_STATES),
        /** To what; to the collection where absent. */
        purpose: z.enum(CONSENT_PURPOSES).optional(),
        at: instant,
        /** The employee with whom alone conversations are meant, as WeCom has it. */
        staff: account.optional(),
        reference: referenceSchema,
      }),
    )
    .min(1)
    .max(LIMITS.consentsPerCall),
});
export type ConsentsBody = z.infer<typeof consentsBodySchema>;

/** The body of `POST /consents/search`: a body, so that the identifier stands in no address. */
export const consentSearchSchema = z.strictObject({ hotel: hotelCodeSchema, subject: guestIdentifierSchema });
export type ConsentSearch = z.infer<typeof consentSearchSchema>;

/** The body of `POST /collection-bases`. */
export const basisBodySchema = z
  .strictObject({
    kind: z.enum(['authorisation', 'notice']),
    hotel: hotelCodeSchema,
    /** Whose authorisation it is, by an account that the directory has. */
    employee: account.optional(),
    reference: referenceSchema,
    from: instant,
    until: instant.optional(),
  })
  .refine(({ kind, employee }) => (kind === 'authorisation') === (employee !== undefined), {
    path: ['employee'],
    error:
      'an authorisation names the employee who gave it in person; a notice names nobody · 授权须写明本人授权的员工;事先告知不写员工',
  })
  .refine(({ from, until }) => until === undefined || Date.parse(from) < Date.parse(until), {
    path: ['until'],
    error: 'must be later than from · 须晚于 from',
  });
export type BasisBody = z.infer<typeof basisBodySchema>;

/** The body of `POST /collection-bases/{id}/withdraw`. */
export const withdrawBodySchema = z.strictObject({ hotel: hotelCodeSchema });
