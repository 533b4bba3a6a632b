import { setTimeout as sleep } from 'node:timers/promises';
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
import { inboxKey, newBatch } from '../shared/domain/batch.ts';
import type { CustodyKeys } from '../shared/ports/keys.ts';
import { regionConfig } from '../shared/runtime/region.ts';
import { type InMemoryAws, inMemoryAws } from '../test/fakes/in-memory-aws/in-memory-aws.ts';
import { type Measure, promised, reported } from './measure.ts';

const MESSAGES = 100_000;
const GUESTS = 300;
const MONTHS = 3;
/** How long a transaction is under way, milliseconds: in the order of what DynamoDB takes. */
const TRANSACTION_MS = 10;

const WARM = 'kms-calls-ingesting-100000-messages';
const COLD = 'kms-calls-ingesting-100000-messages-in-cold-processes';
const BLOCKS = 'blocks-of-100000-messages-of-300-guests';
export const names = [WARM, COLD, BLOCKS];

/**
 * KMS calls while the real code of ingest takes 100,000 messages into custody, over AWS in memory (the SDK's own clients
 * in front of it, which is where calls are counted; transactions take a while and cancel each other): in one warm
 * process, and with a cold process for each segment.
 */
export async function measures(): Promise<Measure[]> {
  const archive = Buffer.from(Array.from({ length: MESSAGES }, (_, n) => message(n)).join('\n'));
  const warm = await ingest(archive, { segmentsEach: Number.POSITIVE_INFINITY });
  const cold = await ingest(archive, { segmentsEach: 1 });
  for (const { processes, conflicts, calls } of [warm, cold]) {
    process.stderr.write(`  ${processes} process(es), ${conflicts} conflicts: ${JSON.stringify(calls)}\n`);
  }
  return [
    promised(WARM, warm.kmsCalls, 'calls', { atMost: warm.allowed }),
    promised(COLD, cold.kmsCalls, 'calls', { atMost: cold.allowed }),
    reported(BLOCKS, warm.blocks, 'blocks'),
  ];
}

type Counted = {
  kmsCalls: number;
  /** The period keys that each process touched, and two for each process. */
  allowed: number;
  processes: number;
  /** Calls that a transaction under way refused. */
  conflicts: number;
  calls: Record<string, number>;
  blocks: number;
};

async function ingest(archive: Buffer, { segmentsEach }: { segmentsEach: number }): Promise<Counted> {
  const aws = inMemoryAws(() => sleep(TRANSACTION_MS));
  const batchId = await upload(aws, archive);
  const calls: Record<string, number> = {};
  let [kmsCalls, allowed, processes] = [0, 0, 0];
  for (let done = false; !done; ) {
    const { parts, counted, periods } = aProcess(aws);
    let segments = 0;
    const outcome = await ingestBatch(batchId, {
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
  const batch = await aProcess(aws).parts.batches.read(batchId);
  if (batch?.accepted !== MESSAGES) throw new Error(`${batch?.accepted} of ${MESSAGES} messages went in`);
  return { kmsCalls, allowed, processes, conflicts: aws.tables.conflicts(), calls, blocks: batch.blocks };
}

/** The adapters of one process of the ingest function, with caches of its own. */
function aProcess(aws: InMemoryAws) {
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
      indexKey: indexKey('keys', dynamo, kms, 'index-key', clock),
      directory: { withAccounts: async () => [] },
      region: regionConfig('cn-north-1'),
      clock,
    },
  };
}

async function upload(aws: InMemoryAws, archive: Buffer): Promise<string> {
  const batchId = 'bat_bench';
  const objectKey = inboxKey('SHA01', 'wecom', batchId);
  aws.buckets.objects.set(`inbox/${objectKey}`, archive);
  await aProcess(aws).parts.batches.create(
    newBatch({
      batchId,
      hotel: 'SHA01',
      source: 'wecom',
      category: 'enquiry',
      timezone: null,
      bytes: archive.length,
      announcedDigest: null,
      parts: 1,
      uploadId: 'upload',
      objectKey,
      by: 'p_bench',
      createdAt: new Date().toISOString(),
    }),
  );
  return batchId;
}

function message(n: number): string {
  const guest = `wmBench${String(n % GUESTS).padStart(25, '0')}`;
  const fromGuest = n % 2 === 0;
  return JSON.stringify({
    msgid: `${n}_1700000000`,
    action: 'send',
    from: fromGuest ? guest : 'frontdesk01',
    tolist: [fromGuest ? 'frontdesk01' : guest],
    roomid: '',
    msgtime: Date.UTC(2026, n % MONTHS, 5) + n * 100,
    msgtype: 'text',
    text: { content: `请问${n}号房几点可以入住?` },
  });
}
