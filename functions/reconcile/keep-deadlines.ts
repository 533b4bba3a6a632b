import type { AccessGrant } from '../../shared/domain/access-grant.ts';
import type { Transition } from '../../shared/domain/request-states.ts';
import { moveAsItStands } from '../../shared/loop/move-as-it-stands.ts';
import { settle } from '../../shared/loop/settle.ts';
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

/** R11: the window is over. The state first, then what was delivered goes. False where it ended otherwise. */
export function expire(requestId: string, now: Date, dependencies: ReconcileDependencies): Promise<boolean> {
  return end(requestId, now, dependencies, {
    transition: 'expire',
    isOver: ({ state, windowEnds }) => state === 'open' && isPast(windowEnds, now),
    endReason: null,
    data: ({ windowEnds, opened }) => ({ windowEnds, opened }),
  });
}

type Ending = {
  transition: Transition;
  isOver(grant: AccessGrant): boolean;
  endReason: string | null;
  data(grant: AccessGrant): Record<string, string | number | null | string[]>;
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
  await settle(result.grant, { at: now, actor: RECONCILER }, dependencies);
  return true;
}

function isPast(time: string | null, now: Date): boolean {
  return time !== null && new Date(time) <= now;
}
