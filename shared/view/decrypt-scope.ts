import { openRecords } from '../crypto/record-block.ts';
import { SealedObjectError } from '../crypto/sealed-object-error.ts';
import { tupleKey } from '../domain/tuple-key.ts';
import type { FoundBlock } from '../facts/find-records.ts';
import type { FoundRecord } from '../package/staged-records.ts';
import type { CustodyKeys, GuestKey } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { BlockRow } from '../ports/records-index.ts';

/** A block's row is there and its object isn't. */
export class BlockMissingError extends Error {
  override name = 'BlockMissingError';
}

/** A record with the whole row of its block. */
export type DecryptedRecord = FoundRecord & { block: BlockRow };

export type DecryptDependencies = {
  keys: Pick<CustodyKeys, 'forReading'>;
  vault: Pick<ObjectStore, 'get'>;
  /** A block did not verify: raises the alarm. */
  blockRefused(): void;
};

/** Blocks read from the vault at the same time. */
const BLOCKS_AT_ONCE = 16;

/**
 * The records of the scope, decrypted: each block is the one that its row names, under its guest's key, unchanged, and
 * each record is the one that its commitment stands for. `unreadable` counts records whose keys are shredded; nothing
 * is decrypted then.
 * Throws BlockMissingError, SealedFormatError, WrongSealedObjectError (another block, hotel, conversation or guest),
 * KeyCommitmentError, TamperedError, SealedContentError.
 */
export async function decryptScope(
  blocks: FoundBlock[],
  dependencies: DecryptDependencies,
): Promise<{ records: DecryptedRecord[] } | { unreadable: number }> {
  const keys = await keysOf(blocks, dependencies.keys);
  const unreadable = blocks.filter(({ block }) => keys.get(keyName(block))?.state !== 'active');
  if (unreadable.length > 0) {
    return { unreadable: unreadable.reduce((sum, { entries }) => sum + entries.length, 0) };
  }
  const records: DecryptedRecord[] = [];
  for (let at = 0; at < blocks.length; at += BLOCKS_AT_ONCE) {
    const opened = await Promise.all(
      blocks.slice(at, at + BLOCKS_AT_ONCE).map((found) => decrypt(found, keys, dependencies)),
    );
    records.push(...opened.flat());
  }
  return { records };
}

/** One look-up for each guest and period, however many blocks they have. */
async function keysOf(
  blocks: FoundBlock[],
  keys: Pick<CustodyKeys, 'forReading'>,
): Promise<Map<string, GuestKey>> {
  const found = new Map<string, GuestKey>();
  for (const { block } of blocks) {
    const name = keyName(block);
    if (!found.has(name)) found.set(name, await keys.forReading(block, block.guestId));
  }
  return found;
}

function keyName({ hotel, recordClass, period, guestId }: BlockRow): string {
  return tupleKey(hotel, recordClass, period, guestId);
}

async function decrypt(
  { block, entries }: FoundBlock,
  keys: Map<string, GuestKey>,
  { vault, blockRefused }: DecryptDependencies,
): Promise<DecryptedRecord[]> {
  const key = keys.get(keyName(block));
  const sealed = await vault.get(block.objectKey);
  if (sealed === null || key?.state !== 'active') {
    throw new BlockMissingError(`Block ${block.blockId} has a row and no object`);
  }
  const { hotel, conversationId, blockId, recordClass } = block;
  const place = { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass };
  const commitments = new Map(entries.map(({ recordId, commitment }) => [recordId, commitment]));
  try {
    const { index, marks } = block;
    return openRecords({ key: key.key, place, index, marks, sealed }).flatMap((record) => {
      const commitment = commitments.get(record.recordId);
      return commitment === undefined ? [] : [{ record, block, commitment }];
    });
  } catch (error) {
    if (error instanceof SealedObjectError) blockRefused();
    throw error;
  }
}
