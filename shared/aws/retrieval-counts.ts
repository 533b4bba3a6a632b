import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { RetrievalCount, RetrievalCounts, RetrievalReservation } from '../ports/retrieval-counts.ts';
import { type RowKey, tableReader } from './table-reader.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const rowSchema = z.object({
  guestId: z.string(),
  month: z.string(),
  keys: z.array(z.string()),
  version: z.number().int().min(1),
});

function keyOf(requester: string, { guestId, month }: Pick<RetrievalCount, 'guestId' | 'month'>): RowKey {
  return { pk: `RETRIEVALS#${requester}`, sk: `${month}#${guestId}` };
}

/** R4's counters in the grants table: one row for each requester, month and guest id. */
export function retrievalCounts(table: string, dynamo: DynamoDBDocumentClient): RetrievalCounts {
  const reader = tableReader(table, dynamo);
  return {
    async read(requester, guestIds, months) {
      const wanted = months.flatMap((month) =>
        [...new Set(guestIds)].map((guestId) => ({ guestId, month, keys: [], version: 0 })),
      );
      const rows = await reader.getAll(wanted.map((row) => keyOf(requester, row)));
      const there = rows.map((row) => rowSchema.parse(row));
      return wanted.map((row): RetrievalCount => {
        const found = there.find(({ guestId, month }) => guestId === row.guestId && month === row.month);
        return found ?? row;
      });
    },
  };
}

/** The writes of a reservation, for the transaction that grants the retrieval: each only while its row is as it was read. */
export function reservationItems(
  table: string,
  { requester, key, rows }: RetrievalReservation,
): TransactItem[] {
  return rows.map((row) => ({
    Update: {
      TableName: table,
      Key: keyOf(requester, row),
      UpdateExpression: 'SET guestId = :guest, #month = :month, #version = :next, #keys = :keys',
      ConditionExpression: row.version === 0 ? 'attribute_not_exists(pk)' : '#version = :version',
      ExpressionAttributeNames: { '#month': 'month', '#version': 'version', '#keys': 'keys' },
      ExpressionAttributeValues: {
        ':guest': row.guestId,
        ':month': row.month,
        ':next': row.version + 1,
        ':keys': [...new Set([...row.keys, key])].sort(),
        ...(row.version === 0 ? {} : { ':version': row.version }),
      },
    },
  }));
}
