import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { CATEGORIES, SOURCES } from './record.ts';

export const PURPOSES = [
  'complaint',
  'dispute',
  'safety',
  'law-enforcement',
  'service-quality',
  'training',
  'analytics',
  'guest-request',
] as const;
export const BASES = [
  'consent',
  'contract',
  'legal-claim',
  'legal-obligation',
  'vital-interest',
  'notice',
] as const;
export const SUBJECT_KINDS = [
  'phone',
  'email',
  'wecom',
  'wechat',
  'weibo',
  'booking',
  'name-and-room',
  'document',
  'employee',
  'ticket',
  'cohort',
  'system',
] as const;
export const MASKINGS = ['masked', 'named', 'pseudonymised'] as const;

const instant = z.iso.datetime({
  offset: true,
  error: 'must be an ISO 8601 date and time with a zone, such as 2026-05-01T00:00:00+08:00',
});
const reference = z.string().trim().min(1).max(LIMITS.referenceCharacters).nullable();

/** The request file of CONTRACT.md: what a requester asks for. Holds personal data in `subject` and `remarks`. */
export const requestFileSchema = z.strictObject({
  purpose: z.enum(PURPOSES).nullable(),
  basis: z.enum(BASES).nullable(),
  matter: reference.default(null),
  ticket: reference.default(null),
  subject: z
    .strictObject({
      kind: z.enum(SUBJECT_KINDS),
      value: z.string().trim().min(1).max(LIMITS.identifierCharacters),
    })
    .nullable(),
  platforms: z.array(z.enum(SOURCES)).max(SOURCES.length),
  hotels: z
    .array(z.string().regex(/^[A-Z0-9]{3,12}$/))
    .min(1)
    .max(LIMITS.hotelsPerRequest),
  categories: z.array(z.enum(CATEGORIES)).max(CATEGORIES.length),
  from: instant.nullable(),
  to: instant.nullable(),
  masking: z.enum(MASKINGS).default('masked'),
  instrument: z.unknown().nullable().default(null),
  emergency: z.unknown().nullable().default(null),
  paperForm: reference.default(null),
  remarks: z.string().max(LIMITS.freeTextCharacters).default(''),
  /** Hours the grant stays open once provisioned; the region's default where absent. */
  windowHours: z.number().int().min(1).max(LIMITS.windowHours).optional(),
  /** Openings allowed; the region's default where absent. */
  opens: z.number().int().min(1).max(LIMITS.opens).optional(),
  /** Person id of who receives the package; the requester where absent. */
  recipient: z
    .string()
    .regex(/^p_[a-z0-9-]{1,40}$/)
    .optional(),
});
export type RequestFile = z.infer<typeof requestFileSchema>;
