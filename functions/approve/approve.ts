import { dynamoClient, kmsClient, s3Client, sfnClient } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepFunctionsWorkflow } from '../../shared/aws/workflow.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import { type DecideDependencies, decideOnRequest } from './decide-on-request.ts';
import { decisionBodySchema } from './decision-body.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'CLOCK',
);
const dynamo = dynamoClient();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const dependencies: DecideDependencies = {
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  workflow: stepFunctionsWorkflow(sfnClient()),
  directory,
  keys: requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3Client())),
  region: regionFacts(regionConfig(env.DUALKEY_REGION)),
  broke: reportBroken,
};

export const handler = apiHandler(
  {
    'POST /requests/{id}/decisions': route(decisionBodySchema(env.CLOCK), ({ person, body, path }) =>
      decideOnRequest(
        { requestId: path['id'] ?? '', actor: person, body, now: clockAt(env.CLOCK, body.asOf)() },
        dependencies,
      ),
    ),
  },
  { directory, custody, conduct },
);
