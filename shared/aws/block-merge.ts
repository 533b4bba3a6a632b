import { createHash } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Digest } from '../domain/digest.ts';
import type { GuestKey } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { leadsToObject } from './block-rows.ts';
import { type BlockContent, sealPlan } from './block-writer.ts';
import { activeGuestKeyCheck } from './custody-keys.ts';
import type { CustodyLog } from './custody-log.ts';
import { mergingMark } from './merging-mark.ts';
import { recordsKeys, rowsOfBlock } from './records-index.ts';
import { type RowKey, tableReader } from './table-reader.ts';
import { writeRow } from './write-through-conflicts.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Blocks of one conversation, class and period, and those that shall stand in their place. */
export type BlockSwap = {
  /** Random: no two processes ever write the same object. */
  swapId: string;
  old: readonly BlockRow[];
  plans: readonly BlockContent[];
};

/** `too-large`: more rows than one transaction takes. `changed`: some of the old are gone, or their key is. */
export type SwapOutcome = { outcome: 'swapped'; rows: BlockRow[] } | { outcome: 'too-large' | 'changed' };

/** Actions of one DynamoDB transaction, but for the event that the log adds. */
const LARGEST_TRANSACTION = 99;
/** After so long, whoever noted a swap is dead: no invocation lasts longer than a quarter of an hour. */
const DEAD_AFTER_MS = 30 * 60 * 1000;

const objectSchema = z.object({
  objectKey: z.string(),
  guestId: z.string(),
  from: z.string(),
  blockId: z.string(),
});
const intentSchema = z.object({
  sk: z.string(),
  guestId: z.string(),
  at: z.string(),
  objects: z.array(objectSchema),
});

const keys = {
  intents: (hotel: string): string => `MERGE#${hotel}`,
  intent: (hotel: string, swapId: string): RowKey => ({ pk: keys.intents(hotel), sk: `SWAP#${swapId}` }),
};

/**
 * Puts blocks in the place of others that hold the same records. What is about to be put and to go is noted first; the rows
 * are swapped in one transaction with its event; the old objects go last. Whoever reads a guest's blocks meanwhile sees
 * by the guest's `MERGING` row that they are to be read again.
 */
export function blockMerge(
  tables: { records: string; keys: string },
  dynamo: DynamoDBDocumentClient,
  vault: ObjectStore,
  custody: CustodyLog,
) {
  const table = tables.records;
  const reader = tableReader(table, dynamo);
  const mark = mergingMark(table, dynamo);

  /** Deletes those objects of a swap that no row leads to, whether it took place or not; then nothing is left of it. */
  async function settle(
    hotel: string,
    swapId: string,
    guestId: string,
    objects: readonly z.infer<typeof objectSchema>[],
  ): Promise<void> {
    for (const object of objects) {
      if ((await reader.get(recordsKeys.block(object))) === null) await vault.delete(object.objectKey);
    }
    await mark.settle(guestId);
    await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: keys.intent(hotel, swapId) }));
  }

  return {
    async swap(
      { swapId, old, plans }: BlockSwap,
      key: Extract<GuestKey, { state: 'active' }>,
      zone: string,
      at: Date,
    ): Promise<SwapOutcome> {
      const [first] = old;
      if (first === undefined) throw new RangeError('Nothing is to be merged');
      const { hotel, recordClass, period, guestId } = first;
      const fresh = plans.map((plan) => {
        const { sealed, objectKey, rowOf, rowsOf } = sealPlan(plan, key);
        const [block, ...all] = rowsOf(sealed, zone);
        // Its batch was committed, and keeps no list of blocks any more.
        const pointers = all.filter(({ pk }) => pk !== recordsKeys.batch(plan.batchId).pk);
        return { sealed, objectKey, row: rowOf(sealed), block, pointers };
      });
      const items: TransactItem[] = [
        ...exchanged(table, old, fresh, zone),
        activeGuestKeyCheck(tables.keys, { hotel, recordClass, period }, guestId, key.keyId),
        mark.moved(guestId),
      ];
      if (items.length > LARGEST_TRANSACTION) return { outcome: 'too-large' };

      const objects = [...old, ...fresh.map(({ row }) => row)].map(
        ({ objectKey, guestId: guest, from, blockId }) => ({ objectKey, guestId: guest, from, blockId }),
      );
      await writeRow(
        dynamo,
        new PutCommand({
          TableName: table,
          Item: { ...keys.intent(hotel, swapId), guestId, at: at.toISOString(), objects },
        }),
      );
      for (const { objectKey, sealed } of fresh) await vault.putOnce(objectKey, sealed);
      await mark.begin(guestId);
      const outcome = await custody.record(
        `merge/${hotel}`,
        'blocks-merged',
        {
          at,
          actor: 'function:merge',
          data: {
            recordClass,
            period,
            platform: first.platform,
            before: old.length,
            after: fresh.length,
            records: old.reduce((sum, row) => sum + row.records, 0),
            rootBefore: rootOf(old),
            rootAfter: rootOf(fresh.map(({ row }) => row)),
          },
        },
        items,
      );
      await settle(hotel, swapId, guestId, objects);
      if (outcome !== 'recorded') return { outcome: 'changed' };
      return { outcome: 'swapped', rows: fresh.map(({ row }) => row) };
    },

    /** What processes that died left of their swaps. */
    async settleLeftovers(hotel: string, now: Date): Promise<void> {
      const before = new Date(now.getTime() - DEAD_AFTER_MS).toISOString();
      for (const item of await reader.listUnder(keys.intents(hotel), 'SWAP#')) {
        const { sk, guestId, at, objects } = intentSchema.parse(item);
        if (at < before) await settle(hotel, sk.slice('SWAP#'.length), guestId, objects);
      }
    },
  };
}
export type BlockMerge = ReturnType<typeof blockMerge>;

/** The old blocks' rows go, if they are what they were; the new ones' come. */
function exchanged(
  table: string,
  old: readonly BlockRow[],
  fresh: readonly { block: RowKey; pointers: readonly RowKey[] }[],
  zone: string,
): TransactItem[] {
  return [
    ...old.flatMap((row) => {
      const [block, ...pointers] = rowsOfBlock(row, zone);
      return [
        {
          Delete: {
            TableName: table,
            Key: keyOf(block),
            ...leadsToObject(row.objectDigest),
          },
        },
        ...pointers.map((pointer) => ({ Delete: { TableName: table, Key: keyOf(pointer) } })),
      ];
    }),
    ...fresh.flatMap(({ block, pointers }) => [
      { Put: { TableName: table, Item: block, ConditionExpression: 'attribute_not_exists(pk)' } },
      ...pointers.map((pointer) => ({ Put: { TableName: table, Item: pointer } })),
    ]),
  ];
}

function keyOf({ pk, sk }: RowKey): RowKey {
  return { pk, sk };
}

/** As a batch commits to its blocks: SHA-256 over `blockId objectDigest` lines, by block id. */
function rootOf(rows: readonly Pick<BlockRow, 'blockId' | 'objectDigest'>[]): Digest {
  const lines = rows.map(({ blockId, objectDigest }) => `${blockId} ${objectDigest}\n`).sort();
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`;
}
