import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { BlockDisposal, DisposableBlock } from '../ports/block-disposal.ts';
import type { Period } from '../ports/keys.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { custodyKeyRows } from './custody-key-rows.ts';
import { blockRowSchema, recordsIndex, recordsKeys, rowsOfBlock } from './records-index.ts';
import { transact } from './transact.ts';

type Key = { pk: string; sk: string };

const pointerSchema = z.object({ sk: z.string(), guestId: z.string(), from: z.string() });
const identifierSchema = z.object({ sk: z.string() });
/** Actions of one DynamoDB transaction. */
const LARGEST_TRANSACTION = 100;

const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** Two deletions of the same rows met; the run after this one finishes it. */
export class DisposalConflictError extends Error {
  override name = 'DisposalConflictError';
}

/** Deletion of blocks' rows from the records table. The period's pointer goes last: until then the block is found again. */
export function blockDisposal(
  table: string,
  keysTable: string,
  dynamo: DynamoDBDocumentClient,
): BlockDisposal {
  const index = recordsIndex(table, dynamo);

  async function query(pk: string, prefix: string, limit?: number): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await dynamo.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
          ConsistentRead: true,
          ExclusiveStartKey: start,
          ...(limit === undefined ? {} : { Limit: limit }),
        }),
      );
      items.push(...(page.Items ?? []));
      start = limit === undefined ? page.LastEvaluatedKey : undefined;
    } while (start !== undefined);
    return items;
  }

  async function rowsAt(keys: Key[]): Promise<BlockRow[]> {
    const rows: BlockRow[] = [];
    for (let at = 0; at < keys.length; at += 100) {
      let wanted = keys.slice(at, at + 100);
      while (wanted.length > 0) {
        const page = await dynamo.send(
          new BatchGetCommand({ RequestItems: { [table]: { Keys: wanted, ConsistentRead: true } } }),
        );
        rows.push(...(page.Responses?.[table] ?? []).map((item) => blockRowSchema.parse(item)));
        wanted = (page.UnprocessedKeys?.[table]?.Keys ?? []).map((key) => keySchema.parse(key));
      }
    }
    return rows;
  }

  return {
    async ofPeriod({ hotel, recordClass, period }: Period): Promise<DisposableBlock[]> {
      const items = await query(recordsKeys.period(hotel, recordClass, period), 'BLOCK#');
      const pointers = items.map((item) => {
        const { sk, guestId, from } = pointerSchema.parse(item);
        return { blockId: sk.slice('BLOCK#'.length), guestId, from };
      });
      const rows = await rowsAt(pointers.map(recordsKeys.block));
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
      const outcome = await transact(
        dynamo,
        keys.map(({ pk, sk }) => ({ Delete: { TableName: table, Key: { pk, sk } } })),
      );
      if (outcome !== 'done')
        throw new DisposalConflictError('Another deletion of the same block is at work');
    },

    async removePointer({ hotel, recordClass, period }: Period, blockId: string): Promise<void> {
      await dynamo.send(
        new DeleteCommand({
          TableName: table,
          Key: { pk: recordsKeys.period(hotel, recordClass, period), sk: `BLOCK#${blockId}` },
        }),
      );
    },

    linkedGuests: (guestId: string) => index.members(guestId),

    hasBlocks: async (guestId: string) => (await query(`GUEST#${guestId}`, 'AT#', 1)).length > 0,

    async removeIdentifiers(guestIds: readonly string[]): Promise<'removed' | 'lifted'> {
      const rows: Key[] = [];
      for (const guestId of guestIds) {
        for (const item of await query(`GUEST#${guestId}`, 'ID#')) {
          const blindIndex = identifierSchema.parse(item).sk.slice('ID#'.length);
          rows.push(recordsKeys.identifier(blindIndex), recordsKeys.identifierOfGuest(guestId, blindIndex));
        }
        rows.push(recordsKeys.person(guestId));
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
