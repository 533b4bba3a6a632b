import type { AccessGrant } from '../domain/access-grant.ts';
import type { GrantStore } from '../ports/grant-store.ts';
import type { Workflow } from '../ports/workflow.ts';
import { attemptEach } from './attempt-each.ts';
import { gatePassed } from './gate-passed.ts';

/**
 * Gives back every token that waits at a gate which this row has passed. A token is forgotten only once it was given
 * back, so that a crash in between is repeated; giving one back twice is harmless. Answers how many waited.
 */
export async function releasePassedGates(
  grant: AccessGrant,
  { store, workflow }: { store: GrantStore; workflow: Workflow },
): Promise<number> {
  const waiting = (await store.tokens(grant.requestId)).filter(({ gate }) => gatePassed(grant, gate));
  await attemptEach('release tokens', waiting, async ({ gate, token }) => {
    await workflow.release(token);
    await store.dropToken(grant.requestId, gate);
  });
  return waiting.length;
}
