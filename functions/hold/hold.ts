import { z } from 'zod';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { holdKeys } from '../../shared/aws/hold-keys.ts';
import { holdStore } from '../../shared/aws/hold-store.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepUpStore } from '../../shared/aws/step-up-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { placeBodySchema, releaseBodySchema } from './hold-body.ts';
import { listHolds } from './list-holds.ts';
import { type HoldDependencies, placeHold } from './place-hold.ts';
import { releaseHold } from './release-hold.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'INDEX_KEY',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
);
const [dynamo, kms] = [dynamoClient(), kmsClient()];
const clock = clockAt(env.CLOCK);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3Client());
const dependencies: HoldDependencies = {
  region: regionConfig(env.DUALKEY_REGION),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  stepUps: {
    store: stepUpStore(env.DIRECTORY_TABLE, dynamo),
    evidence,
    rules: stepUpRules(env, regionConfig(env.DUALKEY_REGION)),
  },
  holds: holdStore(env.CASES_TABLE, dynamo, custody, env.DIRECTORY_TABLE),
  holdKeys: holdKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY),
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, clock),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
};

export const handler = apiHandler(
  {
    'POST /holds': route(placeBodySchema, ({ person, body }) =>
      placeHold({ actor: person, body, now: clock() }, dependencies),
    ),
    'POST /holds/{id}/release': route(releaseBodySchema, ({ person, body, path }) =>
      releaseHold({ actor: person, holdId: path['id'] ?? '', body, now: clock() }, dependencies),
    ),
    'GET /holds': route(z.undefined(), ({ person }) => listHolds({ actor: person }, dependencies)),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
