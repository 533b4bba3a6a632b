import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import { z } from 'zod';
import { changeStore } from '../../shared/aws/change-store.ts';
import {
  dynamoClient,
  kmsClient,
  lambdaClient,
  s3Client,
  uploadSigningClient,
} from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryChanges } from '../../shared/aws/directory-changes.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { guestsOfHotel } from '../../shared/aws/guests-of-hotel.ts';
import { inboxBucket } from '../../shared/aws/inbox.ts';
import { indexKey } from '../../shared/aws/index-key.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { partLinks } from '../../shared/aws/part-links.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { newId } from '../../shared/domain/identifiers.ts';
import { waitingPatchSchema } from '../../shared/domain/staff-import.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { hotelsOfEveryRegion, regionConfig } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { beginImport, completeImport } from './begin-import.ts';
import { runJobs } from './run-jobs.ts';
import { confirmChange, listChanges, rejectChange, showChange } from './settle-change.ts';
import { showImport } from './show-import.ts';
import { showPerson } from './show-person.ts';
import { completeBodySchema, importBodySchema, settleBodySchema } from './staff-body.ts';
import type { StaffDependencies } from './staff-dependencies.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'INBOX_BUCKET',
  'EVIDENCE_BUCKET',
  'INDEX_KEY',
  'STAFF_FUNCTION',
  'TOKEN_ISSUER',
  'CLOCK',
);
/** What is left for the people who were begun last, and for handing on. */
const RESERVE_MS = 60_000;

const [dynamo, kms, s3, lambda] = [dynamoClient(), kmsClient(), s3Client(), lambdaClient()];
const clock = clockAt(env.CLOCK);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const region = regionConfig(env.DUALKEY_REGION);
const conducts = conductTable(env.DIRECTORY_TABLE, dynamo, custody);
const conduct = keepConduct(conducts, region);
const dependencies: StaffDependencies = {
  region,
  chainHotels: hotelsOfEveryRegion().map(({ code }) => code),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3)),
  directory,
  changes: directoryChanges(env.DIRECTORY_TABLE, dynamo, custody),
  waiting: changeStore(env.DIRECTORY_TABLE, dynamo, custody, waitingPatchSchema),
  inbox: inboxBucket(env.INBOX_BUCKET, s3),
  links: partLinks(env.INBOX_BUCKET, uploadSigningClient()),
  wake: () => invokeLater(lambda, env.STAFF_FUNCTION, {}),
  clock,
};
const guests = {
  issuer: env.TOKEN_ISSUER,
  indexKey: indexKey(env.KEYS_TABLE, dynamo, kms, env.INDEX_KEY, clock),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  ...guestsOfHotel(env.KEYS_TABLE, dynamo),
  newPersonId: () => newId('p', clock()),
};

const api = apiHandler(
  {
    'POST /staff/imports': route(importBodySchema, ({ person, body }) =>
      beginImport({ actor: person, body, now: clock() }, dependencies),
    ),
    'POST /staff/imports/{id}/complete': route(completeBodySchema, ({ person, body, path }) =>
      completeImport({ actor: person, importId: path['id'] ?? '', body }, dependencies),
    ),
    'GET /staff/imports/{id}': route(z.undefined(), ({ person, path }) =>
      showImport({ actor: person, importId: path['id'] ?? '' }, dependencies),
    ),
    'GET /staff/people': route(z.undefined(), ({ person, query }) =>
      showPerson(
        { actor: person, user: query['user'], to: query['to'], now: clock() },
        { ...dependencies, conduct: conducts },
      ),
    ),
    'GET /staff/changes': route(z.undefined(), ({ person }) =>
      listChanges({ actor: person, now: clock() }, dependencies),
    ),
    'GET /staff/changes/{id}': route(z.undefined(), ({ person, path }) =>
      showChange({ actor: person, changeId: path['id'] ?? '', now: clock() }, dependencies),
    ),
    'POST /staff/changes/{id}/confirm': route(settleBodySchema, ({ person, body, path }) =>
      confirmChange({ actor: person, changeId: path['id'] ?? '', body, now: clock() }, dependencies),
    ),
    'POST /staff/changes/{id}/reject': route(settleBodySchema, ({ person, body, path }) =>
      rejectChange({ actor: person, changeId: path['id'] ?? '', body, now: clock() }, dependencies),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);

const work = stepHandler(z.strictObject({}), async (_input, context) => {
  const hasTime = () => context.getRemainingTimeInMillis() > RESERVE_MS;
  const done = await runJobs({ ...dependencies, ...guests, hasTime });
  log('directory-worked', done);
  return done;
});

function isApiCall(event: unknown): event is APIGatewayProxyEventV2WithJWTAuthorizer {
  return typeof event === 'object' && event !== null && 'routeKey' in event;
}

/** The API's routes, and the work on imports and confirmed changes that they begin. */
export function handler(event: unknown, context: Context) {
  return isApiCall(event) ? api(event, context) : work(event, context);
}
