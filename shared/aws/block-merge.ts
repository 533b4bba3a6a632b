import { createHash } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { CustodyEventType } from '../domain/custody-event.ts';
import type { Digest } from '../domain/digest.ts';
import { mediumObject } from '../domain/medium-object.ts';
import type { EventDraft } from '../ports/grant-store.ts';
import type { GuestKey } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { blockRowSchema, leadsToObject } from './block-rows.ts';
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

/** A block that gets media which came after its records. */
export type MediaAddition = BlockSwap & {
  /** Media that the new blocks have and the old ones don't: put once they are noted, before the blocks. */
  media: { ids: readonly string[]; put: () => Promise<void> };
  event: SwapEvent;
  /** What else becomes true with the swap. */
  also: readonly TransactItem[];
};

type Rest = [key: Extract<GuestKey, { state: 'active' }>, zone: string, at: Date];
type SwapEvent = { subject: string; type: CustodyEventType; actor: string; data: EventDraft['data'] };

/** `too-large`: more rows than one transaction takes. `changed`: some of the old are gone, or their key is. */
export type SwapOutcome = { outcome: 'swapped'; rows: BlockRow[] } | { outcome: 'too-large' | 'changed' };

/** Actions of one DynamoDB transaction, but for the event that the log adds. */
const LARGEST_TRANSACTION = 99;
/** After so long, whoever noted a swap is dead: no invocation lasts longer than a quarter of an hour. */
const DEAD_AFTER_MS = 30 * 60 * 1000;

const objectSchema = z.object({
  objectKey: z.string(),
  /** Of a medium: it stays where any block of the guest lists it. */
  mediaId: z.string().optional(),
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

  async function mediaOf(guestId: string): Promise<Set<string>> {
    const rows = await reader.listUnder(`GUEST#${guestId}`, 'AT#');
    return new Set(rows.flatMap((item) => blockRowSchema.parse(item).media ?? []));
  }

  /** Deletes those objects of a swap that no row leads to, whether it took place or not; then nothing is left of it. */
  async function settle(
    hotel: string,
    swapId: string,
    guestId: string,
    objects: readonly z.infer<typeof objectSchema>[],
  ): Promise<void> {
    const listed = objects.some(({ mediaId }) => mediaId !== undefined) ? await mediaOf(guestId) : null;
    for (const object of objects) {
      const stays =
        object.mediaId === undefined
          ? (await reader.get(recordsKeys.block(object))) !== null
          : listed?.has(object.mediaId) === true;
      if (!stays) await vault.delete(object.objectKey);
    }
    await mark.settle(guestId);
    await writeRow(dynamo, new DeleteCommand({ TableName: table, Key: keys.intent(hotel, swapId) }));
  }

  async function exchange(
    { swapId, old, plans, media, event, also = [] }: BlockSwap & Partial<MediaAddition>,
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
      ...also,
    ];
    if (items.length > LARGEST_TRANSACTION) return { outcome: 'too-large' };

    const blocks = [...old, ...fresh.map(({ row }) => row)].map(
      ({ objectKey, guestId: guest, from, blockId }) => ({ objectKey, guestId: guest, from, blockId }),
    );
    const { from, blockId } = first;
    const objects: z.infer<typeof objectSchema>[] = [
      ...blocks,
      ...(media?.ids ?? []).map((mediaId) => ({
        objectKey: mediumObject(first, mediaId),
        mediaId,
        guestId,
        from,
        blockId,
      })),
    ];
    await writeRow(
      dynamo,
      new PutCommand({
        TableName: table,
        Item: { ...keys.intent(hotel, swapId), guestId, at: at.toISOString(), objects },
      }),
    );
    await media?.put();
    for (const { objectKey, sealed } of fresh) await vault.putOnce(objectKey, sealed);
    await mark.begin(guestId);
    const outcome = await custody.record(
      event?.subject ?? `merge/${hotel}`,
      event?.type ?? 'blocks-merged',
      {
        at,
        actor: event?.actor ?? 'function:merge',
        data: {
          recordClass,
          period,
          platform: first.platform,
          ...(event?.data ?? {
            before: old.length,
            after: fresh.length,
            records: old.reduce((sum, row) => sum + row.records, 0),
          }),
          rootBefore: rootOf(old),
          rootAfter: rootOf(fresh.map(({ row }) => row)),
        },
      },
      items,
    );
    await settle(hotel, swapId, guestId, objects);
    if (outcome !== 'recorded') return { outcome: 'changed' };
    return { outcome: 'swapped', rows: fresh.map(({ row }) => row) };
  }

  return {
    /** Puts blocks in the place of others that hold the same records. */
    swap: (swap: BlockSwap, ...rest: Rest) => exchange(swap, ...rest),

    /** Puts a block in the place of one that holds the same records without these media. */
    addMedia: (addition: MediaAddition, ...rest: Rest) => exchange(addition, ...rest),

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
