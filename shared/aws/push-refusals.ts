import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { CustodyLog } from './custody-log.ts';
import { type RowKey, tableReader } from './table-reader.ts';

const rowSchema = z.object({ minute: z.string() });

/**
 * One custody event a minute at most for the refused pushes of a channel, whatever their number, so that nobody on the
 * internet can fill the log. `subject` is the channel's, or `channel/unknown` for all that there are not.
 */
export function pushRefusals(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog) {
  const reader = tableReader(table, dynamo);
  // What this process knows of the present minute needs no row.
  const noted = new Map<string, string>();

  return { note };

  async function note(subject: string, reason: string, at: Date): Promise<void> {
    const minute = at.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length);
    if (noted.get(subject) === minute) return;
    const key: RowKey = { pk: `PUSHED#${subject}`, sk: 'REFUSED' };
    const item = await reader.get(key);
    if (item === null || rowSchema.parse(item).minute < minute)
      await record(subject, reason, at, minute, key);
    // Only now: where the event could not be written, the next refusal tries again.
    noted.set(subject, minute);
  }

  /** Where another process was first, its event stands for this minute. */
  async function record(subject: string, reason: string, at: Date, minute: string, key: RowKey) {
    await custody.record(
      subject,
      'push-refused',
      { at, actor: 'function:push', data: { reason, atMostOneA: 'minute' } },
      [
        {
          Put: {
            TableName: table,
            Item: { ...key, minute },
            ConditionExpression: 'attribute_not_exists(pk) OR #minute < :minute',
            ExpressionAttributeNames: { '#minute': 'minute' },
            ExpressionAttributeValues: { ':minute': minute },
          },
        },
      ],
    );
  }
}
export type PushRefusals = ReturnType<typeof pushRefusals>;
