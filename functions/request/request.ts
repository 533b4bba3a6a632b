import { z } from 'zod';
import { caseStore } from '../../shared/aws/case-store.ts';
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
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import { type ListDependencies, listRequests } from './list-requests.ts';
import { type MakeDependencies, makeRequest } from './make-request.ts';
import { ownRefusal } from './own-refusal.ts';
import { requestBodySchema } from './request-body.ts';
import { type ShowDependencies, showRequest } from './show-request.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'STATE_MACHINE',
  'CLOCK',
);
const dynamo = dynamoClient();
const config = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), config);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const store = grantStore(env.GRANTS_TABLE, dynamo, custody);
const keys = requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY);
const looking: ShowDependencies & ListDependencies = {
  store,
  keys,
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3Client())),
  region: regionFacts(config),
  directory,
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
};
const making: MakeDependencies = {
  store,
  keys,
  directory,
  workflow: stepFunctionsWorkflow(sfnClient(), env.STATE_MACHINE),
  region: config,
  chain: hotelsOfEveryRegion(),
  broke: reportBroken,
};
const now = clockAt(env.CLOCK);
const noBody = z.undefined();

export const handler = apiHandler(
  {
    'POST /requests': route(requestBodySchema(env.CLOCK), ({ person, body }) =>
      makeRequest({ person, body, now: clockAt(env.CLOCK, body.asOf)() }, making),
    ),
    'GET /requests': route(noBody, ({ person, query }) =>
      listRequests({ actor: person, query, now: now() }, looking),
    ),
    'GET /requests/{id}': route(noBody, ({ person, path }) =>
      showRequest({ requestId: path['id'] ?? '', actor: person, now: now() }, looking),
    ),
  },
  {
    directory,
    custody,
    conduct,
    ruleSets: looking.ruleSets,
    besideLock: async ({ routeKey, pathParameters }, { personId }) =>
      routeKey === 'GET /requests/{id}'
        ? ownRefusal({ requestId: pathParameters?.['id'] ?? '', personId }, store)
        : null,
  },
);
