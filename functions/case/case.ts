import { z } from 'zod';
import { caseStore } from '../../shared/aws/case-store.ts';
import { changeStore } from '../../shared/aws/change-store.ts';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { identifierIndex } from '../../shared/aws/identifier-index.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { caseSchema } from '../../shared/domain/case.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { importBodySchema, settleBodySchema } from './case-body.ts';
import type { CaseDependencies } from './case-dependencies.ts';
import { importCases } from './import-cases.ts';
import { listCaseChanges, listCases } from './list-cases.ts';
import { confirmCaseChange, rejectCaseChange } from './settle-case-change.ts';

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
const clock = clockAt(env.CLOCK);
const region = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const waitingCase = z.object({ next: caseSchema, version: z.number().int().min(0) });
const dependencies: CaseDependencies = {
  region,
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3Client())),
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  caseChanges: changeStore(env.CASES_TABLE, dynamo, custody, waitingCase),
  directory,
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, clock),
  identifiers: identifierIndex(env.RECORDS_TABLE, dynamo, custody),
};

export const handler = apiHandler(
  {
    'POST /cases': route(
      importBodySchema,
      ({ person, body }) => importCases({ actor: person, body, now: clock() }, dependencies),
      { bodyBytes: LIMITS.caseImportBytes },
    ),
    'GET /cases': route(z.undefined(), ({ person, query }) =>
      listCases({ actor: person, query, now: clock() }, dependencies),
    ),
    'GET /case-changes': route(z.undefined(), ({ person }) =>
      listCaseChanges({ actor: person, now: clock() }, dependencies),
    ),
    'POST /case-changes/{id}/confirm': route(settleBodySchema, ({ person, path }) =>
      confirmCaseChange({ actor: person, changeId: path['id'] ?? '', now: clock() }, dependencies),
    ),
    'POST /case-changes/{id}/reject': route(settleBodySchema, ({ person, path }) =>
      rejectCaseChange({ actor: person, changeId: path['id'] ?? '', now: clock() }, dependencies),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
