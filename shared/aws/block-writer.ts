import { setTimeout as pause } from 'node:timers/promises';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type BlockPlace, openBlock } from '../crypto/block.ts';
import { sealRecords } from '../crypto/record-block.ts';
import { SealedObjectError } from '../crypto/sealed-object-error.ts';
import { sha256 } from '../domain/digest.ts';
import { mediumObject } from '../domain/medium-object.ts';
import type { RecordClass, Source, StoredRecord } from '../domain/record.ts';
import type { CustodyKeys, GuestKey } from '../ports/keys.ts';
import type { ObjectStore, StreamStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';
import { vaultKeyOf } from './block-rows.ts';
import { activeGuestKeyCheck } from './custody-keys.ts';
import { mediaWriter, type PlannedMedium } from './media-writer.ts';
import { recordsKeys, rowsOfBlock } from './records-index.ts';
import { transact } from './transact.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What a block holds: one conversation's records of one retention class and expiry period. */
export type BlockContent = {
  blockId: string;
  batchId: string;
  guestId: string;
  conversationId: string;
  hotel: string;
  platform: Source;
  recordClass: RecordClass;
  period: string;
  records: StoredRecord[];
  /** Blind indexes of staff participants. */
  staff: string[];
  /** Media of its records: they lie beside the block, under the same key. */
  media?: readonly { mediaId: string }[];
};

/** A block as it is to be written for the first time. */
export type BlockPlan = BlockContent & {
  /** The blind index by which the guest was found: it must still lead there when the block is committed. */
  foundBy: string;
  /** Sealed before the block is. */
  media?: readonly PlannedMedium[];
};

/** The block's rows could not be written: others wrote the same rows each time, or the guest was erased meanwhile. */
export class BlockContentionError extends Error {
  override name = 'BlockContentionError';
}

const ATTEMPTS = 8;
const LONGEST_PAUSE_MS = 400;

/** The block's key in the vault bucket: one listing shows whether a period is gone. */
export function vaultKey(block: Pick<BlockContent, 'hotel' | 'recordClass' | 'period' | 'blockId'>): string {
  return vaultKeyOf(block);
}

/** Every object of a block: its own, and those of its records' media. */
export function vaultKeys(
  block: Pick<BlockContent, 'hotel' | 'recordClass' | 'period' | 'blockId' | 'media'>,
): string[] {
  return [vaultKey(block), ...(block.media ?? []).map(({ mediaId }) => mediumObject(block, mediaId))];
}

/** A plan's block under its guest's key: the object, and the rows that it has once that object (or its like) is stored. */
export function sealPlan(plan: BlockContent, key: Extract<GuestKey, { state: 'active' }>) {
  const place: BlockPlace = {
    keyId: key.keyId,
    keyVersion: key.version,
    hotel: plan.hotel,
    conversationId: plan.conversationId,
    blockId: plan.blockId,
    recordClass: plan.recordClass,
  };
  const { records, staff, media = [] } = plan;
  const { blockId, batchId, guestId, conversationId, hotel, platform, recordClass, period } = plan;
  const identity = { blockId, batchId, guestId, conversationId, hotel, platform, recordClass, period };
  const { sealed, index, marks, entries, plaintextBytes } = sealRecords({ key: key.key, place, records });
  const objectKey = vaultKey(plan);
  /** The block's row with this object. */
  function rowOf(stored: Uint8Array): BlockRow {
    return {
      ...identity,
      categories: [...new Set(entries.map(({ category }) => category))].sort(),
      from: edge(entries.at(0)),
      to: edge(entries.at(-1)),
      records: entries.length,
      bytes: plaintextBytes,
      objectKey,
      objectDigest: sha256(stored),
      index,
      staff,
      ...(media.length === 0 ? {} : { media: media.map(({ mediaId }) => mediaId) }),
      ...(marks === null ? {} : { marks }),
    };
  }
  return {
    place,
    objectKey,
    sealed,
    index,
    rowOf,
    /** The block's own row first. `zone` is the hotel's. */
    rowsOf(stored: Uint8Array, zone: string): ReturnType<typeof rowsOfBlock> {
      const row = rowOf(stored);
      const [block, ...pointers] = rowsOfBlock(row, zone);
      const own = recordsKeys.batchBlock(plan.batchId, plan.blockId);
      const { conversationId, objectDigest } = row;
      return [
        block,
        ...pointers.map((pointer) =>
          pointer.pk === own.pk ? { ...pointer, conversationId, objectKey, objectDigest } : pointer,
        ),
      ];
    },
  };
}

/**
 * Seals blocks into the vault and writes their rows. Block ids come from the caller and are the same in a replay, so
 * that a block that is there already stands and is not written again.
 */
export function blockWriter(
  tables: { records: string; keys: string },
  dynamo: DynamoDBDocumentClient,
  vault: ObjectStore,
  keys: CustodyKeys,
  /** The vault again, for media; where none come in, nothing is needed. */
  streams: StreamStore | null = null,
) {
  const sealing = streams === null ? null : mediaWriter(streams);
  /** The object first, then every row of the block in one transaction with the checks of its guest and key. */
  async function attempt(
    plan: BlockPlan,
    zone: string,
    key: Extract<GuestKey, { state: 'active' }>,
  ): Promise<'written' | 'row-changed'> {
    for (const medium of plan.media ?? []) {
      if (sealing === null) throw new Error('Nothing was given to seal media with');
      await sealing.write(plan, medium, key);
    }
    const { place, objectKey, sealed, index, rowsOf } = sealPlan(plan, key);
    const stored =
      (await vault.putOnce(objectKey, sealed)) === 'written' ? sealed : await adopted(objectKey, sealed);

    /** An earlier attempt's object stands where it is this very block; otherwise nothing leads to it, and it goes. */
    async function adopted(objectKey: string, own: Uint8Array): Promise<Uint8Array> {
      const there = await vault.get(objectKey);
      if (there !== null && opens(there)) return there;
      await vault.put(objectKey, own);
      return own;
    }
    function opens(sealed: Uint8Array): boolean {
      try {
        openBlock({ key: key.key, place, index, sealed });
        return true;
      } catch (error) {
        if (error instanceof SealedObjectError) return false;
        throw error;
      }
    }

    const { foundBy } = plan;
    const [block, ...pointers] = rowsOf(stored, zone);
    const items: TransactItem[] = [
      { Put: { TableName: tables.records, Item: block, ConditionExpression: 'attribute_not_exists(pk)' } },
      ...pointers.map((pointer) => ({ Put: { TableName: tables.records, Item: pointer } })),
      activeGuestKeyCheck(
        tables.keys,
        { hotel: plan.hotel, recordClass: plan.recordClass, period: plan.period },
        plan.guestId,
        key.keyId,
      ),
      {
        ConditionCheck: {
          TableName: tables.records,
          Key: recordsKeys.identifier(foundBy),
          ConditionExpression: 'guestId = :guest',
          ExpressionAttributeValues: { ':guest': plan.guestId },
        },
      },
    ];
    if ((await transact(dynamo, items)) === 'done') return 'written';
    const { Item } = await dynamo.send(
      new GetCommand({
        TableName: tables.records,
        Key: { pk: block.pk, sk: block.sk },
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? 'row-changed' : 'written';
  }

  return {
    /** `shredded`: the period's deletion has begun, and nothing of the block is kept. `zone` is the hotel's. */
    async write(plan: BlockPlan, zone: string): Promise<'written' | 'shredded'> {
      const period = { hotel: plan.hotel, recordClass: plan.recordClass, period: plan.period };
      for (let tries = 1; tries <= ATTEMPTS; tries += 1) {
        // Read afresh each time: the guest's key may have been shredded meanwhile, or made anew.
        const key = await keys.forWriting(period, plan.guestId);
        if (key.state === 'shredded') {
          if (tries > 1) for (const objectKey of vaultKeys(plan)) await vault.delete(objectKey);
          return 'shredded';
        }
        if ((await attempt(plan, zone, key)) === 'written') return 'written';
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 10 * 2 ** tries));
      }
      throw new BlockContentionError(`The rows of block ${plan.blockId} could not be written`);
    },
  };
}
export type BlockWriter = ReturnType<typeof blockWriter>;

function edge(entry: { at: Date } | undefined): string {
  if (entry === undefined) throw new RangeError('A block has at least one record');
  return entry.at.toISOString();
}
