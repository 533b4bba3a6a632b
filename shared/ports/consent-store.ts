import type { CollectionBasis } from '../domain/collection-basis.ts';
import type { ConsentFact } from '../domain/consent.ts';
import type { EventDraft } from './grant-store.ts';

/** Dated facts about consent (R8), and on what employees' talk is collected (R7). */
export type ConsentStore = {
  /**
   * The fact with its event; `there-already` where this very fact stands. Facts of a batch count only once it is committed:
   * whoever decides on them looks at that.
   */
  record(fact: ConsentFact, event: EventDraft): Promise<'recorded' | 'there-already'>;
  ofGuests(guestIds: readonly string[]): Promise<ConsentFact[]>;
  place(basis: CollectionBasis, event: EventDraft): Promise<void>;
  withdraw(
    basis: CollectionBasis,
    withdrawn: { by: string; at: string },
    event: EventDraft,
  ): Promise<'withdrawn' | 'stale'>;
  /** Every basis of a hotel, withdrawn ones too. */
  bases(hotel: string): Promise<CollectionBasis[]>;
};
