import { caseStore } from '../../shared/aws/case-store.ts';
import { dynamoClient, kmsClient, lambdaClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { emergencyCounts } from '../../shared/aws/emergency-counts.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { retrievalCounts } from '../../shared/aws/retrieval-counts.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { waitingSealer } from '../../shared/aws/waiting-sealer.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { startInputSchema } from '../../shared/domain/step-input.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { type CheckDependencies, checkRequest } from './check-request.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'INDEX_KEY',
  'GRANT_KEY',
  'GATHER_FUNCTION',
  'CLOCK',
);
const [dynamo, kms] = [dynamoClient(), kmsClient()];
const clock = clockAt(env.CLOCK);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const region = regionConfig(env.DUALKEY_REGION);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3Client());
const dependencies: CheckDependencies = {
  region,
  regionFacts: regionFacts(region),
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  directory: directoryTable(env.DIRECTORY_TABLE, dynamo),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  counts: retrievalCounts(env.GRANTS_TABLE, dynamo),
  emergencies: emergencyCounts(env.GRANTS_TABLE, dynamo),
  sealWaiting: waitingSealer(env.RECORDS_TABLE, dynamo, lambdaClient(), env.GATHER_FUNCTION),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kms, env.GRANT_KEY),
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, clock),
  evidence,
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  clock,
  conduct: keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), regionConfig(env.DUALKEY_REGION)),
  refused: () => emitMetric('attemptRefused'),
  accountLocked: () => emitMetric('accountLocked'),
  manyOrSensitive: () => emitMetric('sensitiveOrManyGuests'),
  emergencyAsked: () => emitMetric('emergencyAsked'),
};

export const handler = stepHandler(startInputSchema, (input) => checkRequest(input, dependencies));
