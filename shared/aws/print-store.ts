import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { AccessGrant } from '../domain/access-grant.ts';
import { type Print, printSchema } from '../domain/print.ts';
import type { PrintStore } from '../ports/print-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { registerKey } from './request-key.ts';
import { type RowKey, tableReader } from './table-reader.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

function printsOf(requestId: string): string {
  return `PRINTS#${requestId}`;
}

function printKey({ requestId, number }: Pick<Print, 'requestId' | 'number'>): RowKey {
  return { pk: printsOf(requestId), sk: `PRINT#${String(number).padStart(4, '0')}` };
}

/** Prints in the grants table, in a partition of their own beside the request's. */
export function printStore(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog): PrintStore {
  const reader = tableReader(table, dynamo);

  /** What the register shows: how many prints are out. */
  function inRegister(grant: AccessGrant, change: 1 | -1): TransactItem[] {
    return grant.hotels.map((hotel) => ({
      Update: {
        TableName: table,
        Key: registerKey(grant, hotel),
        UpdateExpression: 'ADD printsOut :change',
        ExpressionAttributeValues: { ':change': change },
      },
    }));
  }

  async function ofRequest(requestId: string): Promise<Print[]> {
    const rows = await reader.listUnder(printsOf(requestId), 'PRINT#');
    return rows.map((row) => printSchema.parse(row));
  }

  return {
    ofRequest,

    async add(grant, print, event) {
      const { requestId, seal } = print;
      const outcome = await custody.record(`prints/${requestId}`, 'print-numbered', event, [
        {
          Put: {
            TableName: table,
            Item: { ...printKey(print), ...print },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Put: {
            TableName: table,
            Item: { pk: printsOf(requestId), sk: `SEAL#${seal}`, number: print.number },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        ...inRegister(grant, 1),
      ]);
      if (outcome === 'recorded') return 'added';
      const there = await ofRequest(requestId);
      return there.some((one) => one.seal === seal) ? 'seal-used' : 'number-taken';
    },

    async end(grant, print, ending, ended, event) {
      const outcome = await custody.record(`prints/${print.requestId}`, `print-${ending}`, event, [
        {
          Put: {
            TableName: table,
            Item: { ...printKey(print), ...print, state: ending, ended },
            ConditionExpression: '#state = :out',
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':out': 'out' },
          },
        },
        ...inRegister(grant, -1),
      ]);
      return outcome === 'recorded' ? 'ended' : 'not-out';
    },
  };
}
