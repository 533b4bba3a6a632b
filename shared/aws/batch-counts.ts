import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { batchCompletenessSchema, withSupplied } from '../domain/batch.ts';
import type { BatchCounts, BatchCountsReader } from '../ports/batch-counts.ts';
import { recordsKeys } from './records-index.ts';

const MOST_KEYS = 100;
const keySchema = z.object({ pk: z.string(), sk: z.string() });
const rowSchema = z.object({
  batchId: z.string(),
  accepted: z.number().nullable().default(null),
  duplicates: z.number().nullable().default(null),
  conflicts: z.number().nullable().default(null),
  rejectedLines: z.number().nullable().default(null),
  completeness: batchCompletenessSchema.nullable().default(null),
  commitment: z.string().nullable().default(null),
  providerRequest: z.string().nullish(),
  by: z.string().optional(),
  suppliedMissing: z.number().default(0),
  suppliedReference: z.number().default(0),
  suppliedUndeclared: z.number().default(0),
});

/** Counts of batches from their rows in the records table. */
export function batchCounts(table: string, dynamo: DynamoDBDocumentClient): BatchCountsReader {
  return async (batchIds: string[]): Promise<BatchCounts[]> => {
    const counts: BatchCounts[] = [];
    for (let at = 0; at < batchIds.length; at += MOST_KEYS) {
      let wanted = batchIds.slice(at, at + MOST_KEYS).map(recordsKeys.batch);
      while (wanted.length > 0) {
        const page = await dynamo.send(
          new BatchGetCommand({
            RequestItems: {
              [table]: {
                Keys: wanted,
                ConsistentRead: true,
                ProjectionExpression:
                  'batchId, #by, accepted, duplicates, conflicts, rejectedLines, completeness, commitment, providerRequest, suppliedMissing, suppliedReference, suppliedUndeclared',
                ExpressionAttributeNames: { '#by': 'by' },
              },
            },
          }),
        );
        for (const item of page.Responses?.[table] ?? []) {
          const {
            rejectedLines: rejected,
            completeness,
            providerRequest,
            suppliedMissing,
            suppliedReference,
            suppliedUndeclared,
            by,
            ...batch
          } = rowSchema.parse(item);
          const supplied = { suppliedMissing, suppliedReference, suppliedUndeclared };
          counts.push({
            ...batch,
            rejected,
            lacks: completeness === null ? null : withSupplied(completeness, supplied),
            ...(providerRequest ? { providerRequest } : {}),
            ...(by === undefined ? {} : { by }),
          });
        }
        wanted = (page.UnprocessedKeys?.[table]?.Keys ?? []).map((key) => keySchema.parse(key));
      }
    }
    return counts;
  };
}
