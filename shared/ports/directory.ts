import type { Person } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import type { Shift } from '../domain/shift.ts';

/** Somebody, and the person ids of everyone above them, nearest first. */
export type PersonWithSuperiors = { person: Person; superiors: string[] };

/** Who people are and what they may do, read consistently at each decision. */
export type Directory = {
  /** Whom this token's issuer and subject stand for: the person id. */
  personIdOf(issuer: string, subject: string): Promise<string | null>;
  /** With the locks that stand against the person (R9). */
  byId(personId: string): Promise<Person | null>;
  /**
   * Several people at once with everyone above them, by person id: one call of AWS for up to fifty. Whoever the
   * directory doesn't have is missing.
   */
  peopleWithSuperiors(personIds: readonly string[]): Promise<Map<string, PersonWithSuperiors>>;
  holding(role: Role): Promise<Person[]>;
  /** People whose platform accounts are known, to match staff participants of records. */
  withAccounts(): Promise<Person[]>;
  /** The shifts of a person, by their beginning; those that ended long ago are no longer kept. */
  shiftsOf(personId: string): Promise<Shift[]>;
  /** The guests who are an account manager's own accounts (T6): guest ids as the records table has them. */
  clientsOf(personId: string): Promise<string[]>;
};
