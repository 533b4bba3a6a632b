import { type CustodyEvent, EMPTY_CHAIN, nextEvent } from '../../shared/domain/custody-event.ts';
import { isDigest } from '../../shared/domain/digest.ts';
import {
  canProviderMove,
  PROVIDER_TRANSITIONS,
  type ProviderRequest,
  providerStateAfter,
  providerSubject,
} from '../../shared/domain/provider-request.ts';
import type { ProviderStore } from '../../shared/ports/provider-store.ts';

/** Provider requests in memory, with the conditions of the real table: versions, prior states, one event a change. */
export function inMemoryProviderStore(): ProviderStore & {
  events(providerRequestId: string): CustodyEvent[];
} {
  const rows = new Map<string, ProviderRequest>();
  const chains = new Map<string, CustodyEvent[]>();

  function append(row: Pick<ProviderRequest, 'providerRequestId'>, event: CustodyEvent) {
    chains.set(row.providerRequestId, [...(chains.get(row.providerRequestId) ?? []), event]);
    return { sequence: event.sequence, digest: event.digest };
  }

  return {
    events: (id) => chains.get(id) ?? [],

    async create(draft, event) {
      const { providerRequestId, requestId, number } = draft;
      if ([...rows.values()].some((row) => row.requestId === requestId && row.number === number)) {
        return 'number-taken';
      }
      const subject = providerSubject(providerRequestId);
      const chain = append(
        draft,
        nextEvent(EMPTY_CHAIN, { subject, type: 'provider-request-drafted', ...event }),
      );
      const row: ProviderRequest = { ...draft, state: 'drafted', version: 1, chain };
      rows.set(providerRequestId, row);
      return structuredClone(row);
    },

    async read(id) {
      return structuredClone(rows.get(id) ?? null);
    },

    async ofRequest(requestId) {
      const own = [...rows.values()].filter((row) => row.requestId === requestId);
      return structuredClone(own.sort((a, b) => a.number - b.number));
    },

    async move(row, transition, changes, event) {
      const there = rows.get(row.providerRequestId);
      if (there?.version !== row.version || !canProviderMove(there.state, transition)) {
        return { outcome: 'stale' };
      }
      const { sequence, digest } = there.chain;
      const head = { sequence, digest: digest !== null && isDigest(digest) ? digest : null };
      const type = PROVIDER_TRANSITIONS[transition].event;
      const subject = providerSubject(row.providerRequestId);
      const chain = append(row, nextEvent(head, { subject, type, ...event }));
      const state = providerStateAfter(there.state, transition);
      const next = { ...there, ...changes, state, version: there.version + 1, chain };
      rows.set(row.providerRequestId, next);
      return { outcome: 'moved', row: structuredClone(next) };
    },

    async overdue(now) {
      return [...rows.values()]
        .filter(
          ({ state, answerBy }) => state === 'sent' && answerBy !== null && answerBy <= now.toISOString(),
        )
        .map(({ providerRequestId }) => providerRequestId);
    },
  };
}
