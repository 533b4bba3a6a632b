import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { AccessGrant } from '../domain/access-grant.ts';
import type { EmergencyCounts, EmergencyPart, EmergencyUse } from '../ports/emergency-counts.ts';
import { type RowKey, tableReader } from './table-reader.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** DynamoDB has no empty sets: a use that was given back may leave none. */
const rowSchema = z.object({ requests: z.set(z.string()).default(new Set()) });

function keyOf(person: string, part: EmergencyPart, month: string): RowKey {
  return { pk: `EMERGENCIES#${person}`, sk: `MONTH#${month}#${part}` };
}

/** L5's counters in the grants table: one row for each person and month, of what was asked and of what was opened. */
export function emergencyCounts(table: string, dynamo: DynamoDBDocumentClient): EmergencyCounts {
  const reader = tableReader(table, dynamo);
  return {
    async uses(person, part, months, butFor) {
      const rows = await Promise.all(months.map((month) => reader.get(keyOf(person, part, month))));
      const counts = rows.map((row) =>
        row === null ? 0 : [...rowSchema.parse(row).requests].filter((request) => request !== butFor).length,
      );
      return Math.max(0, ...counts);
    },
  };
}

/** The writes of a use: each only while the month has fewer than allowed, however many are made at the same time. */
export function emergencyItems(
  table: string,
  requestId: string,
  { person, part, months, limit }: EmergencyUse,
): TransactItem[] {
  return months.map((month) => ({
    Update: {
      TableName: table,
      Key: keyOf(person, part, month),
      UpdateExpression: 'ADD requests :request',
      ConditionExpression: 'attribute_not_exists(requests) OR size(requests) < :limit',
      ExpressionAttributeValues: { ':request': new Set([requestId]), ':limit': limit },
    },
  }));
}

/** What was refused doesn't count. */
export function givenBackItems(
  table: string,
  { requestId, requester, emergencyAsked }: AccessGrant,
): TransactItem[] {
  return (emergencyAsked?.months ?? []).map((month) => ({
    Update: {
      TableName: table,
      Key: keyOf(requester, 'asked', month),
      UpdateExpression: 'DELETE requests :request',
      ExpressionAttributeValues: { ':request': new Set([requestId]) },
    },
  }));
}
