import type { NewProviderRequest, ProviderRequest, ProviderTransition } from '../domain/provider-request.ts';
import type { EventDraft } from './grant-store.ts';

/** `stale`: the row changed since it was read, or its state doesn't allow the transition; read again and decide again. */
export type ProviderMoveResult = { outcome: 'moved'; row: ProviderRequest } | { outcome: 'stale' };

/** Provider requests. Every change is one transaction with its custody event (chain `provider/ID`). */
export type ProviderStore = {
  /** `number-taken`: another provider request of the same access request has this number. */
  create(row: NewProviderRequest, event: EventDraft): Promise<ProviderRequest | 'number-taken'>;
  /** Consistent read; null where there is none. */
  read(providerRequestId: string): Promise<ProviderRequest | null>;
  /** Those of one access request, by their numbers. */
  ofRequest(requestId: string): Promise<ProviderRequest[]>;
  move(
    row: ProviderRequest,
    transition: ProviderTransition,
    changes: Partial<
      Omit<ProviderRequest, 'providerRequestId' | 'requestId' | 'number' | 'version' | 'chain' | 'state'>
    >,
    event: EventDraft,
  ): Promise<ProviderMoveResult>;
  /** Ids of those that were sent and not answered by `now`, oldest first; found in an index, so read before deciding. */
  overdue(now: Date): Promise<string[]>;
};
