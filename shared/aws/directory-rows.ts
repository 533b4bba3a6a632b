import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Login } from '../domain/directory-entry.ts';
import type { Person } from '../domain/person.ts';
import type { Shift } from '../domain/shift.ts';
import { loginKey } from '../ports/directory-changes.ts';
import type { Row, RowKey } from './table-reader.ts';

/** BatchWriteItem takes at most so many rows (Amazon DynamoDB API reference). */
const ROWS_AT_ONCE = 25;

export const directoryKeys = {
  profile: (personId: string): RowKey => ({ pk: `PERSON#${personId}`, sk: 'PROFILE' }),
  shifts: (personId: string): RowKey => ({ pk: `PERSON#${personId}`, sk: 'SHIFTS' }),
  clients: (personId: string): RowKey => ({ pk: `PERSON#${personId}`, sk: 'CLIENTS' }),
  role: (role: string, personId: string): RowKey => ({ pk: `ROLE#${role}`, sk: `PERSON#${personId}` }),
  accounts: (personId: string): RowKey => ({ pk: 'ACCOUNTS', sk: `PERSON#${personId}` }),
  report: (manager: string, personId: string): RowKey => ({
    pk: `TEAM#${manager}`,
    sk: `PERSON#${personId}`,
  }),
  username: (username: string): RowKey => ({ pk: `USERNAME#${username}`, sk: 'PERSON' }),
  subject: (login: Login): RowKey => ({ pk: `SUBJECT#${loginKey(login)}`, sk: 'PERSON' }),
  /** Says whether managers are being changed: the superiors on people's rows are then not yet those of now. */
  reporting: { pk: 'REPORTING', sk: 'STATE' },
} as const;

/** What the directory may know of somebody besides the person. */
export type Beside = {
  login?: Login;
  /** Everyone above, nearest first; where it isn't given, whoever asks walks the chain. */
  superiors?: readonly string[];
  shifts?: readonly Shift[];
};

/**
 * The rows by which the directory finds a person: by id, by role, among those with platform accounts, by manager, by
 * username and by login. What conduct has led to (`lock`) is another row's.
 */
export function directoryRows(person: Person, beside: Beside = {}): (Row & RowKey)[] {
  const { personId } = person;
  const { login, superiors, shifts } = beside;
  const roles = [...new Set(person.roles.map(({ role }) => role))];
  return [
    {
      ...directoryKeys.profile(personId),
      ...person,
      ...(login === undefined ? {} : { login }),
      ...(superiors === undefined ? {} : { superiors }),
    },
    ...(shifts === undefined ? [] : [{ ...directoryKeys.shifts(personId), shifts }]),
    ...roles.map((role) => ({ ...directoryKeys.role(role, personId), personId })),
    ...(person.accounts.length > 0 ? [{ ...directoryKeys.accounts(personId), personId }] : []),
    ...(person.manager === null ? [] : [{ ...directoryKeys.report(person.manager, personId), personId }]),
    { ...directoryKeys.username(person.username), personId },
    ...(login === undefined ? [] : [{ ...directoryKeys.subject(login), personId }]),
  ];
}

/**
 * Everyone above each of these people, nearest first, where all of them are among these people; nothing of whoever is under
 * somebody else, or in a cycle.
 */
export function superiorsAmong(people: readonly Person[]): Map<string, string[]> {
  const managers = new Map(people.map(({ personId, manager }) => [personId, manager]));
  const found = new Map<string, string[]>();
  for (const { personId, manager } of people) {
    const above: string[] = [];
    let next: string | null | undefined = manager;
    while (typeof next === 'string' && !above.includes(next) && next !== personId) {
      above.push(next);
      next = managers.get(next);
    }
    if (next === null) found.set(personId, above);
  }
  return found;
}

/** Writes rows over whatever stands there. Throws where DynamoDB left some out. */
export async function putDirectoryRows(
  rows: readonly Row[],
  table: string,
  dynamo: DynamoDBDocumentClient,
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const puts = rows.slice(at, at + ROWS_AT_ONCE).map((Item) => ({ PutRequest: { Item } }));
    const { UnprocessedItems } = await dynamo.send(
      new BatchWriteCommand({ RequestItems: { [table]: puts } }),
    );
    const left = UnprocessedItems?.[table]?.length ?? 0;
    if (left > 0) throw new Error(`${left} rows of the directory were not written: run it again`);
  }
}
