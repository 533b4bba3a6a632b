import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { backOff, REAL_WAITING, type Waiting } from './back-off.ts';

/** Writes met others' transactions on the same rows each time. None of it was written. */
export class WriteConflictError extends Error {
  override name = 'WriteConflictError';
}

/** Attempts at a write that meets others' transactions; with the pauses between them about three seconds on average. */
const ATTEMPTS = 14;

/**
 * Writes again while `metOthers` says that an attempt failed for being in another's way: DynamoDB cancels, and the SDK
 * doesn't retry, whatever names a row of a transaction under way (DynamoDB Developer Guide, Transactional conflicts).
 * That says nothing about the rows, and nothing was written. Throws WriteConflictError when it never ends.
 */
export async function writeThroughConflicts<Result>(
  write: () => Promise<Result>,
  metOthers: (error: unknown) => boolean,
  waiting: Waiting = REAL_WAITING,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!metOthers(error)) throw error;
      if (attempt === ATTEMPTS) {
        throw new WriteConflictError('The rows were under other transactions each time', { cause: error });
      }
    }
    await backOff(attempt, waiting);
  }
}

/** One row's write. A condition that fails throws ConditionalCheckFailedException; see `conditional`. */
export async function writeRow(
  dynamo: DynamoDBDocumentClient,
  command: PutCommand | UpdateCommand | DeleteCommand,
  waiting?: Waiting,
): Promise<void> {
  await writeThroughConflicts(
    async () => {
      if (command instanceof PutCommand) await dynamo.send(command);
      else if (command instanceof DeleteCommand) await dynamo.send(command);
      else await dynamo.send(command);
    },
    (error) => error instanceof TransactionConflictException,
    waiting,
  );
}
