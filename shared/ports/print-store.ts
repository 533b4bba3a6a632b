import type { AccessGrant } from '../domain/access-grant.ts';
import type { Print, PrintEnding } from '../domain/print.ts';
import type { EventDraft } from './grant-store.ts';

/**
 * Prints of what was opened (R13). Each change is one transaction: the print's row, how many prints are out in the register,
 * and the event on the chain `prints/REQUEST`.
 */
export type PrintStore = {
  /** By their numbers. */
  ofRequest(requestId: string): Promise<Print[]>;
  /** `number-taken`: another print came first; `seal-used`: a print of this request bears it. */
  add(grant: AccessGrant, print: Print, event: EventDraft): Promise<'added' | 'number-taken' | 'seal-used'>;
  /** `not-out`: it has ended already. */
  end(
    grant: AccessGrant,
    print: Print,
    ending: PrintEnding,
    ended: NonNullable<Print['ended']>,
    event: EventDraft,
  ): Promise<'ended' | 'not-out'>;
};
