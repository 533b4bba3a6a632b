import { batchTable } from '../../shared/aws/batches.ts';
import { blockMerge } from '../../shared/aws/block-merge.ts';
import { blockWriter } from '../../shared/aws/block-writer.ts';
import { dynamoClient, kmsClient, lambdaClient, s3Client } from '../../shared/aws/clients.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { dropInbox } from '../../shared/aws/drop-inbox.ts';
import { identifierIndex } from '../../shared/aws/identifier-index.ts';
import { inboxBucket } from '../../shared/aws/inbox.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { mediaWriter } from '../../shared/aws/media-writer.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { streamStore } from '../../shared/aws/stream-store.ts';
import { readQuarantine } from '../../shared/custody-in/read-quarantine.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { ingestBatch } from './ingest-batch.ts';
import { ingestInputSchema } from './ingest-input.ts';
import { reportProgress } from './report-progress.ts';
import { type DropRefusal, takeDrop } from './take-drop.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'INBOX_BUCKET',
  'VAULT_BUCKET',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'INDEX_KEY',
  'INGEST_FUNCTION',
  'CLOCK',
);
const [dynamo, kms, s3, lambda] = [dynamoClient(), kmsClient(), s3Client(), lambdaClient()];
// Caches of keys age by the real clock, whatever time a run pretends to have.
const realClock = () => new Date();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const vault = objectStore(env.VAULT_BUCKET, s3);
const keys = custodyKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY, realClock);
const batches = batchTable(env.RECORDS_TABLE, dynamo, custody);
const streams = streamStore(env.VAULT_BUCKET, s3);
const tables = { records: env.RECORDS_TABLE, keys: env.KEYS_TABLE };
const dependencies = {
  batches,
  supply: {
    keys,
    vault,
    media: mediaWriter(streams),
    merge: blockMerge(tables, dynamo, vault, custody),
    batches,
  },
  identifiers: identifierIndex(env.RECORDS_TABLE, dynamo, custody),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  blocks: blockWriter(tables, dynamo, vault, keys, streams),
  inbox: inboxBucket(env.INBOX_BUCKET, s3),
  vault,
  evidence: objectStore(env.EVIDENCE_BUCKET, s3),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  directory: directoryTable(env.DIRECTORY_TABLE, dynamo),
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, realClock),
  region: regionConfig(env.DUALKEY_REGION),
  continueLater: (batchId: string) => invokeLater(lambda, env.INGEST_FUNCTION, { batchId }),
  quarantined: (batchId: string) => readQuarantine(batchId, { batches, keys, vault }),
  progress: reportProgress,
};

const drops = dropInbox(env.INBOX_BUCKET, s3);

function refusedDrop(reason: DropRefusal): void {
  log('drop-refused', { reason });
  emitMetric('dropRefused');
}

export const handler = stepHandler(ingestInputSchema, async (input, context) => {
  const clock = clockAt(env.CLOCK, 'drop' in input ? undefined : input.asOf);
  const batchId =
    'drop' in input
      ? await takeDrop(input.drop, { ...dependencies, inbox: drops, clock, refused: refusedDrop })
      : input.batchId;
  if (batchId === null) return { batchId, outcome: 'refused' };
  const remaining = () => context.getRemainingTimeInMillis();
  return { batchId, outcome: await ingestBatch(batchId, { ...dependencies, clock, remaining }) };
});
