import type { Case, CaseKind, CaseOf } from '../domain/case.ts';
import type { EventDraft } from './grant-store.ts';

/** The hotel's complaints, disputes, plans, matters, instruments, agreements …, read consistently at each decision. */
export type Cases = {
  /** The case of this kind and file number; null where none is on file. */
  read<Kind extends CaseKind>(kind: Kind, reference: string): Promise<CaseOf<Kind> | null>;
  /** Every case that names, or once named, one of these guests. */
  ofGuests(guestIds: readonly string[]): Promise<Case[]>;
  /** Transfer mechanisms on file for this person (A3). */
  transfersTo(personId: string): Promise<CaseOf<'transfer'>[]>;
};

/** A case as it stands, and how often it was written. */
export type FiledCase = { filed: Case; version: number };

/** The cases as whoever keeps them writes them. */
export type CaseStore = Cases & {
  filed(kind: CaseKind, reference: string): Promise<FiledCase | null>;
  /** Every case of a kind, by its number. */
  list(kind: CaseKind): Promise<Case[]>;
  /** Puts `next` in the place of `prior` (null: there is none) with its event; `stale`: something else stands there. */
  file(next: Case, prior: FiledCase | null, event: EventDraft): Promise<'filed' | 'stale'>;
};
