import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Person, personSchema } from '../domain/person.ts';
import type { Role } from '../domain/roles.ts';
import type { Directory } from '../ports/directory.ts';

const reference = z.object({ personId: z.string() });
const LONGEST_CHAIN = 32;

/** The directory table, read consistently: what somebody may do is what it says now. */
export function directoryTable(table: string, dynamo: DynamoDBDocumentClient): Directory {
  async function byId(personId: string): Promise<Person | null> {
    const { Item } = await dynamo.send(
      new GetCommand({
        TableName: table,
        Key: { pk: `PERSON#${personId}`, sk: 'PROFILE' },
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? null : personSchema.parse(Item);
  }

  async function listed(pk: string): Promise<Person[]> {
    const ids: string[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      ids.push(...(page.Items ?? []).map((item) => reference.parse(item).personId));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return profiles(ids);
  }

  async function profiles(ids: string[]): Promise<Person[]> {
    const people: Person[] = [];
    for (let at = 0; at < ids.length; at += 100) {
      let keys = ids.slice(at, at + 100).map((id) => ({ pk: `PERSON#${id}`, sk: 'PROFILE' }));
      while (keys.length > 0) {
        const page = await dynamo.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
        );
        people.push(...(page.Responses?.[table] ?? []).map((item) => personSchema.parse(item)));
        keys = (page.UnprocessedKeys?.[table]?.Keys ?? []).map((key) =>
          z.object({ pk: z.string(), sk: z.string() }).parse(key),
        );
      }
    }
    return people;
  }

  return {
    async bySubject(issuer: string, subject: string): Promise<Person | null> {
      const { Item } = await dynamo.send(
        new GetCommand({
          TableName: table,
          Key: { pk: `SUBJECT#${issuer}#${subject}`, sk: 'PERSON' },
          ConsistentRead: true,
        }),
      );
      return Item === undefined ? null : byId(reference.parse(Item).personId);
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
