import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import { isFollowedUp, isWaitingForOpener } from '../../shared/domain/break-glass.ts';
import { missingRoles } from '../../shared/domain/notices-after.ts';
import type { Transition } from '../../shared/domain/request-states.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import { settle } from '../../shared/loop/settle.ts';
import type { EventDraft } from '../../shared/ports/grant-store.ts';
import { openIncident } from './open-incident.ts';
import { RECONCILER, type ReconcileDependencies } from './reconcile-dependencies.ts';

/** A4: an approval is missing at its deadline. The state first, then whoever waits is told. False where it was decided. */
export function lapse(requestId: string, now: Date, dependencies: ReconcileDependencies): Promise<boolean> {
  return end(requestId, now, dependencies, {
    transition: 'lapse',
    isOver: ({ state, deadline }) => state === 'awaiting-approval' && isPast(deadline, now),
    endReason: 'deadline',
    data: ({ deadline, approvals }) => ({ deadline, approved: approvals.map(({ role }) => role) }),
  });
}

/**
 * A4: half the time is over and an approval is missing: one event says which, once, and the notice to those roles is due in the
 * same transaction (send-notices.ts). False where it was decided or reminded of; what is over already lapses instead.
 */
export async function remind(
  requestId: string,
  now: Date,
  dependencies: ReconcileDependencies,
): Promise<boolean> {
  if (await lapse(requestId, now, dependencies)) {
    dependencies.did('lapsed', 1);
    return false;
  }
  const { store } = dependencies;
  const result = await moveAsItStands<null>(store, requestId, async (grant) => {
    const { state, remindAt, remindedAt, deadline } = grant;
    const isDue = state === 'awaiting-approval' && remindedAt === undefined && isPast(remindAt ?? null, now);
    if (!isDue || isPast(deadline, now)) return { outcome: 'stop', answer: null };
    return store.move(
      grant,
      'remind',
      { remindedAt: now.toISOString() },
      {
        at: now,
        actor: RECONCILER,
        data: { deadline, missing: missingRoles(grant) },
      },
    );
  });
  return result.outcome === 'moved';
}

/** R11: the window is over. The state first, then what was delivered goes. False where it ended otherwise. */
export function expire(requestId: string, now: Date, dependencies: ReconcileDependencies): Promise<boolean> {
  return end(requestId, now, dependencies, {
    transition: 'expire',
    isOver: ({ state, windowEnds }) => state === 'open' && isPast(windowEnds, now),
    endReason: null,
    data: ({ windowEnds, opened }) => ({ windowEnds, opened }),
  });
}

/** L5: nobody on call answered in time: it is refused, as an approval that is missing lets a request lapse (A4). */
export function refuseUnanswered(
  requestId: string,
  now: Date,
  dependencies: ReconcileDependencies,
): Promise<boolean> {
  return end(requestId, now, dependencies, {
    transition: 'refuse',
    isOver: (grant) => isWaitingForOpener(grant) && isPast(grant.deadline, now),
    endReason: 'deadline',
    data: ({ deadline }) => ({ deadline }),
  });
}

/**
 * L5: break-glass whose further approvals or form are missing at their deadline is revoked (the incident follows from that);
 * one that has all of it closes with its hours.
 */
export async function endEmergency(
  requestId: string,
  now: Date,
  dependencies: ReconcileDependencies,
): Promise<boolean> {
  const data = ({ windowEnds, deadline, approvals, breakGlass }: AccessGrant) => ({
    windowEnds,
    deadline,
    approved: approvals.map(({ role }) => role),
    form: breakGlass?.form != null,
    views: breakGlass?.views ?? 0,
  });
  const closed = await end(requestId, now, dependencies, {
    transition: 'close',
    isOver: (grant) => grant.state === 'emergency' && isFollowedUp(grant) && isPast(grant.windowEnds, now),
    endReason: null,
    data,
  });
  if (closed) return true;
  return end(requestId, now, dependencies, {
    transition: 'revoke',
    isOver: (grant) => grant.state === 'emergency' && !isFollowedUp(grant) && isPast(grant.deadline, now),
    endReason: 'follow-up-overdue',
    data,
  });
}

type Ending = {
  transition: Transition;
  isOver(grant: AccessGrant): boolean;
  endReason: string | null;
  data(grant: AccessGrant): EventDraft['data'];
};

async function end(
  requestId: string,
  now: Date,
  dependencies: ReconcileDependencies,
  { transition, isOver, endReason, data }: Ending,
): Promise<boolean> {
  const { store } = dependencies;
  const result = await moveAsItStands<null>(store, requestId, async (grant) =>
    isOver(grant)
      ? store.move(grant, transition, { endReason }, { at: now, actor: RECONCILER, data: data(grant) })
      : { outcome: 'stop', answer: null },
  );
  if (result.outcome === 'stop') return false;
  await openIncident(result.grant, now, dependencies);
  await settle(result.grant, { at: now, actor: RECONCILER }, dependencies);
  return true;
}

function isPast(time: string | null, now: Date): boolean {
  return time !== null && new Date(time) <= now;
}
