import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Person, personSchema } from '../../../shared/domain/person.ts';
import { eventually } from './eventually.ts';
import { dynamo, stack, userOf } from './stack.ts';

const profile = z.looseObject({ sk: z.string() });

export async function personOf(role: string, index = 0): Promise<Person> {
  const username = userOf(role, index);
  const { Items } = await eventually(
    () => dynamo.send(new ScanCommand({ TableName: stack.tables.directory })),
    (page) => (page.Items ?? []).length > 0,
  );
  const rows = (Items ?? []).filter((item) => profile.parse(item).sk === 'PROFILE');
  const found = rows.map((row) => personSchema.parse(row)).find((person) => person.username === username);
  if (found === undefined) throw new Error(`the directory has no ${username}`);
  return found;
}

/** Changes a person's directory row for the time of `work`, as the directory's own administration would. */
export async function changed<Result>(
  person: Person,
  changes: Partial<Person>,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = { pk: `PERSON#${person.personId}`, sk: 'PROFILE' };
  const { Item } = await dynamo.send(new GetCommand({ TableName: stack.tables.directory, Key: key }));
  await dynamo.send(
    new PutCommand({
      TableName: stack.tables.directory,
      // Who is above somebody is walked where the row doesn't say.
      Item: { ...Item, ...key, ...changes, ...('manager' in changes ? { superiors: undefined } : {}) },
    }),
  );
  try {
    return await work();
  } finally {
    await dynamo.send(new PutCommand({ TableName: stack.tables.directory, Item: { ...Item, ...key } }));
  }
}
