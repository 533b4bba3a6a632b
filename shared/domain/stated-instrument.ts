import { z } from 'zod';
import { eachOnce } from './each-once.ts';
import { instantSchema } from './instant.ts';
import { LIMITS } from './limits.ts';
import { CATEGORIES, SOURCES } from './record.ts';
import { referenceSchema } from './reference.ts';

/** Who issues a legal instrument (RULES "Terms"). */
export const INSTRUMENT_TYPES = [
  'court-order',
  'procuratorate',
  'police',
  'regulator',
  'lawyer-court-order',
] as const;

const FORM =
  'must be the number of an instrument on file, or {type, number, authority, validFrom, validUntil, officers} · 须为在案法律文书的编号,或写明 type、number、authority、validFrom、validUntil、officers';

const words = z.string().trim().min(1).max(LIMITS.citationCharacters);
const officer = z
  .string()
  .regex(/^p_[a-z0-9-]{1,40}$/, 'must be a person id of the directory such as p_… · 须为人员目录中的编号');

/**
 * A legal instrument as a request states it (T12): who issued it, its number, how long it is valid and for whom, and as
 * far as it says so what it names. What is null or absent it doesn't limit.
 */
export const statedInstrumentSchema = z
  .strictObject({
    type: z.enum(INSTRUMENT_TYPES),
    number: referenceSchema,
    /** The issuing court or authority, in words. */
    authority: words,
    validFrom: instantSchema,
    validUntil: instantSchema,
    /** Person ids of its officers. */
    officers: eachOnce(z.array(officer).min(1).max(LIMITS.instrumentOfficers)),
    /** Of a court or authority of another jurisdiction (R12). */
    foreign: z.boolean().default(false),
    /** The Chinese authority's approval number, or the treaty: kept as cited; R12 goes by the file alone. */
    approvalNumber: referenceSchema.nullable().default(null),
    treaty: words.nullable().default(null),
    /** When the answer is due (A4). */
    dueAt: instantSchema.nullable().default(null),
    /** The guest may not be told (L6). */
    secret: z.boolean().default(false),
    platforms: eachOnce(z.array(z.enum(SOURCES)).min(1))
      .nullable()
      .default(null),
    categories: eachOnce(z.array(z.enum(CATEGORIES)).min(1))
      .nullable()
      .default(null),
    from: instantSchema.nullable().default(null),
    to: instantSchema.nullable().default(null),
  })
  .refine(({ validFrom, validUntil }) => new Date(validFrom) < new Date(validUntil), {
    path: ['validUntil'],
    message: 'must be after validFrom · 须晚于 validFrom',
  });
export type StatedInstrument = z.infer<typeof statedInstrumentSchema>;

/** The number of an instrument on file, or an instrument as stated: a fault says where in it, as either of the two. */
export const citedInstrumentSchema = z
  .union([z.string(), z.record(z.string(), z.unknown())], { error: FORM })
  .transform((cited, context): string | StatedInstrument => {
    const parsed = typeof cited === 'string' ? referenceSchema.safeParse(cited) : stated(cited);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) {
      context.addIssue({ code: 'custom', path, message });
    }
    return z.NEVER;
  });

function stated(cited: Record<string, unknown>): z.ZodSafeParseResult<StatedInstrument> {
  return statedInstrumentSchema.safeParse(cited);
}

/**
 * What of it stands on the request's row for the rules: codes, times and opaque ids. The authority, the treaty and the
 * approval's number stay sealed (`citations`).
 */
export const instrumentTermsSchema = z.object({
  type: z.enum(INSTRUMENT_TYPES),
  validFrom: z.string(),
  validUntil: z.string(),
  officers: z.array(z.string()),
  foreign: z.boolean(),
  approved: z.boolean(),
  treaty: z.boolean(),
  dueAt: z.string().nullable(),
  secret: z.boolean(),
  platforms: z.array(z.enum(SOURCES)).nullable(),
  categories: z.array(z.enum(CATEGORIES)).nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type InstrumentTerms = z.infer<typeof instrumentTermsSchema>;

export function instrumentTerms({
  number: _number,
  authority: _authority,
  approvalNumber,
  treaty,
  ...terms
}: StatedInstrument): InstrumentTerms {
  return { ...terms, approved: approvalNumber !== null, treaty: treaty !== null };
}
