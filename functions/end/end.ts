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
import { type ApiCall, apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import type { HttpResult } from '../../shared/runtime/http-result.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import { type EndDependencies, type EndingCall, endRequest } from './end-request.ts';
import { endingBodySchema, revokingBodySchema } from './ending-body.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'DELIVERY_BUCKET',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'CLOCK',
);
const [dynamo, s3] = [dynamoClient(), s3Client()];
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const dependencies: EndDependencies = {
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  workflow: stepFunctionsWorkflow(sfnClient()),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY),
  delivery: objectStore(env.DELIVERY_BUCKET, s3),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3)),
  region: regionFacts(regionConfig(env.DUALKEY_REGION)),
  broke: reportBroken,
};

function ends(ending: EndingCall['ending']) {
  return ({ person, body, path }: ApiCall<{ reason?: string | undefined; asOf?: string | undefined }>) =>
    endRequest(
      {
        requestId: path['id'] ?? '',
        actor: person,
        ending,
        reason: body.reason ?? null,
        now: clockAt(env.CLOCK, body.asOf)(),
      },
      dependencies,
    ) satisfies Promise<HttpResult>;
}

export const handler = apiHandler(
  {
    'POST /requests/{id}/withdraw': route(endingBodySchema(env.CLOCK), ends('withdraw')),
    'POST /requests/{id}/close': route(endingBodySchema(env.CLOCK), ends('close')),
    'POST /requests/{id}/revoke': route(revokingBodySchema(env.CLOCK), ends('revoke')),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
