import type { LegalHold } from '../domain/legal-hold.ts';
import type { StepUpUse } from '../domain/step-up.ts';
import type { EventDraft } from './grant-store.ts';

/** Legal holds (cases table). A change of state is one transaction with its event. */
export type HoldStore = {
  /** Writes the hold in `placing`, with the event `hold-placed`. */
  create(hold: LegalHold, event: EventDraft): Promise<void>;
  read(holdId: string): Promise<LegalHold | null>;
  /** Holds on a guest, whatever their state. */
  ofGuest(guestId: string): Promise<LegalHold[]>;
  /** Every hold that is not released, and with `released` those too; most recent first. */
  list(options?: { released: boolean }): Promise<LegalHold[]>;
  /** Adds a guest who turned out to be the same person, with the event `hold-placed`; nothing where it is there already. */
  extend(hold: LegalHold, guestId: string, event: EventDraft): Promise<void>;
  /** `placing` → `active`, once every key has it. */
  placed(holdId: string): Promise<void>;
  /**
   * To `releasing`, with the event `hold-released`, using up the step-up that it rests on; `stale` where it is in no state
   * to be released, or the step-up was used already.
   */
  release(
    hold: LegalHold,
    release: NonNullable<LegalHold['release']>,
    event: EventDraft,
    stepUp: StepUpUse,
  ): Promise<'releasing' | 'stale'>;
  /** `releasing` → `released`, once no key has it. */
  released(holdId: string): Promise<void>;
};
