import { z } from 'zod';
import { BASES, MASKINGS, PURPOSES, SUBJECT_KINDS } from '../domain/access-request.ts';
import { CATEGORIES, SOURCES } from '../domain/record.ts';
import { ROLE_NAMES } from '../domain/roles.ts';
import { stagedRecordSchema } from './staged-records.ts';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'is no SHA-256 digest');
const personId = z.string().regex(/^p_[A-Za-z0-9_-]{1,64}$/, 'is no person id');

/** The statement that the approvals are on: shared/domain/request-digest.ts, as it leaves with the package. */
export const statementSchema = z.strictObject({
  version: z.literal(1),
  requestId: z.string(),
  requester: personId,
  requesterRole: z.enum(ROLE_NAMES),
  recipient: personId,
  purpose: z.enum(PURPOSES).nullable(),
  basis: z.enum(BASES).nullable(),
  matter: z.string().nullable(),
  ticket: z.string().nullable(),
  subjectKind: z.enum(SUBJECT_KINDS).nullable(),
  /** Digests of what is sealed under the request's evidence key. */
  subject: digest.nullable(),
  remarks: digest,
  paperForm: z.string().nullable(),
  necessity: digest.nullable(),
  impactAssessment: z.string().nullable(),
  agreement: z.string().nullable(),
  instrumentNumber: z.string().nullable(),
  /** Digest of the instrument's terms as the request's row has them. */
  instrumentTerms: digest.nullable(),
  citations: digest.nullable(),
  platforms: z.array(z.enum(SOURCES)),
  hotels: z.array(z.string()),
  categories: z.array(z.enum(CATEGORIES)),
  from: z.string().nullable(),
  to: z.string().nullable(),
  masking: z.enum(MASKINGS),
  windowHours: z.number(),
  opens: z.number(),
  route: z.array(z.enum(ROLE_NAMES)),
  ruleSet: digest.nullable(),
  scope: digest.nullable(),
});
export type Statement = z.infer<typeof statementSchema>;

/** What every copy of an opening bears, so that a leaked one leads back to it (rule L3). */
export const watermarkSchema = z.strictObject({
  /** Person id of whoever opened. */
  requester: personId,
  /** The request, whose approval is the grant. */
  grant: z.string(),
  opening: z.string(),
  /** Which opening of the grant this was when its copy was prepared, from 1. */
  number: z.number().int().min(1),
  /** When the copy was prepared, ISO 8601 UTC. */
  at: z.iso.datetime(),
});
export type Watermark = z.infer<typeof watermarkSchema>;

/** A line of records.ndjson. */
export const packageRecordSchema = stagedRecordSchema.extend({ watermark: watermarkSchema });
export type PackageRecord = z.infer<typeof packageRecordSchema>;

export const manifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('dualkey-package'),
  region: z.string(),
  createdAt: z.iso.datetime(),
  requestId: z.string(),
  registerNumber: z.string(),
  request: statementSchema,
  requestDigest: digest,
  approvals: z.array(
    z.strictObject({
      role: z.enum(ROLE_NAMES),
      by: personId,
      at: z.iso.datetime(),
      requestDigest: digest,
      /** SHA-256(salt ‖ reason): the reason can be proven later, and not guessed from here. */
      reasonCommitment: z.string(),
      /** Digest of what the approver's device signed (A6): its entry in custody/approvals.json. */
      stepUp: digest,
    }),
  ),
  ruleSet: digest.nullable(),
  scope: z.strictObject({ digest, records: z.number().int(), conversations: z.number().int() }),
  /** Until when the grant may be opened. */
  windowEnds: z.string().nullable(),
  opening: watermarkSchema,
  /** Last event of custody/events.ndjson. */
  events: z.strictObject({ count: z.number().int().min(1), head: digest }),
  signer: z.strictObject({ keyId: z.string(), fingerprint: digest, keyName: z.string() }),
  /** Every other entry but manifest.sig, in the ZIP's order. */
  entries: z.array(z.strictObject({ name: z.string(), bytes: z.number().int().min(0), sha256: digest })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A public key as it lies in `keys/`. It proves that the package is consistent, not whose it is. */
export const packageKeySchema = z.strictObject({
  keyId: z.string(),
  algorithm: z.literal('Ed25519'),
  /** SHA-256 of the SPKI. */
  fingerprint: digest,
  /** DER, base64. */
  spki: z.base64(),
  pem: z.string(),
  /** The key for tools of c2sp.org/signed-note. */
  verifierKey: z.string(),
});
export type PackageKey = z.infer<typeof packageKeySchema>;

export const ENTRIES = {
  manifest: 'manifest.json',
  signature: 'manifest.sig',
  readme: 'README.txt',
  records: 'records.ndjson',
  transcript: 'transcript.html',
  completeness: 'completeness.json',
  events: 'custody/events.ndjson',
  approvals: 'custody/approvals.json',
} as const;

/** The name of a key's entry. Throws where the key id can't be part of a file name. */
export function keyEntryName(keyId: string): string {
  const own = keyId.split('/').at(-1) ?? '';
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(own)) throw new RangeError(`${keyId} is no key id`);
  return `keys/${own}.json`;
}

/** What manifest.sig signs: the manifest by its digest, and what it is of. */
export function noteText(manifest: Manifest, manifestDigest: string): string {
  const { requestId, opening, createdAt } = manifest;
  return [
    'dualkey package v1',
    `request ${requestId}`,
    `opening ${opening.opening}`,
    `created ${createdAt}`,
    `manifest ${manifestDigest}`,
    '',
  ].join('\n');
}
