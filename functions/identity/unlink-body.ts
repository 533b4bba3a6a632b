import { z } from 'zod';
import { issuerSchema } from '../../shared/domain/identifier-issuer.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { IDENTIFIER_KINDS } from '../../shared/domain/record.ts';
import { referenceSchema } from '../../shared/domain/reference.ts';

/** The body of `POST /identities/unlink`. The identifier is indexed in memory and stands nowhere. */
export const unlinkBodySchema = z.strictObject({
  hotel: z.string().regex(/^[A-Z0-9]{3,12}$/, 'must be a hotel code such as SHA01'),
  identifier: z.strictObject({
    kind: z.enum(IDENTIFIER_KINDS),
    value: z.string().trim().min(1).max(LIMITS.identifierCharacters),
    /** Whose number it is, where several systems give such numbers. */
    issuer: issuerSchema.optional(),
  }),
  /** The ticket or paper that says why. */
  reference: referenceSchema,
});
export type UnlinkBody = z.infer<typeof unlinkBodySchema>;
