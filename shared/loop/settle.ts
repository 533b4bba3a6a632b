import type { AccessGrant } from '../domain/access-grant.ts';
import type { RequestState } from '../domain/request-states.ts';
import type { Workflow } from '../ports/workflow.ts';
import { attemptEach } from './attempt-each.ts';
import { type ClearingParts, clearGrant } from './clear-grant.ts';
import { releasePassedGates } from './release-passed-gates.ts';

/** States after which nothing of what was provisioned may be readable. */
const CLEARED_STATES: readonly RequestState[] = ['closed', 'expired', 'revoked', 'failed'];

export type SettlingParts = ClearingParts & { workflow: Workflow };

/**
 * Does what follows from a row's state and nothing else: gives back the tokens of passed gates and, where a grant has
 * ended, clears it. Whoever changes the state calls it; the reconciler calls it again after a crash.
 */
export async function settle(
  grant: AccessGrant,
  by: { at: Date; actor: string },
  parts: SettlingParts,
): Promise<{ released: number; cleared: boolean }> {
  const cleared = CLEARED_STATES.includes(grant.state);
  let released = 0;
  // Both are attempted whatever becomes of the other: a workflow that can't be reached keeps no copy readable.
  await attemptEach(
    'settle',
    [
      async () => {
        if (cleared) await clearGrant(grant.requestId, by, parts);
      },
      async () => {
        released = await releasePassedGates(grant, parts);
      },
    ],
    (work) => work(),
  );
  return { released, cleared };
}
