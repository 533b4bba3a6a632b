import type { AccessGrant } from '../domain/access-grant.ts';
import { deny } from '../domain/verdict.ts';
import type { EventDraft, MoveResult } from '../ports/grant-store.ts';
import { moveAsItStands } from './move-as-it-stands.ts';
import { type SettlingParts, settle } from './settle.ts';

/** Code of what broke; it stands in the row and in the event. */
export type FailureCode = 'check-failed' | 'workflow-failed' | 'provision-stuck';

/**
 * The way out of a retrieval that broke, wherever it stood: refused before it was checked, lapsed while it awaited
 * approval, failed once something could have been readable; one event; nothing readable is left; nobody waits for it
 * any longer. A grant that had ended already keeps its state, to be archived. A second run is harmless.
 */
export async function failRequest(
  requestId: string,
  code: FailureCode,
  { at, actor }: { at: Date; actor: string },
  parts: SettlingParts,
): Promise<{ grant: AccessGrant; failed: boolean }> {
  const result = await moveAsItStands<AccessGrant>(parts.store, requestId, (grant) =>
    broken(grant, code, { at, actor, data: { code, from: grant.state } }, parts),
  );
  const grant = result.outcome === 'moved' ? result.grant : result.answer;
  await settle(grant, { at, actor }, parts);
  return { grant, failed: result.outcome === 'moved' };
}

async function broken(
  grant: AccessGrant,
  code: FailureCode,
  event: EventDraft,
  { store }: SettlingParts,
): Promise<MoveResult | { outcome: 'stop'; answer: AccessGrant }> {
  switch (grant.state) {
    case 'requested': {
      const verdict = deny('L1', code);
      return store.move(grant, 'refuse', { verdict, endReason: code }, event);
    }
    case 'awaiting-approval':
      return store.move(grant, 'lapse', { endReason: code }, event);
    case 'provisioning':
    case 'open':
    case 'emergency':
      return store.move(grant, 'fail', { endReason: code }, event);
    default:
      return { outcome: 'stop', answer: grant };
  }
}
