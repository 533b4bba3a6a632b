import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Person, personSchema } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import type { Directory } from '../ports/directory.ts';
import { tableReader } from './table-reader.ts';

const reference = z.object({ personId: z.string() });
const LONGEST_CHAIN = 32;

/** The directory table, read consistently: what somebody may do is what it says now. */
export function directoryTable(table: string, dynamo: DynamoDBDocumentClient): Directory {
  const reader = tableReader(table, dynamo);

  async function byId(personId: string): Promise<Person | null> {
    const item = await reader.get(profileKey(personId));
    return item === null ? null : personSchema.parse(item);
  }

  async function listed(pk: string): Promise<Person[]> {
    const items = await reader.list({ condition: 'pk = :pk', values: { ':pk': pk } });
    const keys = items.map((item) => profileKey(reference.parse(item).personId));
    return (await reader.getAll(keys)).map((item) => personSchema.parse(item));
  }

  return {
    async bySubject(issuer: string, subject: string): Promise<Person | null> {
      const item = await reader.get({ pk: `SUBJECT#${issuer}#${subject}`, sk: 'PERSON' });
      return item === null ? null : byId(reference.parse(item).personId);
    },
    byId,
    async managersAbove(person: Person): Promise<string[]> {
      const above: string[] = [];
      let next = person.manager;
      while (next !== null && !above.includes(next) && above.length < LONGEST_CHAIN) {
        above.push(next);
        next = (await byId(next))?.manager ?? null;
      }
      return above;
    },
    holding: (role: Role) => listed(`ROLE#${role}`),
    withAccounts: () => listed('ACCOUNTS'),
  };
}

function profileKey(personId: string) {
  return { pk: `PERSON#${personId}`, sk: 'PROFILE' };
}
