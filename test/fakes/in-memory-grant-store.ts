import type { AccessGrant, NewAccessGrant, Opening } from '../../shared/domain/access-grant.ts';
import { isFollowedUp, isWaitingForOpener } from '../../shared/domain/break-glass.ts';
import {
  type ChainHead,
  type CustodyEvent,
  type CustodyEventType,
  EMPTY_CHAIN,
  nextEvent,
} from '../../shared/domain/custody-event.ts';
import { isDigest } from '../../shared/domain/digest.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import type { Notice } from '../../shared/domain/notice.ts';
import { noticesAfter } from '../../shared/domain/notices-after.ts';
import { LATE_COPY_SECONDS } from '../../shared/domain/rendering.ts';
import { priorStates, TRANSITIONS, type Transition } from '../../shared/domain/request-states.ts';
import type { StepUpUse } from '../../shared/domain/step-up.ts';
import type { EmergencyCounts, EmergencyUse } from '../../shared/ports/emergency-counts.ts';
import type { DueKind, EventDraft, Gate, GrantStore, MoveResult } from '../../shared/ports/grant-store.ts';
import type {
  RetrievalCount,
  RetrievalCounts,
  RetrievalReservation,
} from '../../shared/ports/retrieval-counts.ts';

type Changes = Parameters<GrantStore['move']>[2];

/**
 * The grants table in memory, with the conditions of the real one: versions, prior states, one event a change, each
 * step-up used up once (`use`; none is where nobody's are looked at).
 */
