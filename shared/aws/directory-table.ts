import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { conductSchema, lockOf, newConduct } from '../domain/conduct.ts';
import { joinedPeople } from '../domain/dated-people.ts';
import { type Person, personSchema } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import { type Shift, shiftSchema } from '../domain/shift.ts';
import type { Directory, PersonWithSuperiors } from '../ports/directory.ts';
import { conductKey } from './conduct-table.ts';
import { type Row, type RowKey, tableReader } from './table-reader.ts';

const reference = z.object({ personId: z.string() });
const above = z.object({ superiors: z.array(z.string()).optional() });
const shifts = z.object({ shifts: z.array(shiftSchema) });
const clients = z.object({ guests: z.array(z.string()) });
const reporting = z.object({ changing: z.string().nullable() });
const LONGEST_CHAIN = 32;

/** Says whether managers are being changed: the superiors on people's rows are then not yet those of now. */
const REPORTING_KEY = { pk: 'REPORTING', sk: 'STATE' } as const;

/** The directory table, read consistently: what somebody may do is what it says now. */
export function directoryTable(table: string, dynamo: DynamoDBDocumentClient): Directory {
  const reader = tableReader(table, dynamo);

  async function byId(personId: string): Promise<Person | null> {
    const rows = await reader.getAll([profileKey(personId), conductKey(personId)]);
    return withLocks(rows)[0]?.person ?? null;
  }

  async function listed(pk: string): Promise<Person[]> {
    const items = await reader.list({ condition: 'pk = :pk', values: { ':pk': pk } });
    const keys = items.map((item) => profileKey(reference.parse(item).personId));
    return (await reader.getAll(keys)).map((item) => personSchema.parse(item));
  }

  async function managersAbove(person: Person): Promise<string[]> {
    const found: string[] = [];
    let next = person.manager;
    while (next !== null && !found.includes(next) && found.length < LONGEST_CHAIN) {
      found.push(next);
      next = (await byId(next))?.manager ?? null;
    }
    return found;
  }

  return {
    async personIdOf(issuer: string, subject: string): Promise<string | null> {
      const item = await reader.get({ pk: `SUBJECT#${issuer}#${subject}`, sk: 'PERSON' });
      return item === null ? null : reference.parse(item).personId;
    },
    byId,
    async peopleWithSuperiors(personIds: readonly string[]): Promise<Map<string, PersonWithSuperiors>> {
      const keys = [...new Set(personIds)].flatMap((id) => [profileKey(id), conductKey(id)]);
      const rows = await reader.getAll([REPORTING_KEY, ...keys]);
      // While managers are being changed, the superiors on a row may be those of before: then the chain is walked, and those
      // of before count too, until the row says when they ceased (A1).
      const changing = rows.some(
        (row) => row['pk'] === REPORTING_KEY.pk && reporting.parse(row).changing !== null,
      );
      const found = withLocks(rows).map(({ person, row }) => ({ person, kept: above.parse(row).superiors }));
      const people = new Map<string, PersonWithSuperiors>();
      for (const { person, kept } of found) {
        const walked = changing || kept === undefined ? await managersAbove(person) : [];
        people.set(person.personId, { person, superiors: [...new Set([...walked, ...(kept ?? [])])] });
      }
      return people;
    },
    // The row of a role may outlive it: what the profile says counts.
    async holding(role: Role): Promise<Person[]> {
      const people = await listed(`ROLE#${role}`);
      return people.filter(({ roles }) => roles.some((held) => held.role === role));
    },
    withAccounts: () => listed('ACCOUNTS'),
    async shiftsOf(personId: string): Promise<Shift[]> {
      const item = await reader.get({ pk: `PERSON#${personId}`, sk: 'SHIFTS' });
      return item === null ? [] : shifts.parse(item).shifts;
    },
    async clientsOf(personId: string): Promise<string[]> {
      const item = await reader.get({ pk: `PERSON#${personId}`, sk: 'CLIENTS' });
      return item === null ? [] : clients.parse(item).guests;
    },
  };
}

/**
 * The people of these rows, each with the locks that the row of conduct beside the profile says (R9), and with whoever opened
 * the account among those who let the person act (A1).
 */
function withLocks(rows: readonly Row[]): { person: Person; row: Row }[] {
  const isConduct = ({ sk }: Row) => sk === 'CONDUCT';
  const conducts = rows.filter(isConduct).map((row) => conductSchema.parse(row));
  return rows
    .filter(({ sk }) => sk === 'PROFILE')
    .map((row) => {
      const person = personSchema.parse(row);
      const conduct =
        conducts.find(({ personId }) => personId === person.personId) ?? newConduct(person.personId);
      const enablers = joinedPeople(person.enablers, conduct.unlockedBy);
      return { person: { ...person, lock: lockOf(conduct), enablers }, row };
    });
}

/** The row of a person; `conductKey` is of the one that says which locks stand. */
export function profileKey(personId: string): RowKey {
  return { pk: `PERSON#${personId}`, sk: 'PROFILE' };
}
