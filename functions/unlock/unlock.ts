import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepUpStore } from '../../shared/aws/step-up-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { unlockAccount } from './unlock-account.ts';
import { unlockBodySchema } from './unlock-body.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
);
const dynamo = dynamoClient();
const region = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3Client());
const conducts = conductTable(env.DIRECTORY_TABLE, dynamo, custody);
const dependencies = {
  directory,
  conduct: conducts,
  keys: requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  region: regionFacts(region),
  stepUps: {
    store: stepUpStore(env.DIRECTORY_TABLE, dynamo),
    evidence,
    rules: stepUpRules(env, region),
  },
};

export const handler = apiHandler(
  {
    'POST /accounts/unlock': route(unlockBodySchema(env.CLOCK), ({ person, body }) =>
      unlockAccount({ actor: person, body, now: clockAt(env.CLOCK, body.asOf)() }, dependencies),
    ),
  },
  { directory, custody, conduct: keepConduct(conducts, region), ruleSets: dependencies.ruleSets },
);
