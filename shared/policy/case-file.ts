import { z } from 'zod';
import type { AccessGrant } from '../domain/access-grant.ts';
import { requestFileSchema } from '../domain/access-request.ts';
import { instantSchema } from '../domain/instant.ts';
import { JURISDICTIONS } from '../domain/jurisdiction.ts';
import { CATEGORIES, SOURCES } from '../domain/record.ts';
import { ROLE_NAMES, type Role } from '../domain/roles.ts';
import type { Verdict } from '../domain/verdict.ts';
import { NO_CASES, type RegionFacts, type RequestFacts } from './facts.ts';
import { supposedRequest } from './supposed-request.ts';

const date = instantSchema.transform((text) => new Date(text));
const span = z.strictObject({ from: date, to: date });

/** What is known of a request that is tried out, as far as it differs from the usual (docs/rules.md, "Facts"). */
export const statedFactsSchema = z
  .strictObject({
    now: date,
    /** The role asked in, and those held; the one asked in alone where it says nothing. */
    role: z.enum(ROLE_NAMES),
    roles: z.array(z.enum(ROLE_NAMES)),
    hotel: z.string(),
    department: z.string(),
    active: z.boolean(),
    trained: z.boolean(),
    examPassed: z.boolean(),
    lock: z.enum(['none', 'session', 'account']),
    jurisdiction: z.enum(JURISDICTIONS),
    secondments: z.array(
      z.strictObject({ department: z.string(), hotel: z.string(), from: instantSchema, to: instantSchema }),
    ),
    /** The shift of now; null off shift. */
    shift: span.nullable(),
    /** Roles of whoever receives, where that is somebody else. */
    recipientRoles: z.array(z.enum(ROLE_NAMES)),
    retrievals: z.number().int().min(0),
    /** Break-glass that the requester has used this month (L5). */
    emergencyUses: z.number().int().min(0),
    transferOnFile: z.boolean(),
    /** What is found in scope; null before the search. */
    scope: z
      .strictObject({
        guests: z.number().int().min(0),
        conversations: z.number().int().min(0),
        records: z.number().int().min(0),
        sensitive: z.number().int().min(0),
        categories: z.array(z.enum(CATEGORIES)),
        withoutConsent: z.array(z.enum(SOURCES)),
        unpublishedPlans: z.boolean(),
        disputeElsewhere: z.boolean(),
        disputeUnknown: z.boolean(),
        disputeOrMajorComplaint: z.boolean(),
        ofNamedComplaint: z.boolean(),
        ownClients: z.boolean(),
        departments: z.array(z.string()),
        withoutMarketingConsent: z.boolean(),
        withoutSeparateConsent: z.boolean(),
      })
      .partial()
      .nullable(),
    cases: z
      .strictObject({
        matter: z.strictObject({ open: z.boolean() }).nullable(),
        complaint: z
          .strictObject({ open: z.boolean(), major: z.boolean(), hotels: z.array(z.string()) })
          .nullable(),
        incident: z
          .strictObject({ open: z.boolean(), hotels: z.array(z.string()), from: date, to: date })
          .nullable(),
        instrument: z
          .strictObject({
            reference: z.string(),
            foreign: z.boolean(),
            chineseApproval: z.boolean(),
            treaty: z.boolean(),
            validFrom: date,
            validUntil: date,
            covers: z.boolean(),
            officer: z.boolean(),
          })
          .nullable(),
        agreement: z.strictObject({ validFrom: date, validUntil: date, covers: z.boolean() }).nullable(),
        assessment: z.boolean(),
      })
      .partial(),
  })
  .partial();
export type StatedFacts = z.infer<typeof statedFactsSchema>;

/** A chain's own cases: what it expects of the rulebook with its own policies. */
export const caseFileSchema = z.strictObject({
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        request: requestFileSchema,
        facts: statedFactsSchema.default({}),
        expect: z.strictObject({
          outcome: z.enum(['allow', 'deny']),
          /** Rule ids and reason codes that speak, others beside them. */
          rules: z.array(z.string()).default([]),
          reasons: z.array(z.string()).default([]),
          /** Exactly the roles that must approve. */
          route: z.array(z.enum(ROLE_NAMES)).optional(),
        }),
      }),
    )
    .min(1),
});
export type CaseFile = z.infer<typeof caseFileSchema>;
export type PolicyCase = CaseFile['cases'][number];

