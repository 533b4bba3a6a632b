import { z } from 'zod';
import { batchTable } from '../../shared/aws/batches.ts';
import { dynamoClient, s3Client, uploadSigningClient } from '../../shared/aws/clients.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { inboxBucket } from '../../shared/aws/inbox.ts';
import { partLinks } from '../../shared/aws/part-links.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { batchBodySchema, completionSchema } from './batch-body.ts';
import { beginBatch } from './begin-batch.ts';
import { completeBatch } from './complete-batch.ts';
import { showBatch } from './show-batch.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'INBOX_BUCKET',
  'CLOCK',
);
const dynamo = dynamoClient();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const dependencies = {
  batches: batchTable(env.RECORDS_TABLE, dynamo, custody),
  inbox: inboxBucket(env.INBOX_BUCKET, s3Client()),
  links: partLinks(env.INBOX_BUCKET, uploadSigningClient()),
  region: regionFacts(regionConfig(env.DUALKEY_REGION)),
  chain: hotelsOfEveryRegion(),
  bases: consentStore(env.CASES_TABLE, dynamo, custody).bases,
};
const now = clockAt(env.CLOCK);

export const handler = apiHandler(
  {
    'POST /batches': route(batchBodySchema, ({ person, body }) =>
      beginBatch({ person, body, now: now() }, dependencies),
    ),
    'POST /batches/{id}/complete': route(completionSchema, ({ person, body, path }) =>
      completeBatch({ batchId: path['id'] ?? '', person, body, now: now() }, dependencies),
    ),
    'GET /batches/{id}': route(z.undefined(), ({ person, path }) =>
      showBatch({ batchId: path['id'] ?? '', person }, dependencies),
    ),
  },
  { directory, custody },
);
