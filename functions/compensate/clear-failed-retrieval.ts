import type { RequestState } from '../../shared/domain/request-states.ts';
import type { StartInput, StepOutput } from '../../shared/domain/step-input.ts';
import { failRequest } from '../../shared/loop/fail-request.ts';
import type { SettlingParts } from '../../shared/loop/settle.ts';
import type { Clock } from '../../shared/ports/clock.ts';

export type CompensateDependencies = SettlingParts & {
  clock: Clock;
  /** A retrieval broke and was cleared: raises the alarm. */
  cleared(requestId: string, state: RequestState): void;
};

/**
 * What follows a failure anywhere in the workflow, from any state: the request ends, one event says so, nothing is left
 * readable, and nobody waits any more. A second run finishes what a first one began. What broke isn't passed on: its
 * name is in the log of the function that threw it, and its message stays nowhere.
 */
export async function clearFailedRetrieval(
  { version, requestId }: StartInput,
  { clock, cleared, ...parts }: CompensateDependencies,
): Promise<StepOutput> {
  const broken = await parts.store.read(requestId);
  const { grant } = await failRequest(
    requestId,
    broken?.state === 'requested' ? 'check-failed' : 'workflow-failed',
    { at: clock(), actor: 'function:compensate' },
    parts,
  );
  cleared(requestId, grant.state);
  return { version, requestId, state: grant.state, route: grant.route };
}
