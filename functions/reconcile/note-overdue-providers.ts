import { RECONCILER, type ReconcileDependencies } from './reconcile-dependencies.ts';

/**
 * A provider that was written to hasn't answered by the date that the letter names: the state says so from now on, with
 * an event. False where it answered, refused or was withdrawn meanwhile, or somebody else noted it.
 */
export async function noteOverdueProvider(
  providerRequestId: string,
  now: Date,
  { providers }: Pick<ReconcileDependencies, 'providers'>,
): Promise<boolean> {
  const row = await providers.read(providerRequestId);
  if (row?.state !== 'sent' || row.answerBy === null || new Date(row.answerBy) > now) return false;
  const { requestId, letterNumber, answerBy } = row;
  const { outcome } = await providers.move(
    row,
    'fall-overdue',
    { overdueSince: now.toISOString() },
    { at: now, actor: RECONCILER, data: { requestId, letterNumber, answerBy } },
  );
  // Whoever moved it meanwhile left it sent or settled it: the next sweep looks again.
  return outcome === 'moved';
}
