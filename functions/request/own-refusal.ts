import type { GrantStore } from '../../shared/ports/grant-store.ts';

/**
 * What became of one's own request that was refused: its verdict, and that nothing came of it. Somebody who is locked is
 * told this and no more (R9), since that very refusal may be what locked them. Null for whatever else there is.
 */
export async function ownRefusal(
  { requestId, personId }: { requestId: string; personId: string },
  store: Pick<GrantStore, 'read'>,
): Promise<{ request: object } | null> {
  const grant = await store.read(requestId);
  if (grant === null || grant.requester !== personId || grant.state !== 'refused') return null;
  const { state, verdict, ruleSet, route, scope, requestDigest } = grant;
  return { request: { requestId, state, verdict, ruleSet, route, scope, requestDigest } };
}