export function inMemoryGrantStore(use: (stepUp: StepUpUse) => boolean = () => true): GrantStore & {
  /** Puts a row as it is, without an event: where a test starts. */
  seed(grant: AccessGrant): void;
  /** Events of a subject other than a request, such as `attempts/req_…`. */
  notes(subject: string): CustodyEvent[];
  /** R4's counters, reserved with the moves that grant. */
  counts: RetrievalCounts;
  /** L5's, likewise. */
  emergencies: EmergencyCounts;
} {
  const counted = new Map<string, RetrievalCount>();
  const grants = new Map<string, AccessGrant>();
  const openings = new Map<string, Opening>();
  const chains = new Map<string, CustodyEvent[]>();
  const tokens = new Map<string, { gate: Gate; token: string }>();
  const notices = new Map<string, Notice>();
  const since = new Map<string, string>();
  const unreleased = new Set<string>();
  const emergencyUses = new Map<string, Set<string>>();

  function usesOf(person: string, part: string, month: string): Set<string> {
    const name = `${person} ${part} ${month}`;
    const uses = emergencyUses.get(name) ?? new Set<string>();
    emergencyUses.set(name, uses);
    return uses;
  }

  function chainOf(subject: string): CustodyEvent[] {
    const chain = chains.get(subject) ?? [];
    chains.set(subject, chain);
    return chain;
  }

  function append(subject: string, type: CustodyEventType, after: ChainHead, draft: EventDraft): ChainHead {
    const event = nextEvent(after, { subject, type, ...draft });
    chainOf(subject).push(event);
    return { sequence: event.sequence, digest: event.digest };
  }

  function note(subject: string, type: CustodyEventType, draft: EventDraft): void {
    const last = chainOf(subject).at(-1);
    const head =
      last !== undefined && isDigest(last.digest)
        ? { sequence: last.sequence, digest: last.digest }
        : EMPTY_CHAIN;
    append(subject, type, head, draft);
  }

  function countOf(requester: string, guestId: string, month: string): RetrievalCount {
    return counted.get(`${requester} ${month} ${guestId}`) ?? { guestId, month, keys: [], version: 0 };
  }

  function move(
    grant: AccessGrant,
    transition: Transition,
    changes: Changes,
    draft: EventDraft,
    reservation: RetrievalReservation | null = null,
    stepUp?: StepUpUse,
    emergency?: EmergencyUse,
  ): MoveResult {
    const row = grants.get(grant.requestId);
    if (row?.version !== grant.version || !priorStates(transition).includes(row.state)) {
      return { outcome: 'stale' };
    }
    if (reservation !== null) {
      const { requester, key, rows } = reservation;
      const there = rows.map(({ guestId, month }) => countOf(requester, guestId, month));
      if (there.some(({ version }, position) => version !== rows[position]?.version)) {
        return { outcome: 'stale' };
      }
      for (const { guestId, month, keys, version } of there) {
        const next = { guestId, month, keys: [...new Set([...keys, key])].sort(), version: version + 1 };
        counted.set(`${requester} ${month} ${guestId}`, next);
      }
    }
    const uses = (emergency?.months ?? []).map((month) =>
      usesOf(emergency?.person ?? '', emergency?.part ?? '', month),
    );
    if (uses.some(({ size }) => size >= (emergency?.limit ?? 0))) return { outcome: 'stale' };
    if (stepUp !== undefined && !use(stepUp)) return { outcome: 'stale' };
    for (const counted of uses) counted.add(grant.requestId);
    if (transition === 'refuse') {
      for (const month of row.emergencyAsked?.months ?? []) {
        usesOf(row.requester, 'asked', month).delete(row.requestId);
      }
    }
    const { type, to } = { type: TRANSITIONS[transition].event, to: TRANSITIONS[transition].to };
    const chain = append(subjectOf(grant.requestId), type, chainHead(row), draft);
    const next: AccessGrant = { ...row, ...changes, state: to, version: row.version + 1, chain };
    grants.set(next.requestId, next);
    for (const notice of noticesAfter(row, transition, next, draft.at))
      notices.set(noticeKey(notice), notice);
    since.set(next.requestId, draft.at.toISOString());
    unreleased.add(next.requestId);
    return { outcome: 'moved', grant: structuredClone(next) };
  }

  /** When the row came into its state. */
  function enteredAt(grant: AccessGrant): string {
    return since.get(grant.requestId) ?? grant.requestedAt;
  }

  function openingsOf(requestId: string): Opening[] {
    return [...openings.values()].filter((one) => one.requestId === requestId);
  }

  function noticesOf(requestId: string): Notice[] {
    return [...notices.values()].filter((one) => one.requestId === requestId);
  }

  function dueAt(kind: DueKind, grant: AccessGrant): (string | null)[] {
    switch (kind) {
      case 'start':
        return grant.state === 'requested' && grant.emergencyAsked === undefined ? [grant.requestedAt] : [];
      case 'answer':
        return isWaitingForOpener(grant) ? [grant.deadline] : [];
      case 'emergency':
        return grant.state === 'emergency' ? [isFollowedUp(grant) ? grant.windowEnds : grant.deadline] : [];
      case 'reminder':
        return grant.state === 'awaiting-approval' && !isReminded(grant) ? [grant.remindAt ?? null] : [];
      case 'approval':
        return grant.state === 'awaiting-approval' && isReminded(grant) ? [grant.deadline] : [];
      case 'provision':
        return grant.state === 'provisioning' ? [enteredAt(grant)] : [];
      case 'window':
        return grant.state === 'open' ? [grant.windowEnds] : [];
      case 'archive':
        return ['closed', 'expired', 'revoked'].includes(grant.state) ? [enteredAt(grant)] : [];
      case 'release':
        return (['denied', 'lapsed', 'withdrawn', 'failed'].includes(grant.state) ||
          (grant.state === 'refused' && grant.emergencyAsked !== undefined)) &&
          unreleased.has(grant.requestId)
          ? [enteredAt(grant)]
          : [];
      case 'notice':
        return noticesOf(grant.requestId).map(({ at }) => at);
      case 'copy':
        return openingsOf(grant.requestId).map((one) =>
          one.state === 'deleted' ? (one.lateUntil ?? null) : one.deleteAt,
        );
    }
  }

  return {
    seed(grant) {
      grants.set(grant.requestId, structuredClone(grant));
      unreleased.add(grant.requestId);
    },
    notes: (subject) => structuredClone(chains.get(subject) ?? []),

    async create(grant: NewAccessGrant, draft) {
      const there = grants.get(grant.requestId);
      if (there !== undefined) return structuredClone(there);
      const chain = append(subjectOf(grant.requestId), 'request-made', EMPTY_CHAIN, draft);
      const row: AccessGrant = { ...structuredClone(grant), version: 1, chain };
      grants.set(row.requestId, row);
      return structuredClone(row);
    },
    async read(requestId) {
      return structuredClone(grants.get(requestId) ?? null);
    },
    async move(grant, transition, changes, draft, stepUp) {
      return move(grant, transition, changes, draft, null, stepUp);
    },
    async provision(grant, changes, draft, reservation) {
      return move(grant, 'provision', changes, draft, reservation);
    },
    async breakGlass(grant, transition, changes, draft, emergency, stepUp) {
      return move(grant, transition, changes, draft, null, stepUp, emergency);
    },
    emergencies: {
      uses: async (person, part, months, butFor) =>
        Math.max(
          0,
          ...months.map((month) => [...usesOf(person, part, month)].filter((id) => id !== butFor).length),
        ),
    },
    counts: {
      read: async (requester, guestIds, months) =>
        months.flatMap((month) =>
          [...new Set(guestIds)].map((guestId) => structuredClone(countOf(requester, guestId, month))),
        ),
    },
    async issue(grant, opening, draft) {
      const there = openings.get(keyOf(opening));
      if (there?.state !== 'preparing' || there.copyKey !== opening.copyKey) return { outcome: 'stale' };
      const result = move(grant, 'open', { opened: grant.opened + 1 }, draft);
      if (result.outcome === 'moved') openings.set(keyOf(opening), { ...opening, state: 'issued' });
      return result;
    },
    async prepare(grant, opening, stepUp) {
      if (openings.has(keyOf(opening)) || grants.get(grant.requestId)?.version !== grant.version) {
        return { outcome: 'stale' };
      }
      const preparing = openingsOf(grant.requestId).filter(({ state }) => state === 'preparing');
      if (preparing.length >= grant.opens - grant.opened) return { outcome: 'none-left' };
      if (stepUp !== undefined && !use(stepUp)) return { outcome: 'stale' };
      openings.set(keyOf(opening), structuredClone(opening));
      return { outcome: 'prepared', opening: structuredClone(opening) };
    },
    async rendered(opening, copy) {
      const there = openings.get(keyOf(opening));
      if (there?.state !== 'preparing' || there.copyKey !== opening.copyKey) return 'not-bound';
      openings.set(keyOf(opening), { ...there, ...copy });
      return 'bound';
    },
    async opening(requestId, openingId) {
      return structuredClone(openings.get(keyOf({ requestId, openingId })) ?? null);
    },
    async openings(requestId) {
      return structuredClone(openingsOf(requestId));
    },
    async copyDeleted(opening, draft) {
      const there = openings.get(keyOf(opening));
      if (there === undefined || there.state === 'deleted') return;
      const lateUntil = new Date(draft.at.getTime() + LATE_COPY_SECONDS * 1000).toISOString();
      openings.set(keyOf(opening), { ...there, state: 'deleted', lateUntil });
      note(`copies/${opening.requestId}`, 'copy-deleted', draft);
    },
    async lateCopiesCleared(opening, draft) {
      const { lateUntil, ...there } = openings.get(keyOf(opening)) ?? opening;
      if (lateUntil === undefined || lateUntil !== opening.lateUntil) return;
      openings.set(keyOf(opening), there);
      if (draft !== null) note(`copies/${opening.requestId}`, 'copy-deleted', draft);
    },
    async note(subject, type, draft) {
      note(subject, type, draft);
    },
    async events(requestId) {
      return structuredClone(chainOf(subjectOf(requestId)));
    },
    async keepToken(requestId, gate, token) {
      tokens.set(`${requestId} ${gate}`, { gate, token });
    },
    async tokens(requestId) {
      return [...tokens].filter(([key]) => key.startsWith(`${requestId} `)).map(([, kept]) => ({ ...kept }));
    },
    async dropToken(requestId, gate) {
      tokens.delete(`${requestId} ${gate}`);
    },
    async released(requestId) {
      unreleased.delete(requestId);
    },
    async noticesDue(requestId) {
      return structuredClone(noticesOf(requestId));
    },
    async noticeSent(notice) {
      notices.delete(noticeKey(notice));
    },
    async due(kind, now) {
      return [...grants.values()]
        .filter((grant) => dueAt(kind, grant).some((at) => at !== null && at <= now.toISOString()))
        .map((grant) => grant.requestId);
    },
    async byRequester(personId) {
      return newestFirst([...grants.values()].filter((grant) => grant.requester === personId));
    },
    async byHotel(hotel, year) {
      return newestFirst(
        [...grants.values()].filter(
          (grant) => grant.hotels.includes(hotel) && grant.requestedAt.startsWith(String(year)),
        ),
      );
    },
    async registerPage(hotel, year, before) {
      const place = ({ requestedAt, requestId }: { requestedAt: string; requestId: string }) =>
        `${requestedAt}#${requestId}`;
      const behind = (await this.byHotel(hotel, year)).filter(
        (grant) => before === null || place(grant) < place(before),
      );
      const found = behind.slice(0, LIMITS.listedRequests);
      const last = found.at(-1);
      return {
        found,
        next:
          behind.length > found.length && last !== undefined
            ? { requestedAt: last.requestedAt, requestId: last.requestId }
            : null,
      };
    },
  };
}

function subjectOf(requestId: string): string {
  return `request/${requestId}`;
}

function noticeKey({ requestId, kind }: Notice): string {
  return `${requestId} ${kind}`;
}

function keyOf({ requestId, openingId }: { requestId: string; openingId: string }): string {
  return `${requestId} ${openingId}`;
}

function chainHead({ chain: { sequence, digest } }: AccessGrant): ChainHead {
  return { sequence, digest: digest !== null && isDigest(digest) ? digest : null };
}

function newestFirst(grants: AccessGrant[]): AccessGrant[] {
  return structuredClone(grants).sort((a, b) => (a.requestedAt < b.requestedAt ? 1 : -1));
}

function isReminded({ remindAt, remindedAt }: AccessGrant): boolean {
  return remindAt === undefined || remindedAt !== undefined;
}
