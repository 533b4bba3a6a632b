import { z } from 'zod';
import { ASKED_MASKINGS, BASES, PURPOSES, SUBJECT_KINDS } from './access-request.ts';
import { breakGlassSchema, emergencyAskedSchema } from './break-glass.ts';
import { CATEGORIES, SOURCES } from './record.ts';
import { REQUEST_STATES } from './request-states.ts';
import { ROLE_NAMES } from './roles.ts';
import { scopeFoundSchema } from './scope-found.ts';
import { instrumentTermsSchema } from './stated-instrument.ts';
import { stepUpReferenceSchema } from './step-up.ts';
import { verdictSchema } from './verdict.ts';

/** Text under the request's evidence key: AES-256-GCM, base64 of nonce ‖ ciphertext ‖ tag (shared/crypto/sealed-text.ts). */
const sealedText = z.string();

export const approvalSchema = z.object({
  role: z.enum(ROLE_NAMES),
  by: z.string(),
  at: z.string(),
  /** What was agreed to: the whole request, by digest (A7). */
  requestDigest: z.string(),
  decision: z.enum(['approve', 'deny']),
  reason: sealedText,
  /**
   * SHA-256(salt ‖ reason): what the event and the signed statement state, so that the reason can be proven later. The
   * salt is sealed (`stepUp.reasonSalt`).
   */
  reasonCommitment: z.string(),
  /** For whom the approver stood in (A8). */
  asDeputyOf: z.string().optional(),
  /** The statement that the approver's own device signed (A6); absent where there was no step-up. */
  stepUp: stepUpReferenceSchema.optional(),
});
export type Approval = z.infer<typeof approvalSchema>;

/**
 * The row of a request and of the grant it becomes (grants table, pk `REQUEST#id`, sk `REQUEST`). No plaintext personal
 * data: subject and remarks lie under the request's evidence key. `version` counts changes: each write is conditional
 * on the version that was read and on a valid prior state.
 */
export const accessGrantSchema = z.object({
  requestId: z.string(),
  version: z.number().int().min(1),
  state: z.enum(REQUEST_STATES),
  /** Last event of the chain `request/ID`. */
  chain: z.object({ sequence: z.number().int(), digest: z.string().nullable() }),
  requestedAt: z.string(),
  requester: z.string(),
  requesterRole: z.enum(ROLE_NAMES),
  recipient: z.string(),
  purpose: z.enum(PURPOSES).nullable(),
  basis: z.enum(BASES).nullable(),
  matter: z.string().nullable(),
  ticket: z.string().nullable(),
  subjectKind: z.enum(SUBJECT_KINDS).nullable(),
  subject: sealedText.nullable(),
  remarks: sealedText,
  /** What the request cites (legal instrument, emergency) as JSON; absent where it cites nothing. */
  citations: sealedText.optional(),
  paperForm: z.string().nullable(),
  instrument: z.boolean(),
  /** T12: the number of the instrument cited, and its terms where the request states them (else they are on file). */
  instrumentNumber: z.string().optional(),
  instrumentTerms: instrumentTermsSchema.optional(),
  emergency: z.boolean(),
  /** R14: why sensitive records are needed; absent where nobody stated it. And the impact assessment's number. */
  necessity: sealedText.optional(),
  impactAssessment: z.string().optional(),
  /** T13: the agreement's number. */
  agreement: z.string().optional(),
  platforms: z.array(z.enum(SOURCES)),
  hotels: z.array(z.string()),
  categories: z.array(z.enum(CATEGORIES)),
  from: z.string().nullable(),
  to: z.string().nullable(),
  masking: z.enum(ASKED_MASKINGS),
  windowHours: z.number(),
  opens: z.number(),
  registerNumber: z.string(),
  /** Set by check. */
  verdict: verdictSchema.nullable(),
  route: z.array(z.enum(ROLE_NAMES)),
  ruleSet: z.string().nullable(),
  scope: z
    .object({
      digest: z.string(),
      conversations: z.number(),
      records: z.number(),
      guests: z.array(z.string()),
      sensitive: z.number(),
      /** How many media the records refer to; absent of requests that were checked before they were counted. */
      media: z.object({ inCustody: z.number(), missing: z.number() }).optional(),
      /** What else check found; absent of requests that were checked before it was kept. */
      found: scopeFoundSchema.optional(),
    })
    .nullable(),
  /** Hotels asked for whose records lie in other regions: not searched here (A3). Absent where there are none. */
  hotelsElsewhere: z.array(z.string()).optional(),
  requestDigest: z.string().nullable(),
  /** Staff who take part in the records, by person id (A1 bars them from approving). */
  participants: z.array(z.string()),
  /** ISO times: the approvals' deadline (A4), and the end of the window (R11). */
  deadline: z.string().nullable(),
  /** A4: half way to the deadline, and when whoever is still missing was reminded; absent in rows from before. */
  remindAt: z.string().optional(),
  remindedAt: z.string().optional(),
  approvals: z.array(approvalSchema),
  /** Set by provision. */
  provisionedAt: z.string().nullable(),
  windowEnds: z.string().nullable(),
  staged: z
    .object({
      key: z.string(),
      digest: z.string(),
      records: z.number(),
      conversations: z.number(),
      bytes: z.number(),
    })
    .nullable(),
  opened: z.number().int(),
  /** Code of why it ended where it didn't end well. */
  endReason: z.string().nullable(),
  /** Who ended it ahead of time, how and why; absent where nobody did. */
  ending: z
    .object({
      kind: z.enum(['withdraw', 'close', 'revoke']),
      by: z.string(),
      at: z.string(),
      reason: sealedText.nullable(),
      reasonCommitment: z.string().nullable(),
    })
    .optional(),
  archive: z.object({ key: z.string(), digest: z.string() }).nullable(),
  /** Of break-glass that was opened (L5). `provisionedAt` is then when it was, `windowEnds` until when it shows, `deadline` when what follows is due. */
  breakGlass: breakGlassSchema.optional(),
  /** Of break-glass that check let through (L5); `deadline` is then when the approver on call must have answered. */
  emergencyAsked: emergencyAskedSchema.optional(),
});
export type AccessGrant = z.infer<typeof accessGrantSchema>;
export type NewAccessGrant = Omit<AccessGrant, 'version' | 'chain'>;

/** One opening: one issued link (pk `OPENINGS#id`, sk `OPENING#openingId`). */
export const openingSchema = z.object({
  openingId: z.string(),
  requestId: z.string(),
  /** `preparing` while its copy is rendered (nothing counted); `issued` once counted. */
  state: z.enum(['preparing', 'issued', 'deleted']),
  number: z.number().int().nullable(),
  by: z.string(),
  /** The step-up that it was asked for with (A6, R5). */
  stepUp: stepUpReferenceSchema.optional(),
  /** The one copy that is ever linked: of all attempts to render it, the one that was bound here. Null until then. */
  copyKey: z.string().nullable(),
  copyDigest: z.string().nullable(),
  createdAt: z.string(),
  issuedAt: z.string().nullable(),
  expiresAt: z.string().nullable(),
  /** When the copy is deleted at the latest. */
  deleteAt: z.string(),
  /** Of a deleted opening: until then a rendering may yet put a copy, and the sweep looks again. Absent once it has. */
  lateUntil: z.string().optional(),
});
export type Opening = z.infer<typeof openingSchema>;
