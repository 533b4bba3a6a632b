import { z } from 'zod';
import { guestIdentifierSchema, hotelCodeSchema } from '../../shared/domain/hotel-guest.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';
import { stepUpBodySchema } from '../../shared/domain/step-up.ts';

/** The body of `POST /holds`. The identifier is indexed in memory and stands nowhere. */
export const placeBodySchema = z.strictObject({
  matter: referenceSchema,
  hotel: hotelCodeSchema,
  subject: guestIdentifierSchema,
});
export type PlaceBody = z.infer<typeof placeBodySchema>;

/** The body of `POST /holds/{id}/release`. */
export const releaseBodySchema = z.strictObject({
  reason: z.string().trim().min(1, 'a reason is needed · 须写明理由').max(LIMITS.freeTextCharacters),
  /** What the own device signed (A6); a release that is repeated needs none. */
  stepUp: stepUpBodySchema.optional(),
});
export type ReleaseBody = z.infer<typeof releaseBodySchema>;