/**
 * The facts of a request that nobody made: its file, with what is stated of it. Where nothing is stated, whoever asks is
 * in the role, at the first hotel named, trained and off shift; no case is on file; twelve records of one guest are found,
 * of the categories asked for, and every consent stands.
 */
export function factsOfFile(
  file: z.infer<typeof requestFileSchema>,
  stated: StatedFacts,
  { region, now, role: otherwise }: { region: RegionFacts; now: Date; role: Role },
): RequestFacts {
  const at = stated.now ?? now;
  const role = stated.role ?? otherwise;
  const usual = supposedRequest(role, file.categories, { region, now: at });
  const grant = grantOf(file, usual.grant, region);
  const held = stated.roles ?? [role];
  const training = usual.requester.training;
  const requester: RequestFacts['requester'] = {
    ...usual.requester,
    roles: held.map((one) => ({
      role: one,
      hotels: '*',
      grantedBy: 'p_hr',
      since: usual.requester.training.system ?? at.toISOString(),
    })),
    hotel: stated.hotel ?? file.hotels[0] ?? '',
    department: stated.department ?? usual.requester.department,
    active: stated.active ?? true,
    training: {
      system: stated.trained === false ? null : training.system,
      exam: stated.examPassed === false ? null : training.exam,
    },
    lock: {
      sessionUntil: stated.lock === 'session' ? new Date(at.getTime() + 1).toISOString() : null,
      account: stated.lock === 'account',
    },
    jurisdiction: stated.jurisdiction ?? null,
    secondments: stated.secondments ?? [],
  };
  const recipient =
    stated.recipientRoles === undefined
      ? requester
      : {
          ...usual.requester,
          personId: 'p_recipient',
          roles: stated.recipientRoles.map((one) => ({
            role: one,
            hotels: '*' as const,
            grantedBy: 'p_hr',
            since: usual.requester.training.system ?? at.toISOString(),
          })),
        };
  return {
    ...usual,
    grant: { ...grant, recipient: recipient.personId },
    requester,
    recipient,
    scope:
      stated.scope === null || usual.scope === null
        ? null
        : Object.assign({ ...usual.scope, departments: [], ownClients: false }, stated.scope),
    cases: Object.assign({ ...NO_CASES }, stated.cases),
    standing: { shift: stated.shift ?? null },
    retrievals: stated.retrievals ?? 0,
    transferOnFile: stated.transferOnFile ?? false,
  };
}

function grantOf(
  file: z.infer<typeof requestFileSchema>,
  usual: AccessGrant,
  { rules }: RegionFacts,
): AccessGrant {
  const { necessity: _, impactAssessment: __, agreement: ___, ...bare } = usual;
  const { purpose, basis, matter, ticket, platforms, hotels, categories, from, to, masking } = file;
  return {
    ...bare,
    purpose,
    basis,
    matter,
    ticket,
    subjectKind: file.subject?.kind ?? null,
    platforms,
    hotels,
    categories,
    from,
    to,
    masking,
    instrument: file.instrument !== null,
    emergency: file.emergency !== null,
    // In an emergency its description says why (R14).
    ...((file.necessity ?? file.emergency) ? { necessity: '' } : {}),
    ...(file.impactAssessment ? { impactAssessment: file.impactAssessment } : {}),
    ...(file.agreement ? { agreement: file.agreement } : {}),
    windowHours:
      file.emergency === null
        ? (file.windowHours ?? usual.windowHours)
        : Math.min(file.windowHours ?? rules.emergencyHours, rules.emergencyHours),
    opens: file.opens ?? usual.opens,
  };
}

/** What differs from a case's expectation, one line each; empty where it holds. */
export function differences({ expect }: PolicyCase, verdict: Verdict): string[] {
  const missing = (what: string, expected: readonly string[], given: readonly string[]) =>
    expected
      .filter((one) => !given.includes(one))
      .map((one) => `${what} ${one} ≠ ${given.length === 0 ? '—' : given.join(', ')}`);
  const route = [...verdict.route].sort().join(' + ');
  const expectedRoute = expect.route && [...expect.route].sort().join(' + ');
  return [
    ...(expect.outcome === verdict.outcome
      ? []
      : [`outcome ${expect.outcome} ≠ ${verdict.outcome} (${verdict.reasons.join(', ')})`]),
    ...missing('rule', expect.rules, verdict.rules),
    ...missing('reason', expect.reasons, verdict.reasons),
    ...(expectedRoute === undefined || expectedRoute === route
      ? []
      : [`route ${expectedRoute || '—'} ≠ ${route || '—'}`]),
  ];
}
