import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { SealWaiting } from '../ports/seal-waiting.ts';
import { tableReader } from './table-reader.ts';

/** The function that seals waiting messages failed. */
export class SealingFailedError extends Error {
  override name = 'SealingFailedError';
}

const answerSchema = z.object({ left: z.number() });

/** Has gather seal what waits of guests, and waits for it; it is invoked only where something waits. */
export function waitingSealer(
  table: string,
  dynamo: DynamoDBDocumentClient,
  lambda: LambdaClient,
  gatherFunction: string,
): SealWaiting {
  const reader = tableReader(table, dynamo);
  return async (guests) => {
    const waits = await Promise.all(
      guests.map(async (guest) => (await reader.listUnder(`GUEST#${guest}`, 'WAIT#', 1)).length > 0),
    );
    const having = guests.filter((_, index) => waits[index]);
    if (having.length === 0) return { left: 0 };
    const answer = await lambda.send(
      new InvokeCommand({
        FunctionName: gatherFunction,
        InvocationType: 'RequestResponse',
        Payload: Buffer.from(JSON.stringify({ guests: having })),
      }),
    );
    if (answer.FunctionError !== undefined)
      throw new SealingFailedError('What waits of a guest could not be sealed');
    return answerSchema.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString('utf8')));
  };
}
