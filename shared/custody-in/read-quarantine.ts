import type { Batches } from '../aws/batches.ts';
import { openRecords } from '../crypto/record-block.ts';
import { type QuarantinedLine, quarantinedLine } from '../domain/quarantine.ts';
import type { CustodyKeys } from '../ports/keys.ts';
import type { ObjectStore } from '../ports/objects.ts';

/** A line in quarantine has a row and its object is gone. */
export class QuarantineMissingError extends Error {
  override name = 'QuarantineMissingError';
}

/**
 * The quarantined lines of a batch, always in the same order. What retention deleted meanwhile is left out. Throws what
 * `openRecords` throws.
 */
export async function* readQuarantine(
  batchId: string,
  {
    batches,
    keys,
    vault,
  }: {
    batches: Pick<Batches, 'quarantineBlocks'>;
    keys: Pick<CustodyKeys, 'forReading'>;
    vault: Pick<ObjectStore, 'get'>;
  },
): AsyncGenerator<QuarantinedLine> {
  for await (const block of batches.quarantineBlocks(batchId)) {
    const key = await keys.forReading(block, block.guestId);
    if (key.state !== 'active') continue;
    const sealed = await vault.get(block.objectKey);
    if (sealed === null) throw new QuarantineMissingError(`Block ${block.blockId} has a row and no object`);
    const { hotel, conversationId, blockId, recordClass } = block;
    const place = { keyId: key.keyId, keyVersion: key.version, hotel, conversationId, blockId, recordClass };
    const records = openRecords({ key: key.key, place, index: block.index, sealed });
    yield* records.map(quarantinedLine).sort((a, b) => a.line - b.line);
  }
}
