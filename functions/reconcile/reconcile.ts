import { batchTable } from '../../shared/aws/batches.ts';
import { caseStore } from '../../shared/aws/case-store.ts';
import {
  dynamoClient,
  kmsClient,
  lambdaClient,
  s3Client,
  sfnClient,
  snsClient,
} from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { noticeTopic } from '../../shared/aws/notice-topic.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { providerStore } from '../../shared/aws/provider-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { staleUploads } from '../../shared/aws/stale-uploads.ts';
import { stepFunctionsWorkflow } from '../../shared/aws/workflow.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log, logError } from '../../shared/runtime/log.ts';
import type { MetricId } from '../../shared/runtime/metrics-catalogue.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { followStream } from './follow-stream.ts';
import type { ReconcileDependencies } from './reconcile-dependencies.ts';
import { reconcileInputSchema } from './reconcile-input.ts';
import { failIfAnythingFailed, sweep } from './sweep.ts';

const env = environment(
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'INBOX_BUCKET',
  'VAULT_BUCKET',
  'DELIVERY_BUCKET',
  'GRANT_KEY',
  'STATE_MACHINE',
  'ARCHIVE_FUNCTION',
  'INGEST_FUNCTION',
  'NOTICES_TOPIC',
  'CLOCK',
);
const METRIC_OF = {
  lapsed: 'requestLapsed',
  'emergency-incident': 'emergencyIncident',
  reminded: 'approvalReminded',
  'provider-overdue': 'providerOverdue',
  repaired: 'workflowRepaired',
  'copy-overdue': 'copyOverdue',
  'batch-resumed': 'batchStalled',
  failed: 'retrievalFailed',
} as const satisfies Record<Parameters<ReconcileDependencies['did']>[0], MetricId>;

const [dynamo, lambda, s3, sns] = [dynamoClient(), lambdaClient(), s3Client(), snsClient()];
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const batches = batchTable(env.RECORDS_TABLE, dynamo, custody);
/** `asOf` as it was injected, for whoever goes on with a batch at that time. */
const dependencies = (asOf?: string): ReconcileDependencies => ({
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  providers: providerStore(env.GRANTS_TABLE, dynamo, custody),
  workflow: stepFunctionsWorkflow(sfnClient(), env.STATE_MACHINE),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY),
  delivery: objectStore(env.DELIVERY_BUCKET, s3),
  archive: (requestId) => invokeLater(lambda, env.ARCHIVE_FUNCTION, { version: 1, requestId }),
  batches: {
    stalled: batches.stalled,
    resume: (batchId) => invokeLater(lambda, env.INGEST_FUNCTION, { batchId, asOf }),
  },
  notices: noticeTopic(sns, env.NOTICES_TOPIC),
  noticeFailed: (error) => {
    logError(error);
    emitMetric('noticeFailed');
  },
  uploads: staleUploads([env.INBOX_BUCKET, env.VAULT_BUCKET, env.DELIVERY_BUCKET], s3),
  broke: reportBroken,
  did: (what, count) => emitMetric(METRIC_OF[what], count),
});

export const handler = stepHandler(reconcileInputSchema, async (input) => {
  if (input.Records !== undefined) return followStream(input, clockAt(env.CLOCK)(), dependencies());
  const swept = await sweep(clockAt(env.CLOCK, input.asOf)(), dependencies(input.asOf));
  log('swept', { ...swept.counts, failures: swept.failures.length });
  emitMetric('sweepFinished');
  failIfAnythingFailed(swept);
  return swept.counts;
});
