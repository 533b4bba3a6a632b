import { z } from 'zod';
import { issuerSchema } from './identifier-issuer.ts';
import { LIMITS } from './limits.ts';
import { IDENTIFIER_KINDS } from './record.ts';

/** A hotel by its code, as a body of the API names it. */
export const hotelCodeSchema = z
  .string()
  .regex(/^[A-Z0-9]{3,12}$/, 'must be a hotel code such as SHA01 · 须为酒店代码');

/** A guest by an identifier, as a body of the API names one: it is indexed in memory, and stands nowhere. */
export const guestIdentifierSchema = z.strictObject({
  kind: z.enum(IDENTIFIER_KINDS),
  value: z.string().trim().min(1).max(LIMITS.identifierCharacters),
  /** Whose number it is, where several systems give such numbers; without it, whoever has it is meant. */
  issuer: issuerSchema.optional(),
});
