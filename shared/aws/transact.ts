import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';

export const ROW_CHANGED = Symbol('row-changed');

/** `done`, or the indexes of the items whose conditions failed (or that another transaction was writing). */
export type TransactOutcome = 'done' | { [ROW_CHANGED]: number[] };

/**
 * One transaction. A failed condition is a value, since another's write coming first is expected; anything else throws.
 */
export async function transact(
  dynamo: DynamoDBDocumentClient,
  items: NonNullable<TransactWriteCommandInput['TransactItems']>,
): Promise<TransactOutcome> {
  try {
    await dynamo.send(new TransactWriteCommand({ TransactItems: items }));
    return 'done';
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const failed = (error.CancellationReasons ?? []).flatMap((reason, index) =>
      reason.Code === 'ConditionalCheckFailed' || reason.Code === 'TransactionConflict' ? [index] : [],
    );
    if (failed.length === 0) throw error;
    return { [ROW_CHANGED]: failed };
  }
}
