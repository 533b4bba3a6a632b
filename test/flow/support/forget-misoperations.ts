import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach } from '@jest/globals';
import { dynamo, stack } from './stack.ts';

/**
 * After each test nobody has misoperations on record (R9): all files share one stack's people, and what one test has refused
 * on purpose is no row of three for the next. Locks within one test stay what they are.
 */
afterEach(async () => {
  const rows = await dynamo.send(
    new ScanCommand({
      TableName: stack.tables.directory,
      FilterExpression: 'begins_with(pk, :conduct)',
      ExpressionAttributeValues: { ':conduct': 'CONDUCT#' },
    }),
  );
  for (const { pk, sk } of rows.Items ?? []) {
    await dynamo.send(new DeleteCommand({ TableName: stack.tables.directory, Key: { pk, sk } }));
  }
});
