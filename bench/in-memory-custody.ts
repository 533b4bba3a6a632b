import { ingestBatch } from '../functions/ingest/ingest-batch.ts';
import { batchTable } from '../shared/aws/batches.ts';
import { blockWriter } from '../shared/aws/block-writer.ts';
import { custodyKeys } from '../shared/aws/custody-keys.ts';
import { custodyLog } from '../shared/aws/custody-log.ts';
import { identifierIndex } from '../shared/aws/identifier-index.ts';
import { inboxBucket } from '../shared/aws/inbox.ts';
import { indexKey } from '../shared/aws/index-key.ts';
import { objectStore } from '../shared/aws/object-store.ts';
import { recordsIndex } from '../shared/aws/records-index.ts';
import { type Batch, inboxKey, newBatch } from '../shared/domain/batch.ts';
import type { CustodyKeys } from '../shared/ports/keys.ts';
import { regionConfig } from '../shared/runtime/region.ts';
import { type InMemoryAws, inMemoryAws } from '../test/fakes/in-memory-aws/in-memory-aws.ts';

export const BATCH_ID = 'bat_bench';

export type Ingested = {
  aws: InMemoryAws;
  batch: Batch;
  kmsCalls: number;
  /** The period keys that each process touched, and two for each process. */
  allowed: number;
  processes: number;
  calls: Record<string, number>;
};

/**
 * The real code of ingest takes a WeCom archive into custody, over AWS in memory: the SDK's own clients in front of it,
 * which is where calls are counted. `transactionLasts` as the in-memory AWS has it; a new process after `segmentsEach`.
 */
export async function ingestInMemory(
  archive: Buffer,
  options: { segmentsEach?: number; transactionLasts?: () => Promise<unknown> } = {},
): Promise<Ingested> {
  const { segmentsEach = Number.POSITIVE_INFINITY, transactionLasts } = options;
  const aws = inMemoryAws(transactionLasts);
  await upload(aws, archive);
  const calls: Record<string, number> = {};
  let [kmsCalls, allowed, processes] = [0, 0, 0];
  for (let done = false; !done; ) {
    const { parts, counted, periods } = aProcess(aws);
    let segments = 0;
    const outcome = await ingestBatch(BATCH_ID, {
      ...parts,
      remaining: () => (segments < segmentsEach ? 900_000 : 0),
      continueLater: () => Promise.resolve(),
      progress: () => {
        segments += 1;
      },
    });
    if (outcome !== 'committed' && outcome !== 'continued') throw new Error(`The batch is ${outcome}`);
    done = outcome === 'committed';
    processes += 1;
    allowed += periods.size + 2;
    for (const [operation, count] of Object.entries(counted)) {
      calls[operation] = (calls[operation] ?? 0) + count;
      if (operation.startsWith('kms.')) kmsCalls += count;
    }
  }
  const batch = await aProcess(aws).parts.batches.read(BATCH_ID);
  if (batch === null) throw new Error('The batch is gone');
  return { aws, batch, kmsCalls, allowed, processes, calls };
}

/** The adapters of one process of the ingest function, with caches of its own. */
export function aProcess(aws: InMemoryAws) {
  const { dynamo, s3, kms, calls } = aws.aProcess();
  const clock = () => new Date();
  const custody = custodyLog('events', dynamo);
  const vault = objectStore('vault', s3);
  const keys = custodyKeys('keys', dynamo, kms, 'custody-key', clock);
  const periods = new Set<string>();
  const watched: CustodyKeys = {
    ...keys,
    forWriting(period, guestId) {
      periods.add(`${period.hotel} ${period.recordClass} ${period.period}`);
      return keys.forWriting(period, guestId);
    },
  };
  return {
    counted: calls,
    periods,
    parts: {
      batches: batchTable('records', dynamo, custody),
      identifiers: identifierIndex('records', dynamo, custody),
      records: recordsIndex('records', dynamo),
      blocks: blockWriter({ records: 'records', keys: 'keys' }, dynamo, vault, watched),
      inbox: inboxBucket('inbox', s3),
      vault,
      evidence: objectStore('evidence', s3),
      quarantined: async function* () {},
      indexKey: indexKey('keys', dynamo, kms, 'index-key', clock),
      consents: { bases: async () => [], record: async () => 'recorded' as const },
      directory: { withAccounts: async () => [] },
      region: regionConfig('cn-north-1'),
      clock,
    },
  };
}

async function upload(aws: InMemoryAws, archive: Buffer): Promise<void> {
  const objectKey = inboxKey('SHA01', 'wecom', BATCH_ID);
  aws.buckets.objects.set(`inbox/${objectKey}`, archive);
  await aProcess(aws).parts.batches.create(benchBatch(archive.length));
}

/** A WeCom batch of so many bytes whose upload is complete. */
export function benchBatch(bytes: number): Batch {
  return newBatch({
    batchId: BATCH_ID,
    hotel: 'SHA01',
    source: 'wecom',
    category: 'enquiry',
    timezone: null,
    bytes,
    announcedDigest: null,
    parts: 1,
    uploadId: 'upload',
    objectKey: inboxKey('SHA01', 'wecom', BATCH_ID),
    by: 'p_bench',
    createdAt: new Date().toISOString(),
  });
}
