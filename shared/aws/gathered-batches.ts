import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Batch, batchSchema, batchSubject } from '../domain/batch.ts';
import type { Source } from '../domain/record.ts';
import { batchOfHotel } from './batches.ts';
import type { CustodyLog } from './custody-log.ts';
import { conditional } from './guest-key-changes.ts';
import { recordsKeys } from './records-index.ts';
import { tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

const pointerSchema = z.object({ batchId: z.string() });

/**
 * Batches of pushed messages: one at a time for a hotel and source, found again by them. They have no upload, so that they
 * are not among the open batches that reconcile hands to ingest.
 */
export function gatheredBatches(table: string, dynamo: DynamoDBDocumentClient, custody: CustodyLog) {
  const reader = tableReader(table, dynamo);
  const keyOf = (hotel: string, source: Source) => ({ pk: `GATHERED#${hotel}#${source}`, sk: 'BATCH' });

  async function present(hotel: string, source: Source): Promise<Batch | null> {
    const pointer = await reader.get(keyOf(hotel, source));
    if (pointer === null) return null;
    const { batchId } = pointerSchema.parse(pointer);
    const item = await reader.get(recordsKeys.batch(batchId));
    return item === null ? null : batchSchema.parse(item);
  }

  return {
    /** The batch that was begun and not closed. */
    present,

    /** Begins a batch; gives the one that somebody else began meanwhile, where there is one. */
    async begin(batch: Batch, at: Date): Promise<Batch> {
      const { batchId, hotel, source, category, bytes, by } = batch;
      const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
      const outcome = await custody.record(
        batchSubject(batchId),
        'batch-received',
        { at, actor: by, data: { hotel, source, category, bytes, announcedDigest: null, by } },
        [
          { Put: { TableName: table, Item: { ...recordsKeys.batch(batchId), ...batch }, ...isNew } },
          { Put: { TableName: table, Item: batchOfHotel(batch) } },
          { Put: { TableName: table, Item: { ...keyOf(hotel, source), batchId }, ...isNew } },
        ],
      );
      if (outcome === 'recorded') return batch;
      return (await present(hotel, source)) ?? batch;
    },

    /** Nothing is left to do for it. */
    async close({ hotel, source, batchId }: Pick<Batch, 'hotel' | 'source' | 'batchId'>): Promise<void> {
      await conditional(
        writeRow(
          dynamo,
          new DeleteCommand({
            TableName: table,
            Key: keyOf(hotel, source),
            ConditionExpression: 'batchId = :batchId',
            ExpressionAttributeValues: { ':batchId': batchId },
          }),
        ),
        'closed',
        'closed before',
      );
    },
  };
}
export type GatheredBatches = ReturnType<typeof gatheredBatches>;
