import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { BlockDisposal, DisposableBlock } from '../ports/block-disposal.ts';
import type { Period } from '../ports/keys.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { blockRowSchema, recordsIndex, recordsKeys, rowsOfBlock } from './records-index.ts';
import { transact } from './transact.ts';

type Key = { pk: string; sk: string };

const pointerSchema = z.object({ sk: z.string(), guestId: z.string(), from: z.string() });
const identifierSchema = z.object({ sk: z.string() });
const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** Two deletions of the same rows met; the run after this one finishes it. */
export class DisposalConflictError extends Error {
  override name = 'DisposalConflictError';
}

/** Deletion of blocks' rows from the records table. The period's pointer goes last: until then the block is found again. */
export function blockDisposal(table: string, dynamo: DynamoDBDocumentClient): BlockDisposal {
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

    async removeIdentifiers(guestId: string): Promise<void> {
      for (const item of await query(`GUEST#${guestId}`, 'ID#')) {
        const blindIndex = identifierSchema.parse(item).sk.slice('ID#'.length);
        // Both rows or neither: a leftover of either kind would lead nowhere, or be found by nobody.
        const outcome = await transact(dynamo, [
          {
            Delete: {
              TableName: table,
              Key: recordsKeys.identifier(blindIndex),
              ConditionExpression: 'attribute_not_exists(pk) OR guestId = :guest',
              ExpressionAttributeValues: { ':guest': guestId },
            },
          },
          { Delete: { TableName: table, Key: recordsKeys.identifierOfGuest(guestId, blindIndex) } },
        ]);
        if (outcome !== 'done')
          throw new DisposalConflictError('An identifier leads to another guest meanwhile');
      }
      const person = recordsKeys.person(guestId);
      const { Item } = await dynamo.send(
        new GetCommand({ TableName: table, Key: person, ConsistentRead: true }),
      );
      if (Item !== undefined) await dynamo.send(new DeleteCommand({ TableName: table, Key: person }));
    },
  };
}
