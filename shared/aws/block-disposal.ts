import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { BlockDisposal, DisposableBlock } from '../ports/block-disposal.ts';
import type { Period } from '../ports/keys.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { blockPointerSchema, blockRowSchema } from './block-rows.ts';
import { custodyKeyRows } from './custody-key-rows.ts';
import { recordsIndex, recordsKeys, rowsOfBlock } from './records-index.ts';
import { type RowKey, tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

const identifierSchema = z.object({ sk: z.string() });
/** Actions of one DynamoDB transaction. */
const LARGEST_TRANSACTION = 100;

/** Deletion of blocks' rows from the records table. The period's pointer goes last: until then the block is found again. */
export function blockDisposal(
  table: string,
  keysTable: string,
  dynamo: DynamoDBDocumentClient,
): BlockDisposal {
  const index = recordsIndex(table, dynamo);
  const reader = tableReader(table, dynamo);

  return {
    async ofPeriod({ hotel, recordClass, period }: Period): Promise<DisposableBlock[]> {
      const items = await reader.listUnder(recordsKeys.period(hotel, recordClass, period), 'BLOCK#');
      const pointers = items.map((item) => blockPointerSchema.parse(item));
      const rows = (await reader.getAll(pointers.map(recordsKeys.block))).map((item) =>
        blockRowSchema.parse(item),
      );
      const byId = new Map(rows.map((row) => [row.blockId, row]));
      const visible = new Set((await index.visible(rows)).map(({ blockId }) => blockId));
      return pointers.map(({ blockId, guestId }) => ({
        blockId,
        guestId,
        row: byId.get(blockId) ?? null,
        visible: visible.has(blockId),
      }));
    },

    async removeRows(row: BlockRow, zone: string): Promise<void> {
      const pointer = recordsKeys.period(row.hotel, row.recordClass, row.period);
      const keys = rowsOfBlock(row, zone).filter(({ pk }) => pk !== pointer);
      await transact(
        dynamo,
        keys.map(({ pk, sk }) => ({ Delete: { TableName: table, Key: { pk, sk } } })),
      );
    },

    async removePointer({ hotel, recordClass, period }: Period, blockId: string): Promise<void> {
      await writeRow(
        dynamo,
        new DeleteCommand({
          TableName: table,
          Key: { pk: recordsKeys.period(hotel, recordClass, period), sk: `BLOCK#${blockId}` },
        }),
      );
    },

    linkedGuests: (guestId: string) => index.members(guestId),

    hasBlocks: async (guestId: string) => (await reader.listUnder(`GUEST#${guestId}`, 'AT#', 1)).length > 0,

    async removeIdentifiers(guestIds: readonly string[]): Promise<'removed' | 'lifted'> {
      const rows: RowKey[] = [];
      for (const guestId of guestIds) {
        for (const item of await reader.listUnder(`GUEST#${guestId}`, 'ID#')) {
          const blindIndex = identifierSchema.parse(item).sk.slice('ID#'.length);
          rows.push(recordsKeys.identifier(blindIndex), recordsKeys.identifierOfGuest(guestId, blindIndex));
        }
        rows.push(recordsKeys.person(guestId), recordsKeys.merging(guestId));
      }
      const room = LARGEST_TRANSACTION - guestIds.length;
      for (let at = 0; at < rows.length; at += room) {
        const outcome = await transact(dynamo, [
          ...guestIds.map((guestId) => ({
            ConditionCheck: {
              TableName: keysTable,
              Key: custodyKeyRows.bar(guestId),
              ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(lifted)',
            },
          })),
          ...rows.slice(at, at + room).map((key) => ({ Delete: { TableName: table, Key: key } })),
        ]);
        if (outcome !== 'done') return 'lifted';
      }
      return 'removed';
    },
  };
}
