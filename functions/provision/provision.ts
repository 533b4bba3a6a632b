import { batchCounts } from '../../shared/aws/batch-counts.ts';
import { caseStore } from '../../shared/aws/case-store.ts';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { deviceStore } from '../../shared/aws/device-store.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { retrievalCounts } from '../../shared/aws/retrieval-counts.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { streamStore } from '../../shared/aws/stream-store.ts';
import { startInputSchema } from '../../shared/domain/step-input.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { keptStepUps } from '../../shared/step-up/kept-step-up.ts';
import { type ProvisionDependencies, provisionGrant } from './provision-grant.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'VAULT_BUCKET',
  'DELIVERY_BUCKET',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'GRANT_KEY',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
);
const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const clock = clockAt(env.CLOCK);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3);
const region = regionConfig(env.DUALKEY_REGION);
const dependencies: ProvisionDependencies = {
  clock,
  region: regionFacts(region),
  places: region.hotels,
  counts: retrievalCounts(env.GRANTS_TABLE, dynamo),
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  directory: directoryTable(env.DIRECTORY_TABLE, dynamo),
  signed: keptStepUps({
    evidence,
    devices: deviceStore(env.DIRECTORY_TABLE, dynamo, custody),
    rules: stepUpRules(env, region),
  }),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  batchCounts: batchCounts(env.RECORDS_TABLE, dynamo),
  keys: custodyKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY, clock),
  requestKeys: requestKeys(env.KEYS_TABLE, dynamo, kms, env.GRANT_KEY),
  vault: objectStore(env.VAULT_BUCKET, s3),
  vaultMedia: streamStore(env.VAULT_BUCKET, s3),
  deliveryMedia: streamStore(env.DELIVERY_BUCKET, s3),
  evidence,
  delivery: objectStore(env.DELIVERY_BUCKET, s3),
  blockRefused: () => emitMetric('blockRefused'),
  recordsLost: (records) => emitMetric('recordsLost', records),
};

export const handler = stepHandler(startInputSchema, (input) => provisionGrant(input, dependencies));
