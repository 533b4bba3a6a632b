import type { AccessGrant } from '../domain/access-grant.ts';
import type { Gate } from '../ports/grant-store.ts';

/**
 * Whether the workflow has nothing left to wait for at this gate, as the row stands: a role's gate is passed when the
 * role has decided or the request no longer awaits approval; the end's, when the grant is no longer open, nor break-glass on its way or in use.
 */
export function gatePassed(grant: AccessGrant, gate: Gate): boolean {
  if (gate === 'end') return !['requested', 'open', 'emergency'].includes(grant.state);
  return (
    grant.state !== 'awaiting-approval' || grant.approvals.some(({ role }) => gate === `approval:${role}`)
  );
}
