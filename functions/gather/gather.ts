import { batchTable } from '../../shared/aws/batches.ts';
import { blockWriter } from '../../shared/aws/block-writer.ts';
import { channelTable } from '../../shared/aws/channel-table.ts';
import { dynamoClient, kmsClient, lambdaClient, s3Client } from '../../shared/aws/clients.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { gatheredBatches } from '../../shared/aws/gathered-batches.ts';
import { identifierIndex } from '../../shared/aws/identifier-index.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { pushKeys } from '../../shared/aws/push-keys.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { streamStore } from '../../shared/aws/stream-store.ts';
import { unreadPushes } from '../../shared/aws/unread-pushes.ts';
import { waitingMessages } from '../../shared/aws/waiting-messages.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { gatherInputSchema } from './gather-input.ts';
import { reportBatch, reportGathered } from './report-gathered.ts';
import { type GatherAnswer, runGather } from './run-gather.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'VAULT_BUCKET',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'INDEX_KEY',
  'CHANNEL_KEY',
  'INGEST_FUNCTION',
  'CLOCK',
);
const [dynamo, kms, s3, lambda] = [dynamoClient(), kmsClient(), s3Client(), lambdaClient()];
// Caches of keys age by the real clock, whatever time a run pretends to have.
const realClock = () => new Date();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const vault = objectStore(env.VAULT_BUCKET, s3);
const keys = custodyKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY, realClock);
const tables = { records: env.RECORDS_TABLE, keys: env.KEYS_TABLE };
const dependencies = {
  channels: channelTable(env.DIRECTORY_TABLE, dynamo, custody),
  pushKeys: pushKeys(kms, env.CHANNEL_KEY, realClock),
  batches: batchTable(env.RECORDS_TABLE, dynamo, custody),
  gathered: gatheredBatches(env.RECORDS_TABLE, dynamo, custody),
  waiting: waitingMessages(tables, dynamo),
  unread: unreadPushes(env.RECORDS_TABLE, dynamo),
  identifiers: identifierIndex(env.RECORDS_TABLE, dynamo, custody),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  keys,
  blocks: blockWriter(tables, dynamo, vault, keys, streamStore(env.VAULT_BUCKET, s3)),
  vault,
  evidence: objectStore(env.EVIDENCE_BUCKET, s3),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  directory: directoryTable(env.DIRECTORY_TABLE, dynamo),
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, realClock),
  region: regionConfig(env.DUALKEY_REGION),
  continueLater: (batchId: string) => invokeLater(lambda, env.INGEST_FUNCTION, { batchId }),
  gatheredPush: reportGathered,
  broke: reportBroken,
  progress: reportBatch,
};
/** What is left for the batch that was begun last. */
const RESERVE_MS = 60_000;

export const handler = stepHandler(gatherInputSchema, async (input, context): Promise<GatherAnswer> => {
  const answer = await runGather(input, {
    ...dependencies,
    clock: clockAt(env.CLOCK, 'asOf' in input ? input.asOf : undefined),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  if ('readAgain' in answer) log('read-again', answer);
  return answer;
});
