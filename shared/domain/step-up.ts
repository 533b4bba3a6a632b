import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { type Digest, digestOf, sha256 } from './digest.ts';
import { instantSchema } from './instant.ts';
import type { LegalHold } from './legal-hold.ts';
import type { Person } from './person.ts';
import { ROLE_NAMES } from './roles.ts';

/**
 * Acts that a person signs with the own device (A6). `view-emergency`: one look at what break-glass shows (L5); `release`:
 * of a legal hold; `unlock`: of an account (R9).
 */
export const STEP_UP_ACTIONS = ['approve', 'deny', 'open', 'view-emergency', 'release', 'unlock'] as const;
export type StepUpAction = (typeof STEP_UP_ACTIONS)[number];

/** 32 bytes as base64url without padding. */
const bytes32 = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'is no base64url of 32 bytes · 不是 32 字节的 base64url');
const DIGEST_CHARACTERS = 80;
const ID_CHARACTERS = 80;
/** WebAuthn Level 3, §4: a credential id has at most 1,023 bytes. */
export const credentialIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,1364}$/, 'is no credential id (base64url) · 不是设备编号(base64url)');
/** Assertions are small: a few hundred bytes each part. */
const part = z.string().max(4_096);

/**
 * Exactly what a person signs: the challenge of the assertion is SHA-256 over its canonical JSON (RFC 8785). Nothing in it
 * names a guest: the reason stands as a commitment, SHA-256(salt ‖ reason), whose salt is sealed with the reason.
 */
export const stepUpStatementSchema = z.strictObject({
  version: z.literal(1),
  action: z.enum(STEP_UP_ACTIONS),
  /** Id of the request, of the hold, or of the person who is unlocked. */
  subject: z.string().max(ID_CHARACTERS),
  /** Digest of what is decided on: the request's (A7), `holdDigest`, `lockDigest`. Empty where a request has none yet. */
  digest: z.string().max(DIGEST_CHARACTERS),
  /** The role that is decided in; null where the act has none, or the person holds none for it. */
  role: z.enum(ROLE_NAMES).nullable(),
  /** `reasonCommitment`; null where the act has no reason. */
  reason: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  /** When the nonce was issued, and the nonce: both from `POST /step-up/challenges`. */
  time: instantSchema,
  nonce: bytes32,
  /** Person id of whoever signs. */
  person: z.string().max(ID_CHARACTERS),
});
export type StepUpStatement = z.infer<typeof stepUpStatementSchema>;

/** The challenge of an assertion over this statement: SHA-256 of its canonical JSON, base64url. */
export function stepUpChallenge(statement: StepUpStatement): string {
  return Buffer.from(digestOf(statement).slice('sha256:'.length), 'hex').toString('base64url');
}

/** SHA-256(salt ‖ reason), 64 lower-case hex digits. `salt`: 32 random bytes, base64url. */
export function reasonCommitment(salt: string, reason: string): string {
  const salted = Buffer.concat([Buffer.from(salt, 'base64url'), Buffer.from(reason, 'utf8')]);
  return sha256(salted).slice('sha256:'.length);
}

/** What the release of a hold is signed over: which hold, on whose matter, as it was placed. */
export function holdDigest({
  holdId,
  matter,
  hotel,
  placed,
}: Pick<LegalHold, 'holdId' | 'matter' | 'hotel' | 'placed'>): Digest {
  const { by, at } = placed;
  return digestOf({ version: 1, kind: 'hold', holdId, matter, hotel, placed: { by, at } });
}

/** What the unlocking of an account is signed over: whose, and how it is locked. */
export function lockDigest({ personId, lock }: Pick<Person, 'personId' | 'lock'>): Digest {
  const { account, sessionUntil } = lock;
  return digestOf({ version: 1, kind: 'lock', personId, account, sessionUntil });
}

/** The body field `stepUp` of each act that needs one: the statement, its salt, and what the device signed (base64url). */
export const stepUpBodySchema = z.strictObject({
  statement: stepUpStatementSchema,
  /** Of the statement's reason; absent where it has none. */
  reasonSalt: bytes32.optional(),
  assertion: z.strictObject({
    credentialId: credentialIdSchema,
    authenticatorData: part,
    clientDataJSON: part,
    signature: part,
  }),
});
export type StepUpBody = z.infer<typeof stepUpBodySchema>;

