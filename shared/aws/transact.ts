import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Waiting } from './back-off.ts';
import { writeThroughConflicts } from './write-through-conflicts.ts';

export const ROW_CHANGED = Symbol('row-changed');

/** `done`, or the indexes of the items whose conditions failed. */
export type TransactOutcome = 'done' | { [ROW_CHANGED]: number[] };

/**
 * One transaction. A failed condition is a value, since another's write coming first is expected. A conflict with another
 * transaction says nothing of the rows: the same is tried again, and WriteConflictError thrown where that never ends.
 */
export async function transact(
  dynamo: DynamoDBDocumentClient,
  items: NonNullable<TransactWriteCommandInput['TransactItems']>,
  waiting?: Waiting,
): Promise<TransactOutcome> {
  return writeThroughConflicts(
    async () => {
      try {
        await dynamo.send(new TransactWriteCommand({ TransactItems: items }));
        return 'done';
      } catch (error) {
        const failed = indexesOf(error, 'ConditionalCheckFailed');
        if (failed.length === 0) throw error;
        return { [ROW_CHANGED]: failed };
      }
    },
    (error) => indexesOf(error, 'TransactionConflict').length > 0,
    waiting,
  );
}

/** The items of a cancelled transaction that were cancelled for this. */
function indexesOf(error: unknown, code: 'ConditionalCheckFailed' | 'TransactionConflict'): number[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).flatMap((reason, index) => (reason.Code === code ? [index] : []));
}
