import type { AccessGrant } from '../domain/access-grant.ts';
import type { GrantStore, MoveResult } from '../ports/grant-store.ts';

const ATTEMPTS = 8;

/** A row kept changing while a decision on it was being made. */
export class RowKeepsChangingError extends Error {
  override name = 'RowKeepsChangingError';
}

export class RequestMissingError extends Error {
  override name = 'RequestMissingError';
}

/**
 * Decides on the row as it stands and moves it; where another's write came first, reads again and decides again.
 * `act` answers a `MoveResult`, or anything else to stop with that answer.
 * Throws RequestMissingError, RowKeepsChangingError.
 */
export async function moveAsItStands<Answer>(
  store: Pick<GrantStore, 'read'>,
  requestId: string,
  act: (grant: AccessGrant) => Promise<MoveResult | { outcome: 'stop'; answer: Answer }>,
): Promise<{ outcome: 'moved'; grant: AccessGrant } | { outcome: 'stop'; answer: Answer }> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const grant = await store.read(requestId);
    if (grant === null) throw new RequestMissingError(`There is no request ${requestId}`);
    const result = await act(grant);
    if (result.outcome !== 'stale') return result;
  }
  throw new RowKeepsChangingError(`Request ${requestId} changed ${ATTEMPTS} times while it was decided on`);
}
