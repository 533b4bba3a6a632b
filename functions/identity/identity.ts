import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { identifierIndex } from '../../shared/aws/identifier-index.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { unlinkBodySchema } from './unlink-body.ts';
import { unlinkIdentifier } from './unlink-identifier.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'INDEX_KEY',
  'CLOCK',
);
const [dynamo, kms] = [dynamoClient(), kmsClient()];
const now = clockAt(env.CLOCK);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const dependencies = {
  region: regionConfig(env.DUALKEY_REGION),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3Client())),
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, now),
  identifiers: identifierIndex(env.RECORDS_TABLE, dynamo, custody),
};

export const handler = apiHandler(
  {
    'POST /identities/unlink': route(unlinkBodySchema, ({ person, body }) =>
      unlinkIdentifier({ actor: person, body, now: now() }, dependencies),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
