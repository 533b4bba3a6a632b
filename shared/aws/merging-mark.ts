import {
  type DynamoDBDocumentClient,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { conditional } from './guest-key-changes.ts';
import { recordsKeys } from './records-index.ts';
import { tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const rowSchema = z.object({ version: z.number() });

/**
 * A guest's `MERGING` row: a version that is odd while blocks of the guest are being merged and moves with every step, so
 * that whoever reads them meanwhile sees that they are to be read again.
 */
export function mergingMark(table: string, dynamo: DynamoDBDocumentClient) {
  const reader = tableReader(table, dynamo);

  /** To the next version, unless it is odd, or even, already: a process died before its next step, or another took this one. */
  async function step(guestId: string, to: 'odd' | 'even'): Promise<void> {
    const key = recordsKeys.merging(guestId);
    const item = await reader.get(key);
    const version = item === null ? 0 : rowSchema.parse(item).version;
    if ((version % 2 === 1) === (to === 'odd')) return;
    await conditional(
      writeRow(
        dynamo,
        new UpdateCommand({
          TableName: table,
          Key: key,
          UpdateExpression: 'SET #version = :next',
          ConditionExpression:
            to === 'odd' ? 'attribute_not_exists(pk) OR #version = :version' : '#version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': version, ':next': version + 1 },
        }),
      ),
      'stepped',
      'another did',
    );
  }

  return {
    /** Blocks of this guest are about to be merged. */
    begin: (guestId: string) => step(guestId, 'odd'),
    /** Nothing of this guest is being merged. */
    settle: (guestId: string) => step(guestId, 'even'),
    /** The blocks were exchanged: an item of the transaction that does it. */
    moved: (guestId: string): TransactItem => ({
      Update: {
        TableName: table,
        Key: recordsKeys.merging(guestId),
        UpdateExpression: 'ADD #version :one',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':one': 1 },
      },
    }),
  };
}
