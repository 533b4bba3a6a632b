import type { Conduct, NewLock } from '../domain/conduct.ts';
import type { CustodyEventType } from '../domain/custody-event.ts';
import type { Person } from '../domain/person.ts';
import type { StepUpUse } from '../domain/step-up.ts';
import type { EventDraft } from './grant-store.ts';

/** The refused attempt that a change of conduct stands beside: its own event, on the chain `attempts/…`. */
export type RefusedAttempt = { subject: string; event: EventDraft };

/** Rows of conduct (R9). */
export type ConductStore = {
  /** A consistent read; an empty one where nothing was ever counted. */
  read(personId: string): Promise<Conduct>;
  /**
   * One transaction: the row as it becomes (conditional on the version that was read), the events of `conduct/PERSON`,
   * the refused attempt's where there is one, and the step-up that is used up with it. `stale`: the row changed since, or
   * the step-up was used; read again, decide again.
   */
  change(
    from: Conduct,
    to: Conduct,
    events: { type: CustodyEventType; event: EventDraft }[],
    beside?: { attempt?: RefusedAttempt; stepUp?: StepUpUse },
  ): Promise<'changed' | 'stale'>;
  /** The event of a refused attempt that changes no row. */
  note(attempt: RefusedAttempt): Promise<void>;
};

/** R9, kept: what people's refusals and allowed acts do to their locks. */
export type ConductKeeping = {
  /** A refused attempt of somebody, with its one event; answers the lock that it led to, null where to none. */
  refused(person: Person, attempt: RefusedAttempt, counts: boolean): Promise<NewLock | null>;
  /** A request of somebody that check refused, which has its event already; counted once by its id. */
  requestRefused(person: Person, requestId: string, at: Date): Promise<NewLock | null>;
  /** An act that a rule allowed: the row ends. */
  allowed(personId: string): Promise<void>;
};
