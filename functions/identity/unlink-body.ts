import { z } from 'zod';
import { guestIdentifierSchema, hotelCodeSchema } from '../../shared/domain/hotel-guest.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';

/** The body of `POST /identities/unlink`. The identifier is indexed in memory and stands nowhere. */
export const unlinkBodySchema = z.strictObject({
  hotel: hotelCodeSchema,
  identifier: guestIdentifierSchema,
  /** The ticket or paper that says why. */
  reference: referenceSchema,
});
export type UnlinkBody = z.infer<typeof unlinkBodySchema>;
