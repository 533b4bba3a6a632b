import { z } from 'zod';
import { batchTable } from '../../shared/aws/batches.ts';
import { dynamoClient, lambdaClient, s3Client, uploadSigningClient } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { inboxBucket } from '../../shared/aws/inbox.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { partLinks } from '../../shared/aws/part-links.ts';
import { providerStore } from '../../shared/aws/provider-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { batchBodySchema, completionSchema, rerunBodySchema } from './batch-body.ts';
import { beginBatch } from './begin-batch.ts';
import { beginRerun } from './begin-rerun.ts';
import { completeBatch } from './complete-batch.ts';
import { listBatches } from './list-batches.ts';
import { listQuarantine } from './list-quarantine.ts';
import { showBatch } from './show-batch.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'INBOX_BUCKET',
  'INGEST_FUNCTION',
  'CLOCK',
);
const dynamo = dynamoClient();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const config = regionConfig(env.DUALKEY_REGION);
const s3 = s3Client();
const lambda = lambdaClient();
const dependencies = {
  batches: batchTable(env.RECORDS_TABLE, dynamo, custody),
  inbox: inboxBucket(env.INBOX_BUCKET, s3),
  links: partLinks(env.INBOX_BUCKET, uploadSigningClient()),
  region: regionFacts(config),
  chain: hotelsOfEveryRegion(),
  providers: providerStore(env.GRANTS_TABLE, dynamo, custody),
  bases: consentStore(env.CASES_TABLE, dynamo, custody).bases,
};
const rerunning = {
  ...dependencies,
  inbox: objectStore(env.INBOX_BUCKET, s3),
  hotels: config.hotels,
  retention: config.retention,
  ingestLater: (batchId: string) => invokeLater(lambda, env.INGEST_FUNCTION, { batchId }),
};
const now = clockAt(env.CLOCK);

export const handler = apiHandler(
  {
    'POST /batches': route(batchBodySchema, ({ person, body }) =>
      beginBatch({ person, body, now: now() }, dependencies),
    ),
    'GET /batches': route(z.undefined(), ({ person, query }) =>
      listBatches({ hotel: query['hotel'], before: query['before'], person }, dependencies),
    ),
    'POST /batches/{id}/complete': route(completionSchema, ({ person, body, path }) =>
      completeBatch({ batchId: path['id'] ?? '', person, body, now: now() }, dependencies),
    ),
    'GET /batches/{id}': route(z.undefined(), ({ person, path }) =>
      showBatch({ batchId: path['id'] ?? '', person }, dependencies),
    ),
    'POST /batches/{id}/rerun': route(rerunBodySchema, ({ person, body, path }) =>
      beginRerun({ batchId: path['id'] ?? '', person, body, now: now() }, rerunning),
    ),
    'GET /quarantine': route(z.undefined(), ({ person, query }) =>
      listQuarantine({ hotel: query['hotel'], person, now: now() }, rerunning),
    ),
  },
  { directory, custody, conduct, ruleSets: null },
);
