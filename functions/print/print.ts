import { z } from 'zod';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { printStore } from '../../shared/aws/print-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { addPrint, endPrint, listPrints, type PrintDependencies } from './keep-prints.ts';
import { printBodySchema, printEndBodySchema } from './print-body.ts';

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
const region = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const dependencies: PrintDependencies = {
  grants: grantStore(env.GRANTS_TABLE, dynamo, custody),
  prints: printStore(env.GRANTS_TABLE, dynamo, custody),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3Client())),
  region: regionFacts(region),
};
const nowAt = (asOf?: string) => clockAt(env.CLOCK, asOf)();

export const handler = apiHandler(
  {
    'POST /requests/{id}/prints': route(printBodySchema(env.CLOCK), ({ person, path, body }) =>
      addPrint(
        { requestId: path['id'] ?? '', actor: person, seal: body.seal, now: nowAt(body.asOf) },
        dependencies,
      ),
    ),
    'POST /requests/{id}/prints/end': route(
      printEndBodySchema(env.CLOCK),
      ({ person, path, body: { asOf, ...body } }) =>
        endPrint({ requestId: path['id'] ?? '', actor: person, now: nowAt(asOf), ...body }, dependencies),
    ),
    'GET /requests/{id}/prints': route(z.undefined(), ({ person, path }) =>
      listPrints({ requestId: path['id'] ?? '', actor: person, now: nowAt() }, dependencies),
    ),
  },
  {
    directory: directoryTable(env.DIRECTORY_TABLE, dynamo),
    custody,
    conduct: keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region),
    ruleSets: dependencies.ruleSets,
  },
);
