import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { JURISDICTIONS } from './jurisdiction.ts';
import { LIMITS } from './limits.ts';
import { CATEGORIES, RECORD_CLASSES, SOURCES } from './record.ts';

/** A number that a law sets carries its citation; deployment refuses one without. */
const cited = z.strictObject({
  value: z.number().int().min(1),
  citation: z.string().min(8, 'a number set by law needs its citation'),
});

const retentionTerm = z.union([
  z.strictObject({ months: z.number().int().min(1), citation: z.string().min(8) }),
  z.strictObject({ days: z.number().int().min(1), citation: z.string().min(8) }),
]);

export const regionSchema = z.strictObject({
  /** AWS region, such as `cn-north-1`. */
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  jurisdiction: z.enum(JURISDICTIONS),
  hotels: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[A-Z0-9]{3,12}$/),
        name: z.string(),
        /** IANA zone: calendar months, expiry periods and business days are the hotel's own. */
        zone: z.string().refine(isZone, 'is not an IANA time zone'),
        /** ISO 3166 code of the country whose phone numbers are written without a country code here. */
        country: z.string().refine(isSupportedCountry, 'is not a country code with a telephone plan'),
        /** Names under which the hotel speaks on platforms whose exports name the speaker alone (WhatsApp, LINE). */
        ownNames: z.array(z.string().min(1)).optional(),
      }),
    )
    .min(1),
  /** Sources of record: the structured fields of their rows may link identifiers to one guest. A chat never may. */
  authoritativeSources: z.array(z.enum(SOURCES)),
  /** Sources whose records are in scope only while the guest's consent stands, unless another basis replaces it (R8). */
  consentSources: z.array(z.enum(SOURCES)),
  /** Files that systems of a hotel may drop into the inbox (docs/sources.md, "Ways in"), and what they don't say. */
  drops: z
    .array(
      z.strictObject({
        hotel: z.string(),
        source: z.enum(SOURCES),
        category: z.enum(CATEGORIES),
        /** IANA zone of times that have none; null where they all have one. */
        timezone: z.string().refine(isZone, 'is not an IANA time zone').nullable(),
      }),
    )
    .optional(),
  /** Cognito where it exists; elsewhere any OIDC issuer whose access tokens carry the scope `dualkey/api`. */
  identity: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cognito') }),
    z.strictObject({ kind: z.literal('oidc'), issuer: z.url(), audience: z.string() }),
  ]),
  approvals: z.strictObject({
    deadlineHours: z.number().int().min(1).max(168),
    minimum: z.number().int().min(2),
  }),
  /** A6: the site (RP id) that people's devices are enrolled for, and the origins that may ask them to sign. */
  stepUp: z
    .strictObject({
      rpId: z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/, 'is no domain name'),
      origins: z
        .array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'is no origin such as https://dualkey.example'))
        .min(1),
    })
    .refine(
      ({ rpId, origins }) => origins.every((origin) => isOf(new URL(origin).hostname, rpId)),
      'an origin is not of the RP id (WebAuthn: the RP id is its domain, or ends it)',
    ),
  grant: z.strictObject({
    // As for a single request: the workflow waits, and staged records are kept, for the longest window there may be.
    windowHours: z.number().int().min(1).max(LIMITS.windowHours),
    opens: z.number().int().min(1).max(LIMITS.opens),
    linkSeconds: z.number().int().min(30).max(300),
    copyMinutes: z.number().int().min(5).max(60),
  }),
  /**
   * Numbers of the rulebook's rules: the house's own, which no law sets. A chain may set others in a region, within bounds:
   * none is laxer than the rulebook's own where that names one.
   */
  rules: z
    .strictObject({
      /** T2: how far back a supervisor's request reaches, and for a named complaint. */
      supervisorHours: z.number().int().min(1).max(72).default(72),
      complaintDays: z.number().int().min(1).max(7).default(7),
      /** T1: the hour of the hotel's clock at which its business day begins. */
      businessDayHour: z.number().int().min(0).max(23).default(4),
      /** T1, T15: how long before a ticket was written its guests' conversations belong to it. */
      ticketDays: z.number().int().min(1).default(7),
      /** T16: how far around an incident. */
      incidentHours: z.number().int().min(1).max(72).default(24),
      /** A9. */
      sensitiveRecords: z.number().int().min(1).max(50).default(50),
      /** R4: retrievals of one guest by one requester in a month. */
      retrievalsPerMonth: z.number().int().min(1).max(3).default(3),
      /** R9: misoperations in a row that lock the session, how long, and the locks in a month that lock the account. */
      misoperations: z.number().int().min(1).max(3).default(3),
      lockMinutes: z.number().int().min(15).max(1_440).default(15),
      locksPerMonth: z.number().int().min(1).max(2).default(2),
      /** A6: how old a step-up may be. */
      stepUpSeconds: z.number().int().min(30).max(300).default(300),
      /** Whether keys kept in software count as a person's device: for local use and automation only. */
      softwareDevices: z.enum(['allowed', 'refused']).default('refused'),
      /** L5: hours of a break-glass, records it shows at most, hours for approvals and form, uses in a month per person. */
      emergencyHours: z.number().int().min(1).max(4).default(4),
      emergencyRecords: z.number().int().min(1).max(1_000).default(200),
      emergencyFollowUpHours: z.number().int().min(1).max(24).default(24),
      emergenciesPerMonth: z.number().int().min(1).max(10).default(3),
      /** L5: minutes in which the approver on call answers; refused after them. */
      emergencyAnswerMinutes: z.number().int().min(1).max(1_440).default(60),
    })
    .prefault({}),
  retention: z.record(z.enum(RECORD_CLASSES), retentionTerm),
  archive: z.strictObject({ mode: z.enum(['COMPLIANCE', 'GOVERNANCE']), years: cited }),
  keyTableRecoveryDays: z.number().int().min(1).max(35),
});
export type RegionConfig = z.infer<typeof regionSchema>;

/** The regions file: every region a chain deploys to, each hotel in exactly one of them. */
export const regionsSchema = z
  .strictObject({ regions: z.array(regionSchema).min(1) })
  .superRefine(({ regions }, context) => {
    const seen = new Map<string, string>();
    for (const { region, hotels } of regions) {
      for (const { code } of hotels) {
        const other = seen.get(code);
        if (other !== undefined) {
          context.addIssue({ code: 'custom', message: `hotel ${code} is in ${other} and in ${region}` });
        }
        seen.set(code, region);
      }
    }
  });

function isOf(host: string, rpId: string): boolean {
  return host === rpId || host.endsWith(`.${rpId}`);
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
