import { z } from 'zod';
import { issuerSchema } from '../../shared/domain/identifier-issuer.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { IDENTIFIER_KINDS } from '../../shared/domain/record.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';

/** The body of `POST /holds`. The identifier is indexed in memory and stands nowhere. */
export const placeBodySchema = z.strictObject({
  matter: referenceSchema,
  hotel: z.string().regex(/^[A-Z0-9]{3,12}$/, 'must be a hotel code such as SHA01'),
  subject: z.strictObject({
    kind: z.enum(IDENTIFIER_KINDS),
    value: z.string().trim().min(1).max(LIMITS.identifierCharacters),
    /** Whose number it is, where several systems give such numbers; without it, whoever has it is held. */
    issuer: issuerSchema.optional(),
  }),
});
export type PlaceBody = z.infer<typeof placeBodySchema>;

/** The body of `POST /holds/{id}/release`. */
export const releaseBodySchema = z.strictObject({
  reason: z.string().trim().min(1, 'a reason is needed').max(LIMITS.freeTextCharacters),
});
export type ReleaseBody = z.infer<typeof releaseBodySchema>;
