import { caseStore } from '../../shared/aws/case-store.ts';
import { dynamoClient, kmsClient, lambdaClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { viewStore } from '../../shared/aws/view-store.ts';
import { waitingSealer } from '../../shared/aws/waiting-sealer.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { countForView } from './count-for-view.ts';
import { showView } from './show-view.ts';
import { aggregatesBodySchema, viewBodySchema } from './view-body.ts';
import type { ViewDependencies } from './view-dependencies.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'VAULT_BUCKET',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'INDEX_KEY',
  'GATHER_FUNCTION',
  'CLOCK',
);
const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const region = regionConfig(env.DUALKEY_REGION);
const clock = clockAt(env.CLOCK);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const dependencies: ViewDependencies = {
  region,
  directory,
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, clock),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3)),
  sealWaiting: waitingSealer(env.RECORDS_TABLE, dynamo, lambdaClient(), env.GATHER_FUNCTION),
  keys: custodyKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY, clock),
  vault: objectStore(env.VAULT_BUCKET, s3),
  views: viewStore(env.GRANTS_TABLE, dynamo, custody),
  blockRefused: () => emitMetric('blockRefused'),
  shown: () => emitMetric('viewShown'),
};

export const handler = apiHandler(
  {
    'POST /views': route(viewBodySchema(env.CLOCK), ({ person, body, device }) =>
      showView({ viewer: person, body, device, now: clockAt(env.CLOCK, body.asOf)() }, dependencies),
    ),
    'POST /views/aggregates': route(aggregatesBodySchema(env.CLOCK), ({ person, body, device }) =>
      countForView({ viewer: person, body, device, now: clockAt(env.CLOCK, body.asOf)() }, dependencies),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
