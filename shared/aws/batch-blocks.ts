import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Batch } from '../domain/batch.ts';
import { mediumObject } from '../domain/medium-object.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { blockRowSchema } from './block-rows.ts';
import type { CommittedBlock } from './commit-records.ts';
import { recordsKeys, rowsOfBlock } from './records-index.ts';
import { tableReader } from './table-reader.ts';
import { transact } from './transact.ts';
import { writeRow } from './write-through-conflicts.ts';

type VaultDeletion = Pick<ObjectStore, 'delete'>;
type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Actions of one DynamoDB transaction. */
const LARGEST_TRANSACTION = 100;
/** Object keys in one row of intents: some 150 KiB at most. */
const INTENT_KEYS = 2_000;

const batchBlockSchema = z.object({
  sk: z.string(),
  guestId: z.string(),
  from: z.string(),
  conversationId: z.string(),
  objectKey: z.string(),
  objectDigest: z.string(),
});
export type BatchBlock = z.infer<typeof batchBlockSchema>;
const intentSchema = z.object({ pk: z.string(), sk: z.string(), objectKeys: z.array(z.string()) });

/** Rows of what a segment of the batch intends to put. */
function intentsOf(segment: number): string {
  return `SEGMENT#${String(segment).padStart(6, '0')}#`;
}

/**
 * What a batch wrote: its blocks, each listed under it until it is committed, and the objects that its segments intended to
 * put. By these lists whatever a failed batch or an earlier attempt left is found and goes.
 */
export function batchBlocks(table: string, dynamo: DynamoDBDocumentClient) {
  const reader = tableReader(table, dynamo);

  async function* blocks(batchId: string): AsyncGenerator<BatchBlock> {
    for await (const item of reader.under(recordsKeys.batch(batchId).pk, 'BLOCK#')) {
      yield batchBlockSchema.parse(item);
    }
  }

  async function* recordBlocks(batchId: string): AsyncGenerator<CommittedBlock> {
    for await (const { sk, ...block } of blocks(batchId)) {
      if (!inQuarantine(block)) yield { ...block, blockId: sk.slice('BLOCK#'.length) };
    }
  }

  /**
   * Deletes the list of a committed batch's blocks: nothing is swept any more, and what it commits to is said elsewhere. Of
   * rejected lines it stays, since they are found by it. Repeatable.
   */
  async function forgetBlocks({ batchId }: Pick<Batch, 'batchId'>): Promise<void> {
    const { pk } = recordsKeys.batch(batchId);
    let some: TransactItem[] = [];
    for await (const { sk, ...block } of blocks(batchId)) {
      if (!inQuarantine(block)) some.push({ Delete: { TableName: table, Key: { pk, sk } } });
      if (some.length < LARGEST_TRANSACTION) continue;
      await transact(dynamo, some);
      some = [];
    }
    if (some.length > 0) await transact(dynamo, some);
  }

  /** A block's objects, then every row that leads to them. */
  async function dropBlock(
    batch: Batch,
    blockId: string,
    objectKey: string,
    vault: VaultDeletion,
    zone: string,
  ): Promise<void> {
    await vault.delete(objectKey);
    const own = recordsKeys.batchBlock(batch.batchId, blockId);
    const pointer = await reader.get(own);
    if (pointer === null) return;
    const item = await reader.get(recordsKeys.block({ ...batchBlockSchema.parse(pointer), blockId }));
    const block = item === null ? null : blockRowSchema.parse(item);
    if (block !== null) {
      for (const mediaId of block.media ?? []) await vault.delete(mediumObject(block, mediaId));
    }
    const rows = block === null ? [own] : rowsOfBlock(block, zone);
    await transact(
      dynamo,
      rows.map(({ pk, sk }) => ({ Delete: { TableName: table, Key: { pk, sk } } })),
    );
  }

  return {
    blocks,
    recordBlocks,
    forgetBlocks,

    /** Blocks of a batch's rejected lines, by block id. */
    async *quarantineBlocks(batchId: string): AsyncGenerator<BlockRow> {
      for await (const { sk, ...block } of blocks(batchId)) {
        if (!inQuarantine(block)) continue;
        const row = await reader.get(recordsKeys.block({ ...block, blockId: sk.slice('BLOCK#'.length) }));
        if (row !== null) yield blockRowSchema.parse(row);
      }
    },

    /** Notes which objects a segment is about to put, before it does: a sweep finds them whatever happens. */
    async intend(batch: Batch, objectKeys: string[]): Promise<void> {
      const { pk } = recordsKeys.batch(batch.batchId);
      for (let at = 0; at < objectKeys.length; at += INTENT_KEYS) {
        const sk = `${intentsOf(batch.checkpoint.segment)}${String(at).padStart(6, '0')}`;
        await writeRow(
          dynamo,
          new PutCommand({
            TableName: table,
            Item: { pk, sk, objectKeys: objectKeys.slice(at, at + INTENT_KEYS) },
          }),
        );
      }
    },

    /** Object keys that an earlier attempt at the present segment intended to put; empty where there was none. */
    async intended(batch: Batch): Promise<Set<string>> {
      const intended = new Set<string>();
      const { pk } = recordsKeys.batch(batch.batchId);
      for await (const item of reader.under(pk, intentsOf(batch.checkpoint.segment))) {
        for (const key of intentSchema.parse(item).objectKeys) intended.add(key);
      }
      return intended;
    },

    /** The rows of what the present segment intended, to be deleted when it is done. */
    async intentsDone(batch: Batch): Promise<TransactItem[]> {
      const done: TransactItem[] = [];
      for await (const item of reader.under(pkOf(batch), intentsOf(batch.checkpoint.segment))) {
        const { pk, sk } = intentSchema.parse(item);
        done.push({ Delete: { TableName: table, Key: { pk, sk } } });
      }
      return done;
    },

    /** Of every segment: nothing is intended any more. */
    async dropIntents(batch: Batch): Promise<void> {
      for await (const item of reader.under(pkOf(batch), 'SEGMENT#')) {
        const { pk, sk } = intentSchema.parse(item);
        await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: { pk, sk } }));
      }
    },

    /**
     * Blocks that an earlier attempt at this segment wrote and that no longer belong to it: what it found in custody, or
     * the directory, changed meanwhile.
     */
    async dropStrays(batch: Batch, objectKeys: string[], vault: VaultDeletion, zone: string): Promise<void> {
      for (const key of objectKeys) {
        const blockId = key.slice(key.lastIndexOf('/') + 1);
        await dropBlock(batch, blockId, key, vault, zone);
      }
    },

    /** Everything that a failed batch wrote goes: objects first, then the rows that lead to them. Repeatable. */
    async sweep(batch: Batch, vault: VaultDeletion, zone: string): Promise<number> {
      if (batch.state !== 'failed')
        throw new Error(`Batch ${batch.batchId} has not failed: nothing is swept`);
      const { pk } = recordsKeys.batch(batch.batchId);
      let swept = 0;
      for await (const block of blocks(batch.batchId)) {
        await dropBlock(batch, block.sk.slice('BLOCK#'.length), block.objectKey, vault, zone);
        swept += 1;
      }
      for await (const item of reader.under(pk, 'SEGMENT#')) {
        const { sk, objectKeys } = intentSchema.parse(item);
        for (const key of objectKeys) await vault.delete(key);
        await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: { pk, sk } }));
      }
      return swept;
    },
  };
}

function pkOf({ batchId }: Batch): string {
  return recordsKeys.batch(batchId).pk;
}

function inQuarantine({ objectKey }: { objectKey: string }): boolean {
  return objectKey.split('/')[1] === 'quarantine';
}
