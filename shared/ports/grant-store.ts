import type { AccessGrant, NewAccessGrant, Opening } from '../domain/access-grant.ts';
import type { CustodyEvent, CustodyEventType } from '../domain/custody-event.ts';
import type { Transition } from '../domain/request-states.ts';

/** Where the workflow waits for people: one gate for each role of the route, and one for the end of the grant. */
export type Gate = `approval:${string}` | 'end';

export type EventDraft = { at: Date; actor: string; data: CustodyEvent['data'] };

/** `stale`: the row changed since it was read, or its state doesn't allow the transition; read again and decide again. */
export type MoveResult = { outcome: 'moved'; grant: AccessGrant } | { outcome: 'stale' };

/** What `find` lists requests by; used to find, never to decide (decisions read the row itself, consistently). */
export type DueKind = 'start' | 'approval' | 'provision' | 'window' | 'release' | 'archive' | 'copy';

/** Requests, approvals, access grants, openings. Every change is one transaction with its custody event. */
export type GrantStore = {
  create(grant: NewAccessGrant, event: EventDraft): Promise<AccessGrant>;
  /** Consistent read of the base table; null where there is none. */
  read(requestId: string): Promise<AccessGrant | null>;
  /** One transaction: the row (conditional on its version and on the transition's prior states), its event, the register. */
  move(
    grant: AccessGrant,
    transition: Transition,
    changes: Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>,
    event: EventDraft,
  ): Promise<MoveResult>;
  /** Counts one opening: `move(…, 'open')` plus the opening's row going from `preparing` to `issued`, in one transaction. */
  issue(grant: AccessGrant, opening: Opening, event: EventDraft): Promise<MoveResult>;
  /** Creates the opening's row in `preparing`, or returns the one that is there. */
  prepare(opening: Opening): Promise<Opening>;
  rendered(opening: Opening, copyDigest: string): Promise<void>;
  opening(requestId: string, openingId: string): Promise<Opening | null>;
  openings(requestId: string): Promise<Opening[]>;
  /** The opening's row and the event `copy-deleted` (chain `copies/ID`) in one transaction; harmless once it is done. */
  copyDeleted(opening: Opening, event: EventDraft): Promise<void>;
  /** An attempt that changed nothing (a refusal, a look at a request): its own event on the chain `attempts/ID`. */
  note(subject: string, type: CustodyEventType, event: EventDraft): Promise<void>;
  events(requestId: string): Promise<CustodyEvent[]>;
  keepToken(requestId: string, gate: Gate, token: string): Promise<void>;
  tokens(requestId: string): Promise<{ gate: Gate; token: string }[]>;
  dropToken(requestId: string, gate: Gate): Promise<void>;
  /** What follows from an end without an archive was done: nothing is due in its row any longer. */
  released(requestId: string): Promise<void>;
  /** Ids of requests with something due at `now`, oldest first. */
  due(kind: DueKind, now: Date): Promise<string[]>;
  /** Most recent first. */
  byRequester(personId: string): Promise<AccessGrant[]>;
  byHotel(hotel: string, year: number): Promise<AccessGrant[]>;
};
