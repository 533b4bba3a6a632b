import type { Case, CaseKind, CaseOf } from '../domain/case.ts';

/** The hotel's complaints, disputes, plans, matters, instruments, agreements …, read consistently at each decision. */
export type Cases = {
  /** The case of this kind and file number; null where none is on file. */
  read<Kind extends CaseKind>(kind: Kind, reference: string): Promise<CaseOf<Kind> | null>;
  /** Every case that names one of these guests. */
  ofGuests(guestIds: readonly string[]): Promise<Case[]>;
  /** Transfer mechanisms on file for this person (A3). */
  transfersTo(personId: string): Promise<CaseOf<'transfer'>[]>;
};
