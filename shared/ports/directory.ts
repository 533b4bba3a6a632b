import type { Person } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';

/** Who people are and what they may do, read consistently at each decision. */
export type Directory = {
  /** The person that this token's issuer and subject stand for. */
  bySubject(issuer: string, subject: string): Promise<Person | null>;
  byId(personId: string): Promise<Person | null>;
  /** Managers above a person, nearest first; stops at a cycle. */
  managersAbove(person: Person): Promise<string[]>;
  holding(role: Role): Promise<Person[]>;
  /** People whose platform accounts are known, to match staff participants of records. */
  withAccounts(): Promise<Person[]>;
};