/** A nonce that was issued to one person for one act: good once, and not for long. */
export const issuedChallengeSchema = z.object({
  nonce: bytes32,
  person: z.string(),
  action: z.enum([...STEP_UP_ACTIONS, 'enrol']),
  /** As in the statement; of `enrol` the person's own id. */
  subject: z.string(),
  issuedAt: z.string(),
  /** Whatever was done with it; absent before. */
  usedAt: z.string().optional(),
});
export type IssuedChallenge = z.infer<typeof issuedChallengeSchema>;

export const DEVICE_STATES = ['pending', 'enrolled', 'revoked'] as const;
/** `software`: a key that software keeps, for local use and automation (R5: refused where the region says so). */
export const DEVICE_KINDS = ['device', 'software'] as const;

/** By this model the command’s own software authenticator tells what it is. */
export const SOFTWARE_AAGUID = 'd0a1c3e5-0b57-4f3c-8d2e-5f0f7a4b6c01';

const act = z.object({ by: z.string(), at: z.string() });

/**
 * A WebAuthn credential of one person. It signs nothing before a second person confirmed it (`enrolled`), and nothing
 * once it is revoked.
 */
export const deviceSchema = z.object({
  credentialId: credentialIdSchema,
  person: z.string(),
  kind: z.enum(DEVICE_KINDS),
  state: z.enum(DEVICE_STATES),
  /** COSE_Key, base64url. */
  publicKey: z.string(),
  /** The last signature counter seen; 0 for keys that count nothing (WebAuthn Level 3, §6.1.1). */
  counter: z.number().int().min(0),
  /** Model of the authenticator, as it says itself (a UUID of zeros where it doesn't). */
  aaguid: z.string(),
  /** Kept in several places (a synced passkey), as it says itself. */
  backedUp: z.boolean(),
  enrolled: act,
  confirmed: act.nullable(),
  revoked: act.nullable(),
});
export type Device = z.infer<typeof deviceSchema>;

/** Whose site the assertions are for: RP id and the origins that may ask for one. */
export type RelyingParty = { rpId: string; origins: readonly string[] };

/**
 * What is kept of a step-up, so that anybody can check later that this device agreed to this statement: canonical JSON
 * in the evidence bucket under `stepUpEvidenceKey(digest)`. Ids, digests, times and public keys alone.
 */
export const stepUpEvidenceSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('dualkey-step-up'),
  relyingParty: z.strictObject({ rpId: z.string(), origin: z.string() }),
  statement: stepUpStatementSchema,
  credential: z.strictObject({
    credentialId: credentialIdSchema,
    kind: z.enum(DEVICE_KINDS),
    publicKey: z.string(),
    /** Who enrolled it and who confirmed it, and when: person ids. */
    enrolled: z.strictObject({ by: z.string(), at: z.string() }),
    confirmed: z.strictObject({ by: z.string(), at: z.string() }),
  }),
  /** The counter seen before; the assertion's own is in its authenticator data. */
  counterBefore: z.number().int(),
  assertion: z.strictObject({ authenticatorData: part, clientDataJSON: part, signature: part }),
});
export type StepUpEvidence = z.infer<typeof stepUpEvidenceSchema>;

export function stepUpEvidenceBytes(evidence: StepUpEvidence): Buffer {
  return Buffer.from(canonicalJson(evidence));
}

export function stepUpEvidenceKey(digest: string): string {
  return `step-ups/${digest.replace('sha256:', '')}.json`;
}

/** What a verified step-up uses up, in the transaction of what it serves. */
export type StepUpUse = {
  person: string;
  nonce: string;
  credentialId: string;
  /** The device's counter as it was read, and as the assertion has it. */
  counter: { before: number; after: number };
  at: Date;
};

/** How a step-up is named on what it served (an approval, an opening, a look, a release). */
export const stepUpReferenceSchema = z.object({
  credentialId: z.string(),
  /** Digest of the evidence object. */
  evidence: z.string(),
  /** Salt of the statement's reason, sealed; absent where it has none. */
  reasonSalt: z.string().optional(),
});
export type StepUpReference = z.infer<typeof stepUpReferenceSchema>;
