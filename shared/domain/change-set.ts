import { z } from 'zod';
import { ROLE_NAMES } from './roles.ts';

/**
 * A change that gives somebody more (of cases, or of the directory): one person proposes it, another one in another role
 * confirms or rejects it, and nothing of it is in force before. `confirming`: it was confirmed, and is being put in force.
 */
export const CHANGE_STATES = ['proposed', 'confirming', 'confirmed', 'rejected'] as const;

/** What a change can be about. */
export const CHANGES_ABOUT = ['cases', 'staff'] as const;

export const changeSetSchema = z.object({
  /** `chg_…`. */
  changeId: z.string(),
  about: z.enum(CHANGES_ABOUT),
  state: z.enum(CHANGE_STATES),
  /** Hotels concerned: whoever confirms may do so for all of them. */
  hotels: z.array(z.string()),
  /** Codes of what it gives, such as `role-given`, `plan-published`. */
  gives: z.array(z.string()),
  /** How many rows it changes, and the digest of all: what is confirmed is what was proposed. */
  items: z.number().int().min(1),
  digest: z.string(),
  /** Person id, and every role in which the person might have proposed it. */
  proposed: z.object({ by: z.string(), roles: z.array(z.enum(ROLE_NAMES)), at: z.string() }),
  /** Who confirmed or rejected it, in which role, and why; its event commits to the reason with the salt. */
  settled: z
    .object({
      by: z.string(),
      role: z.enum(ROLE_NAMES).nullable(),
      at: z.string(),
      reason: z.string().optional(),
      salt: z.string().optional(),
    })
    .nullable(),
  /** Items that a confirmed change left out, since what they were about had changed meanwhile. */
  left: z.number().int().optional(),
  /** People whom it didn't reach, since their name or login had become another's: each has an event of its own. */
  failed: z.number().int().optional(),
});
export type ChangeSet = z.infer<typeof changeSetSchema>;

/** A change's subject in the chain of custody. */
export function changeSubject(changeId: string): string {
  return `change/${changeId}`;
}
