import type { AccessGrant } from '../domain/access-grant.ts';
import { isFollowedUp } from '../domain/break-glass.ts';
import type { DueKind } from '../ports/grant-store.ts';

/** What the sweeps look for next in this row, and since when or by when. */
export function dueOf(grant: AccessGrant, at: Date): { due?: DueKind; dueAt?: string } {
  switch (grant.state) {
    case 'requested':
      if (grant.emergencyAsked === undefined) return { due: 'start', dueAt: at.toISOString() };
      return grant.deadline === null ? {} : { due: 'answer', dueAt: grant.deadline };
    case 'emergency':
      return emergencyDue(grant);
    case 'awaiting-approval':
      if (grant.remindAt !== undefined && grant.remindedAt === undefined)
        return { due: 'reminder', dueAt: grant.remindAt };
      return grant.deadline === null ? {} : { due: 'approval', dueAt: grant.deadline };
    case 'provisioning':
      return { due: 'provision', dueAt: at.toISOString() };
    case 'open':
      return grant.windowEnds === null ? {} : { due: 'window', dueAt: grant.windowEnds };
    case 'refused':
      // Break-glass has its workflow waiting for its end already.
      return grant.emergencyAsked === undefined ? {} : { due: 'release', dueAt: at.toISOString() };
    case 'denied':
    case 'lapsed':
    case 'withdrawn':
    case 'failed':
      return { due: 'release', dueAt: at.toISOString() };
    case 'closed':
    case 'expired':
    case 'revoked':
      return { due: 'archive', dueAt: at.toISOString() };
    default:
      return {};
  }
}

/** L5: what follows is due at the deadline; once it is all there, it is over with its hours. */
function emergencyDue(grant: AccessGrant): { due?: DueKind; dueAt?: string } {
  const dueAt = isFollowedUp(grant) ? grant.windowEnds : grant.deadline;
  return dueAt === null ? {} : { due: 'emergency', dueAt };
}
