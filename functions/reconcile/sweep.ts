import { SomeFailedError } from '../../shared/loop/attempt-each.ts';
import type { DueKind } from '../../shared/ports/grant-store.ts';
import { archive, deleteCopies, follow, followToTheEnd, giveUp, start } from './finish-what-was-begun.ts';
import { endEmergency, expire, lapse, refuseUnanswered, remind } from './keep-deadlines.ts';
import { noteOverdueProvider } from './note-overdue-providers.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { sendNotices } from './send-notices.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** How long whoever began it has to finish before the sweep does it too. */
const PATIENCE = {
  start: MINUTE_MS,
  tokens: MINUTE_MS,
  notices: MINUTE_MS,
  archive: 5 * MINUTE_MS,
  giveUp: 30 * MINUTE_MS,
  upload: 24 * 60 * MINUTE_MS,
} as const;

/** So many requests' notices in one sweep, oldest first: what a topic that was gone for hours leaves is told bit by bit. */
const NOTICES_AT_ONCE = 100;

type Task = {
  name: string;
  due: DueKind;
  /** Due since at least this long. */
  patienceMs: number;
  act(requestId: string, now: Date, dependencies: ReconcileDependencies): Promise<boolean>;
  counts: 'lapsed' | 'reminded' | 'repaired' | 'failed' | null;
};

/** What each sweep looks for, in this order. What is due long enough to be given up is not tried once more before. */
const TASKS: readonly Task[] = [
  { name: 'reminded', due: 'reminder', patienceMs: 0, act: remind, counts: 'reminded' },
  { name: 'lapsed', due: 'approval', patienceMs: 0, act: lapse, counts: 'lapsed' },
  { name: 'unanswered', due: 'answer', patienceMs: 0, act: refuseUnanswered, counts: 'lapsed' },
  { name: 'emergenciesEnded', due: 'emergency', patienceMs: 0, act: endEmergency, counts: null },
  { name: 'expired', due: 'window', patienceMs: 0, act: expire, counts: null },
  { name: 'copiesDeleted', due: 'copy', patienceMs: 0, act: deleteCopies, counts: null },
  { name: 'neverChecked', due: 'start', patienceMs: PATIENCE.giveUp, act: giveUp, counts: 'failed' },
  { name: 'neverProvisioned', due: 'provision', patienceMs: PATIENCE.giveUp, act: giveUp, counts: 'failed' },
  { name: 'started', due: 'start', patienceMs: PATIENCE.start, act: start, counts: 'repaired' },
  { name: 'told', due: 'provision', patienceMs: PATIENCE.tokens, act: follow, counts: 'repaired' },
  { name: 'followed', due: 'release', patienceMs: PATIENCE.tokens, act: followToTheEnd, counts: 'repaired' },
  { name: 'archived', due: 'archive', patienceMs: PATIENCE.archive, act: archive, counts: 'repaired' },
];

/** What one sweep did, by task, and how much of it failed. */
export type Swept = { counts: Record<string, number>; failures: unknown[] };

/**
 * One sweep: keeps every deadline as of `now` and finishes what a crash left behind. A sweep that was cut short, or runs
 * beside another, does no harm. One bad item never stops the rest; whatever failed is in the answer.
 */
export async function sweep(now: Date, dependencies: ReconcileDependencies): Promise<Swept> {
  const swept: Swept = { counts: {}, failures: [] };
  for (const task of TASKS) await run(task, now, dependencies, swept);
  await attempt('providersOverdue', swept, () => noteOverdueProviders(now, dependencies, swept));
  await attempt('batchesResumed', swept, () => resumeBatches(now, dependencies, swept));
  await attempt('uploadsAborted', swept, () =>
    dependencies.uploads.abortOlderThan(new Date(now.getTime() - PATIENCE.upload)),
  );
  // Last: no deadline waits for a topic.
  await attempt('noticesSent', swept, () => sendLeftNotices(now, dependencies));
  return swept;
}

/** Throws SomeFailedError where anything of a sweep failed, once everything else is done. */
export function failIfAnythingFailed({ failures }: Swept): void {
  if (failures.length > 0) throw new SomeFailedError('sweep', failures, failures.length);
}

async function run(task: Task, now: Date, dependencies: ReconcileDependencies, swept: Swept): Promise<void> {
  await attempt(task.name, swept, async () => {
    const ids = await dependencies.store.due(task.due, new Date(now.getTime() - task.patienceMs));
    const done = await eachOf(ids, swept, (id) => task.act(id, now, dependencies), task, dependencies);
    if (task.counts !== null && done > 0) dependencies.did(task.counts, done);
    return done;
  });
}

async function eachOf(
  ids: string[],
  swept: Swept,
  act: (id: string) => Promise<boolean>,
  { due }: Pick<Task, 'due'>,
  dependencies: ReconcileDependencies,
): Promise<number> {
  const results = await Promise.allSettled(ids.map(act));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  swept.failures.push(...errors);
  if (due === 'copy' && errors.length > 0) dependencies.did('copy-overdue', errors.length);
  return results.filter((result) => result.status === 'fulfilled' && result.value).length;
}

async function noteOverdueProviders(
  now: Date,
  dependencies: ReconcileDependencies,
  swept: Swept,
): Promise<number> {
  const ids = await dependencies.providers.overdue(now);
  const results = await Promise.allSettled(ids.map((id) => noteOverdueProvider(id, now, dependencies)));
  swept.failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  const noted = results.filter((result) => result.status === 'fulfilled' && result.value).length;
  if (noted > 0) dependencies.did('provider-overdue', noted);
  return noted;
}

async function resumeBatches(
  now: Date,
  { batches, did }: ReconcileDependencies,
  swept: Swept,
): Promise<number> {
  const stalled = await batches.stalled(now);
  const results = await Promise.allSettled(stalled.map((id) => batches.resume(id)));
  swept.failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  const resumed = results.filter(({ status }) => status === 'fulfilled').length;
  if (resumed > 0) did('batch-resumed', resumed);
  return resumed;
}

/** Notices that the stream, which follows each at once, did not get out. One that fails again fails no sweep. */
async function sendLeftNotices(now: Date, dependencies: ReconcileDependencies): Promise<number> {
  const since = new Date(now.getTime() - PATIENCE.notices);
  const ids = (await dependencies.store.due('notice', since)).slice(0, NOTICES_AT_ONCE);
  const sent = await Promise.all(ids.map((id) => sendNotices(id, dependencies)));
  return sent.reduce((sum, count) => sum + count, 0);
}

async function attempt(name: string, swept: Swept, act: () => Promise<number>): Promise<void> {
  try {
    swept.counts[name] = await act();
  } catch (error) {
    swept.failures.push(error);
    swept.counts[name] = 0;
  }
}
