import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type ChangeSet, changeSetSchema, changeSubject } from '../domain/change-set.ts';
import type { ChangeStore } from '../ports/change-store.ts';
import type { CustodyLog } from './custody-log.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const pointerSchema = z.object({ changeId: z.string() });
/** Rows of one transaction (TransactWriteItems takes 100). */
const ITEMS_AT_ONCE = 90;

/** A change that is to be proposed is there already. */
export class ChangeConflictError extends Error {
  override name = 'ChangeConflictError';
}

/**
 * Changes that wait for a second person, in the table of what they change: the change's own row, one row for each item, and
 * one in the list of those that wait. `item` is the schema of what waits.
 */
export function changeStore<Item extends Record<string, unknown>>(
  table: string,
  dynamo: DynamoDBDocumentClient,
  custody: CustodyLog,
  item: z.ZodType<Item>,
): ChangeStore<Item> {
  const reader = tableReader(table, dynamo);
  const waitsSchema = z.object({ item });
  const keys = {
    change: (changeId: string) => ({ pk: `CHANGE#${changeId}`, sk: 'CHANGE' }),
    item: (changeId: string, position: number) => ({
      pk: `CHANGE#${changeId}`,
      sk: `ITEM#${String(position).padStart(6, '0')}`,
    }),
    waiting: (changeId: string) => ({ pk: 'CHANGES', sk: `CHANGE#${changeId}` }),
  };

  async function change(changeId: string): Promise<ChangeSet | null> {
    const row = await reader.get(keys.change(changeId));
    return row === null ? null : changeSetSchema.parse(row);
  }

  function put(row: Record<string, unknown>): TransactItem {
    return { Put: { TableName: table, Item: row } };
  }

  function settleRow(changeId: string, from: ChangeSet['state'], changes: Partial<ChangeSet>): TransactItem {
    const named = Object.entries(changes);
    return {
      Update: {
        TableName: table,
        Key: keys.change(changeId),
        UpdateExpression: `SET ${named.map((_, index) => `#field${index} = :field${index}`).join(', ')}`,
        ConditionExpression: '#state = :from',
        ExpressionAttributeNames: {
          '#state': 'state',
          ...Object.fromEntries(named.map(([name], index) => [`#field${index}`, name])),
        },
        ExpressionAttributeValues: {
          ':from': from,
          ...Object.fromEntries(named.map(([, value], index) => [`:field${index}`, value])),
        },
      },
    };
  }

  return {
    async propose(proposed, items, event): Promise<void> {
      const { changeId } = proposed;
      const rows = items.map((one, position) => put({ ...keys.item(changeId, position), item: one }));
      for (let at = 0; at < rows.length; at += ITEMS_AT_ONCE) {
        await transact(dynamo, rows.slice(at, at + ITEMS_AT_ONCE));
      }
      const outcome = await custody.record(changeSubject(changeId), 'change-proposed', event, [
        {
          Put: {
            TableName: table,
            Item: { ...keys.change(changeId), ...proposed },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        put({ ...keys.waiting(changeId), changeId }),
      ]);
      if (outcome !== 'recorded') throw new ChangeConflictError(`Change ${changeId} is there already`);
    },

    async read(changeId) {
      const there = await change(changeId);
      if (there === null) return null;
      const rows = await reader.listUnder(keys.change(changeId).pk, 'ITEM#');
      return { change: there, items: rows.map((row) => waitsSchema.parse(row).item) };
    },

    async waiting(): Promise<ChangeSet[]> {
      const rows = await reader.listUnder('CHANGES', 'CHANGE#');
      const found = await Promise.all(rows.map((row) => change(pointerSchema.parse(row).changeId)));
      return found.filter((one) => one !== null);
    },

    async settle({ changeId }, to, settled, event) {
      const type = to === 'rejected' ? 'change-rejected' : 'change-confirmed';
      const outcome = await custody.record(changeSubject(changeId), type, event, [
        settleRow(changeId, 'proposed', { state: to, settled }),
        ...(to === 'rejected' ? [{ Delete: { TableName: table, Key: keys.waiting(changeId) } }] : []),
      ]);
      return outcome === 'recorded' ? 'settled' : 'stale';
    },

    async inForce(changeId, left = 0, failed = 0): Promise<void> {
      // Where the condition fails another run said so first.
      await transact(dynamo, [
        settleRow(changeId, 'confirming', {
          state: 'confirmed',
          ...(left === 0 ? {} : { left }),
          ...(failed === 0 ? {} : { failed }),
        }),
        { Delete: { TableName: table, Key: keys.waiting(changeId) } },
      ]);
    },
  };
}
