import type { AccessGrant, NewAccessGrant, Opening } from '../domain/access-grant.ts';
import type { CustodyEvent, CustodyEventType } from '../domain/custody-event.ts';
import type { Notice } from '../domain/notice.ts';
import type { Transition } from '../domain/request-states.ts';
import type { StepUpUse } from '../domain/step-up.ts';
import type { EmergencyUse } from './emergency-counts.ts';
import type { RetrievalReservation } from './retrieval-counts.ts';

/** Where the workflow waits for people: one gate for each role of the route, and one for the end of the grant. */
export type Gate = `approval:${string}` | 'end';

/** Where a request stands in the register: when it was made, and its id. */
export type RegisterPlace = { requestedAt: string; requestId: string };

export type EventDraft = { at: Date; actor: string; data: CustodyEvent['data'] };

/** `stale`: the row changed since it was read, or its state doesn't allow the transition; read again and decide again. */
export type MoveResult = { outcome: 'moved'; grant: AccessGrant } | { outcome: 'stale' };

/**
 * `stale`: the grant's row, or what is being prepared, changed meanwhile, or this opening is there already: read again,
 * decide again. `none-left`: as many openings are being prepared as are left.
 */
export type PrepareResult =
  | { outcome: 'prepared'; opening: Opening }
  | { outcome: 'stale' }
  | { outcome: 'none-left' };

/** What `find` lists requests by; used to find, never to decide (decisions read the row itself, consistently). */
export type DueKind =
  | 'start'
  | 'answer'
  | 'reminder'
  | 'approval'
  | 'provision'
  | 'window'
  | 'emergency'
  | 'release'
  | 'archive'
  | 'copy'
  | 'notice';

/**
 * Requests, approvals, access grants, openings. Every change is one transaction with its custody event, and with the notices
 * that follow from it (shared/domain/notices-after.ts), which are due from then on.
 */
export type GrantStore = {
  create(grant: NewAccessGrant, event: EventDraft): Promise<AccessGrant>;
  /** Consistent read of the base table; null where there is none. */
  read(requestId: string): Promise<AccessGrant | null>;
  /**
   * One transaction: the row (conditional on its version and on the transition's prior states), its event, the register,
   * and the step-up that it rests on, which is used up with it (`stale` where it was used, or its device revoked).
   */
  move(
    grant: AccessGrant,
    transition: Transition,
    changes: Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>,
    event: EventDraft,
    stepUp?: StepUpUse,
  ): Promise<MoveResult>;
  /**
   * `move(…, 'provision')` with what the grant counts for (R4), in one transaction: `stale` too where those rows changed since
   * they were read.
   */
  provision(
    grant: AccessGrant,
    changes: Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>,
    event: EventDraft,
    reservation: RetrievalReservation | null,
  ): Promise<MoveResult>;
  /**
   * `move` of break-glass with what it counts for (L5), in one transaction: `stale` too where the month's uses are used up.
   * Refusing what was asked gives its use back, in `move`.
   */
  breakGlass(
    grant: AccessGrant,
    transition: 'ask' | 'break',
    changes: Partial<Omit<AccessGrant, 'requestId' | 'version' | 'chain' | 'state'>>,
    event: EventDraft,
    use: EmergencyUse,
    stepUp?: StepUpUse,
  ): Promise<MoveResult>;
  /**
   * Counts one opening: `move(…, 'open')` plus the opening's row going from `preparing` to `issued`, in one transaction, while
   * the device that it was asked for with is enrolled.
   */
  issue(grant: AccessGrant, opening: Opening, event: EventDraft): Promise<MoveResult>;
  /**
   * Creates the opening's row in `preparing`: while the grant is as it was read, and so long as openings are left for it.
   * Uses the step-up up in the same transaction.
   */
  prepare(grant: AccessGrant, opening: Opening, stepUp?: StepUpUse): Promise<PrepareResult>;
  /**
   * Binds this copy to the opening: the one that is linked. `not-bound`: the opening is over, or another copy was bound
   * since it was read; this one must go.
   */
  rendered(opening: Opening, copy: { copyKey: string; copyDigest: string }): Promise<'bound' | 'not-bound'>;
  opening(requestId: string, openingId: string): Promise<Opening | null>;
  openings(requestId: string): Promise<Opening[]>;
  /**
   * The opening's row and the event `copy-deleted` (chain `copies/ID`) in one transaction; harmless once it is done. No
   * copy is bound or linked from then on; the row stays due until no rendering can bring another (`lateUntil`).
   */
  copyDeleted(opening: Opening, event: EventDraft): Promise<void>;
  /** No copy of a deleted opening can come any more: nothing is due in its row. With an event where some had come. */
  lateCopiesCleared(opening: Opening, event: EventDraft | null): Promise<void>;
  /** An attempt that changed nothing (a refusal, a look at a request): its own event on the chain `attempts/ID`. */
  note(subject: string, type: CustodyEventType, event: EventDraft): Promise<void>;
  events(requestId: string): Promise<CustodyEvent[]>;
  keepToken(requestId: string, gate: Gate, token: string): Promise<void>;
  tokens(requestId: string): Promise<{ gate: Gate; token: string }[]>;
  dropToken(requestId: string, gate: Gate): Promise<void>;
  /** What follows from an end without an archive was done: nothing is due in its row any longer. */
  released(requestId: string): Promise<void>;
  /** Notices of the request that nobody has sent yet. */
  noticesDue(requestId: string): Promise<Notice[]>;
  /** It was sent, and is no longer due; harmless once it is done. */
  noticeSent(notice: Notice): Promise<void>;
  /** Ids of requests with something due at `now`, oldest first. */
  due(kind: DueKind, now: Date): Promise<string[]>;
  /** Most recent first. */
  byRequester(personId: string): Promise<AccessGrant[]>;
  byHotel(hotel: string, year: number): Promise<AccessGrant[]>;
  /**
   * A page of the register of a hotel and year, most recent first, from behind `before` on; `next`: what to ask behind for
   * the rest.
   */
  registerPage(
    hotel: string,
    year: number,
    before: RegisterPlace | null,
  ): Promise<{ found: AccessGrant[]; next: RegisterPlace | null }>;
};
