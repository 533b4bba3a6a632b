import { z } from 'zod';
import { statedEmergencySchema } from './break-glass.ts';
import { eachOnce } from './each-once.ts';
import { hotelCodeSchema } from './hotel-guest.ts';
import { instantSchema } from './instant.ts';
import { LIMITS } from './limits.ts';
import { CATEGORIES, SOURCES } from './record.ts';
import { referenceSchema } from './reference.ts';
import { citedInstrumentSchema } from './stated-instrument.ts';

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
  'line',
  'crm',
  'card',
  'cohort',
  'system',
] as const;
/** How records are shown. */
export const MASKINGS = ['masked', 'named', 'pseudonymised'] as const;
/** What may be asked for: how records are shown, or their original bytes, sealed to a court (E1), which are never shown. */
export const ASKED_MASKINGS = [...MASKINGS, 'original'] as const;

const reference = referenceSchema.nullable();

/** The request file (docs/api.md, `POST /requests`): what a requester asks for. Holds personal data in `subject` and `remarks`. */
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
  platforms: eachOnce(z.array(z.enum(SOURCES)).max(SOURCES.length)),
  hotels: eachOnce(z.array(hotelCodeSchema).min(1).max(LIMITS.hotelsPerRequest)),
  categories: eachOnce(z.array(z.enum(CATEGORIES)).max(CATEGORIES.length)),
  from: instantSchema.nullable(),
  to: instantSchema.nullable(),
  masking: z.enum(ASKED_MASKINGS).default('masked'),
  /** T12: the number of an instrument on file, or an instrument as the paper states it. */
  instrument: citedInstrumentSchema.nullable().default(null),
  /** L5: what is in danger, and how. */
  emergency: statedEmergencySchema.nullable().default(null),
  /** Why sensitive records are needed, and the number of the impact assessment (R14). */
  necessity: z.string().trim().min(1).max(LIMITS.freeTextCharacters).nullable().optional(),
  impactAssessment: reference.optional(),
  /** The number of the agreement with the partner who receives (T13). */
  agreement: reference.optional(),
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
