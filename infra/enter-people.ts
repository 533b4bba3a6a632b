import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { directoryRows, putDirectoryRows, superiorsAmong } from '../shared/aws/directory-rows.ts';
import { personSchema } from '../shared/domain/person.ts';

/*
 * Enters the first people of a deployment in its directory, with the administrator's own AWS credentials: nobody can
 * sign in before somebody is there. It writes what the file says over what stands; it takes no one out.
 */

const USAGE = `npm run people -- --file people.json --table <DirectoryTable> --issuer <TokenIssuer>
  DirectoryTable and TokenIssuer are outputs of the stacks. people.json is a list of
  ${JSON.stringify({ personId: 'p_…', subject: 'the sub of the person’s tokens', username: '…', displayName: '…', department: '…', hotel: 'SHA01', manager: null, active: true, roles: [{ role: 'legal', hotels: '*', grantedBy: 'p_…', since: '2026-01-01T00:00:00Z' }], accounts: [] })}
`;

const entrySchema = personSchema.extend({ subject: z.string().min(1) });

/** The people of a file. Throws with the path of what is wrong; two people of one id or subject are refused. */
export function readPeople(text: string): z.infer<typeof entrySchema>[] {
  const people = z.array(entrySchema).min(1).parse(JSON.parse(text));
  for (const key of ['personId', 'subject', 'username'] as const) {
    const twice = people.find((person, at) => people.findIndex((one) => one[key] === person[key]) !== at);
    if (twice !== undefined) throw new Error(`two people have the ${key} of ${twice.personId}`);
  }
  return people;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { file: { type: 'string' }, table: { type: 'string' }, issuer: { type: 'string' } },
  });
  const { file, table, issuer } = values;
  if (file === undefined || table === undefined || issuer === undefined) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  try {
    const people = readPeople(readFileSync(file, 'utf8'));
    const superiors = superiorsAmong(people);
    const rows = people.flatMap(({ subject, ...person }) => {
      const above = superiors.get(person.personId);
      return directoryRows(person, {
        login: { issuer, subject },
        // Of whoever is under somebody who isn't in the file, the chain is walked when it is asked for.
        ...(above === undefined ? {} : { superiors: above }),
      });
    });
    await putDirectoryRows(rows, table, DynamoDBDocumentClient.from(new DynamoDBClient({})));
    process.stdout.write(`${people.length} 人已录入 people entered\n`);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    process.stderr.write(`${file}: ${reason}\n${USAGE}`);
    process.exitCode = 1;
  }
}
