import { randomBytes } from 'node:crypto';
import { ingestBatch } from '../functions/ingest/ingest-batch.ts';
import { sealPlan } from '../shared/aws/block-writer.ts';
import { newKey } from '../shared/crypto/gcm-box.ts';
import { wrapGuestKey } from '../shared/crypto/guest-key.ts';
import type { Batch } from '../shared/domain/batch.ts';
import { inMemoryAws } from '../test/fakes/in-memory-aws/in-memory-aws.ts';
import { aProcess, BATCH_ID, benchBatch } from './in-memory-custody.ts';

export type Counted = { batch: Batch; blocks: number; rows: number; sealedBytes: number; guests: number };

/**
 * Ingest of an archive of so many bytes into a sink: every block is sealed under a key that is wrapped as guest keys are,
 * and its rows are made; all of it is counted and dropped. The batch's own few rows lie in memory. What the SDK would do
 * to send the rest, and what AWS would answer, is left out: nothing is found to be in custody already.
 */
export async function ingestCounting(
  bytes: number,
  archive: () => AsyncIterable<Uint8Array>,
  progress: (batch: Batch) => void = () => undefined,
): Promise<Counted> {
  const { parts } = aProcess(inMemoryAws());
  const counted = { blocks: 0, rows: 0, sealedBytes: 0 };
  const periodKey = newKey();
  // Which guests were made: a number each, so that the sink holds next to nothing.
  const guests = new Set<number>();
  const numberOf = (index: string) => Number.parseInt(index.slice(0, 12), 16);
  await parts.batches.create({
    ...benchBatch(bytes),
    state: 'received',
    receivedAt: new Date().toISOString(),
  });
  const outcome = await ingestBatch(BATCH_ID, {
    ...parts,
    inbox: {
      size: async () => bytes,
      read: forwards(archive),
      delete: async () => undefined,
    },
    identifiers: {
      ...parts.identifiers,
      async guestsOf(indexes) {
        return new Map(
          [...indexes]
            .filter((index) => guests.has(numberOf(index)))
            .map((index) => [index, `gst_${index.slice(0, 26)}`]),
        );
      },
      async create(_guestId, indexes) {
        for (const index of indexes) guests.add(numberOf(index));
        return 'linked';
      },
    },
    records: { ...parts.records, allBlocksOf: async () => [] },
    blocks: {
      async write(plan, zone) {
        const place = { ...plan, keyId: `gk_${randomBytes(16).toString('hex')}`, version: 1 };
        const key = newKey();
        wrapGuestKey(periodKey, key, place);
        const { sealed, rowsOf } = sealPlan(plan, { state: 'active', key, ...place });
        counted.blocks += 1;
        counted.rows += rowsOf(sealed, zone).length;
        counted.sealedBytes += sealed.length;
        return 'written';
      },
    },
    remaining: () => Number.POSITIVE_INFINITY,
    continueLater: () => Promise.resolve(),
    progress,
  });
  const batch = await parts.batches.read(BATCH_ID);
  if (outcome !== 'committed' || batch === null) throw new Error(`The batch is ${outcome}`);
  return { batch, ...counted, guests: guests.size };
}

/** Chunks in which the last item of a segment may lie, and with it where the next reading begins. */
const CHUNKS_HELD = 4;

/** Reads what can only be made from its beginning: a reading begins there, or shortly before where another stopped. */
function forwards(archive: () => AsyncIterable<Uint8Array>) {
  let source: AsyncIterator<Uint8Array> | null = null;
  let held: { at: number; chunk: Uint8Array }[] = [];
  let end = 0;
  return async function* (_key: string, from: number, length: number): AsyncGenerator<Uint8Array> {
    if (source === null || from === 0) {
      source = archive()[Symbol.asyncIterator]();
      held = [];
      end = 0;
    }
    if (from < (held[0]?.at ?? 0)) throw new RangeError('What lies there is gone');
    for (const { at, chunk } of [...held]) {
      if (at + chunk.length > from) yield chunk.subarray(Math.max(0, from - at));
    }
    while (end < length) {
      const next = await source.next();
      if (next.done === true) return;
      const at = end;
      end += next.value.length;
      held = [...held.slice(1 - CHUNKS_HELD), { at, chunk: next.value }];
      yield next.value;
    }
  };
}
