import type { ReconcileDependencies } from './reconcile-dependencies.ts';

/**
 * Tells whoever is to be told of what changed in a request (A4, L5): sent first, then no longer due, so that a crash between
 * the two tells twice rather than never. What the channel doesn't take is reported, stays due and is tried again by the next
 * sweep. Never throws for a notice's sake: nothing else waits for it. Answers how many were sent.
 */
export async function sendNotices(
  requestId: string,
  { store, notices, noticeFailed }: Pick<ReconcileDependencies, 'store' | 'notices' | 'noticeFailed'>,
): Promise<number> {
  try {
    const due = await store.noticesDue(requestId);
    const sent = await Promise.allSettled(
      due.map(async (notice) => {
        await notices.tell(notice);
        await store.noticeSent(notice);
      }),
    );
    for (const one of sent) if (one.status === 'rejected') noticeFailed(one.reason);
    return sent.filter(({ status }) => status === 'fulfilled').length;
  } catch (error) {
    noticeFailed(error);
    return 0;
  }
}
