import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Person } from '../domain/person.ts';
import type { Row, RowKey } from './table-reader.ts';

/** BatchWriteItem takes at most so many rows (Amazon DynamoDB API reference). */
const ROWS_AT_ONCE = 25;

/** How an issuer of tokens names somebody: its `iss` and `sub`. */
export type Login = { issuer: string; subject: string };

/** The rows by which the directory finds a person: by id, by role, among those with platform accounts, and by login. */
export function directoryRows(person: Person, login?: Login): (Row & RowKey)[] {
  const { personId } = person;
  return [
    { pk: `PERSON#${personId}`, sk: 'PROFILE', ...person },
    ...person.roles.map(({ role }) => ({ pk: `ROLE#${role}`, sk: `PERSON#${personId}`, personId })),
    ...(person.accounts.length > 0 ? [{ pk: 'ACCOUNTS', sk: `PERSON#${personId}`, personId }] : []),
    ...(login === undefined
      ? []
      : [{ pk: `SUBJECT#${login.issuer}#${login.subject}`, sk: 'PERSON', personId }]),
  ];
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
