import type { Opening } from '../../shared/domain/access-grant.ts';
import { attemptEach } from '../../shared/loop/attempt-each.ts';
import { copyDeletedData } from '../../shared/loop/clear-grant.ts';
import { deliveryKeys } from '../../shared/loop/delivery-keys.ts';
import { failRequest } from '../../shared/loop/fail-request.ts';
import { settle } from '../../shared/loop/settle.ts';
import { openIncident } from './open-incident.ts';
import { RECONCILER, type ReconcileDependencies } from './reconcile-dependencies.ts';

/** What a crash left behind in one request, finished. Each answers whether there was anything to do. */
type Repair = (requestId: string, now: Date, dependencies: ReconcileDependencies) => Promise<boolean>;

/** The row is there and the execution isn't: a second start of one that is there is harmless. */
export const start: Repair = async (requestId, _now, { store, workflow }) => {
  const grant = await store.read(requestId);
  // Break-glass that was asked for waits for its approver: its workflow is under way.
  if (grant?.state !== 'requested' || grant.emergencyAsked !== undefined) return false;
  await workflow.start(requestId);
  return true;
};

/** Nothing has checked it, or made it ready, for so long that its workflow must be gone: the way out of a failure. */
export const giveUp: Repair = async (requestId, now, dependencies) => {
  const grant = await dependencies.store.read(requestId);
  if (grant?.state !== 'requested' && grant?.state !== 'provisioning') return false;
  if (grant.emergencyAsked !== undefined) return false;
  const code = grant.state === 'requested' ? 'check-failed' : 'provision-stuck';
  const { failed } = await failRequest(requestId, code, { at: now, actor: RECONCILER }, dependencies);
  return failed;
};

/** Tokens of passed gates that were not given back, incidents that were not opened, copies and keys that an end did not clear. */
export const follow: Repair = async (requestId, now, dependencies) => {
  const grant = await dependencies.store.read(requestId);
  if (grant === null) return false;
  await openIncident(grant, now, dependencies);
  const { released } = await settle(grant, { at: now, actor: RECONCILER }, dependencies);
  return released > 0;
};

/** What follows from an end that needs no archive; done once, nothing of it is due again. */
export const followToTheEnd: Repair = async (requestId, now, dependencies) => {
  const found = await follow(requestId, now, dependencies);
  await dependencies.store.released(requestId);
  return found;
};

/** The grant has ended and nothing archived it: its workflow is told again, and archived beside it. */
export const archive: Repair = async (requestId, now, dependencies) => {
  await follow(requestId, now, dependencies);
  await dependencies.archive(requestId);
  return true;
};

/**
 * Copies past their time go, whichever attempt made them; their rows say so with an event. Of an opening whose copy was
 * deleted before, whatever a rendering brought afterwards goes in the same way, once none can any more.
 */
export const deleteCopies: Repair = async (requestId, now, { store, delivery }) => {
  const overdue = (await store.openings(requestId)).filter((opening) => isOverdue(opening, now));
  if (overdue.length === 0) return false;
  const copies = await delivery.list(deliveryKeys.copies(requestId));
  await attemptEach('delete copies', overdue, async (opening) => {
    const own = copies.filter((key) => key.startsWith(deliveryKeys.copiesOf(opening)));
    await attemptEach('delete delivered objects', own, (key) => delivery.delete(key));
    const event = { at: now, actor: RECONCILER, data: copyDeletedData(opening) };
    if (opening.state !== 'deleted') return store.copyDeleted(opening, event);
    const late = { ...event, data: { ...event.data, late: own.length } };
    return store.lateCopiesCleared(opening, own.length === 0 ? null : late);
  });
  return true;
};

function isOverdue({ state, deleteAt, lateUntil }: Opening, now: Date): boolean {
  const at = state === 'deleted' ? lateUntil : deleteAt;
  return at !== undefined && new Date(at) <= now;
}
