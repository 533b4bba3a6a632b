import { z } from 'zod';
import { staffFieldSchema, staffPatchSchema } from './directory-entry.ts';
import { ROLE_NAMES } from './roles.ts';
import { verdictSchema } from './verdict.ts';

export const STAFF_FORMATS = ['csv', 'json'] as const;
export type StaffFormat = (typeof STAFF_FORMATS)[number];

/** `uploading` until the file is there; `queued`, `planned` (it is right, and is being put in force) until it is through. */
export const IMPORT_STATES = ['uploading', 'queued', 'planned', 'done', 'refused'] as const;

/** A directory file on its way in. Its own bytes are gone once it is planned. */
export const staffImportSchema = z.object({
  /** `imp_…`. */
  importId: z.string(),
  state: z.enum(IMPORT_STATES),
  format: z.enum(STAFF_FORMATS),
  bytes: z.number().int(),
  /** SHA-256 of the file, lower-case hex. */
  sha256: z.string(),
  /** Who brings it, and every role in which the person may. */
  by: z.string(),
  roles: z.array(z.enum(ROLE_NAMES)),
  at: z.string(),
  /** People in the file, those of them who are new, and how many were put through. */
  people: z.number().int().default(0),
  added: z.number().int().default(0),
  next: z.number().int().default(0),
  /** Of those put through: changed at once, and waiting for a second person. */
  changed: z.number().int().default(0),
  waiting: z.number().int().default(0),
  /** And of whom nothing was written (FailedPerson). */
  failed: z.number().int().default(0),
  /** The changes that wait. */
  changes: z.array(z.string()).default([]),
  /** Why it was refused: what is wrong with the file, or what the rulebook says. */
  faults: z.array(z.object({ line: z.number(), field: z.string().nullable(), code: z.string() })).default([]),
  verdict: verdictSchema.nullable().default(null),
});
export type StaffImport = z.infer<typeof staffImportSchema>;

/**
 * Somebody of an import or a confirmed change of whom nothing was written, since what the directory had by then didn't fit:
 * `code` and `field` as for a fault of the file. The username stands here alone, never in the event.
 */
export const failedPersonSchema = z.object({
  personId: z.string(),
  username: z.string(),
  field: staffFieldSchema,
  code: z.enum(['username-of-another', 'login-of-another', 'unknown-person']),
});
export type FailedPerson = z.infer<typeof failedPersonSchema>;

/** One person of a planned file. `isNew`: not in the directory before; `moves`: under another manager from then on. */
export const plannedPersonSchema = z.object({
  patch: staffPatchSchema,
  isNew: z.boolean(),
  moves: z.boolean(),
});
export type PlannedPerson = z.infer<typeof plannedPersonSchema>;

/** What waits of one person: the fields that give more, and the digest of what stood in them when it was planned. */
export const waitingPatchSchema = z.object({
  patch: staffPatchSchema,
  fields: z.array(staffFieldSchema),
  stood: z.string(),
});
export type WaitingPatch = z.infer<typeof waitingPatchSchema>;

/** The same while its import goes on: `hotels` that it concerns; `decides`: the person may keep the directory or confirm. */
export const pendingPatchSchema = waitingPatchSchema.extend({
  hotels: z.array(z.string()),
  decides: z.boolean(),
});
export type PendingPatch = z.infer<typeof pendingPatchSchema>;

/** Work on the directory: one after another, whoever began it. */
export const directoryJobSchema = z.object({
  kind: z.enum(['import', 'change']),
  id: z.string(),
  at: z.string(),
});
export type DirectoryJob = z.infer<typeof directoryJobSchema>;
