import { z } from 'zod';
import type { AccessGrant } from './access-grant.ts';
import { LIMITS } from './limits.ts';
import type { Role } from './roles.ts';

/** What is in danger, or who can't wait (L5). */
export const DANGERS = ['life', 'health', 'property', 'police-demand'] as const;

/** Who may start break-glass, the first that somebody holds; and who opens it when on call. */
export const EMERGENCY_STARTERS = ['duty-manager', 'security', 'gm', 'legal'] as const satisfies Role[];
export const EMERGENCY_OPENERS = ['infosec-director', 'privacy-officer'] as const satisfies Role[];

/** What a request file says of the emergency; the description is sealed, and is why sensitive records are needed (R14). */
export const statedEmergencySchema = z.strictObject({
  danger: z.enum(DANGERS),
  description: z.string().trim().min(1).max(LIMITS.freeTextCharacters),
});

/** Since when it waits for the approver on call, the paper form having been begun then, and in which months it counts. */
export const emergencyAskedSchema = z.object({
  at: z.string(),
  formBegunAt: z.string(),
  /** Calendar months (`2026-11`) in the zones of its hotels. */
  months: z.array(z.string()),
});

/** What break-glass has beyond any grant (L5): the paper form that follows, and what was shown. Ids, times, counts. */
export const breakGlassSchema = z.object({
  /** Person id of the approver who opened it. */
  openedBy: z.string(),
  /** The paper form's number, once it is there. */
  form: z.object({ number: z.string(), at: z.string(), by: z.string() }).nullable(),
  views: z.number().int(),
});

/** Check let it through, and nobody has opened or refused it yet. */
export function isWaitingForOpener({
  emergency,
  emergencyAsked,
  state,
}: Pick<AccessGrant, 'emergency' | 'emergencyAsked' | 'state'>): boolean {
  return emergency && emergencyAsked !== undefined && state === 'requested';
}

/** Every role of the route agreed, and the paper form is there: nothing more has to follow. True of what is no break-glass. */
export function isFollowedUp({ emergency, breakGlass, route, approvals, paperForm }: AccessGrant): boolean {
  if (!emergency) return true;
  const agreed = approvals.filter(({ decision }) => decision === 'approve').map(({ role }) => role);
  return (
    breakGlass !== undefined &&
    (breakGlass.form !== null || paperForm !== null) &&
    route.every((role) => agreed.includes(role))
  );
}

/** It was opened and is over, and what had to follow never did: an incident (L5), whoever ended it and how. */
export function isIncident(grant: AccessGrant): boolean {
  return grant.breakGlass !== undefined && grant.state !== 'emergency' && !isFollowedUp(grant);
}
