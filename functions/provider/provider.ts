import { z } from 'zod';
import { dynamoClient, kmsClient, s3Client, uploadSigningClient } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { inboxBucket } from '../../shared/aws/inbox.ts';
import { kmsSigner } from '../../shared/aws/kms-signer.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { partLinks } from '../../shared/aws/part-links.ts';
import { providerStore } from '../../shared/aws/provider-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { type ApiCall, apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { draftProviderRequest } from './draft-provider-request.ts';
import { issueLetter } from './issue-letter.ts';
import { listProviderRequests } from './list-provider-requests.ts';
import {
  answerBodySchema,
  bareBodySchema,
  draftBodySchema,
  keepBodySchema,
  refusedBodySchema,
  sentBodySchema,
} from './provider-body.ts';
import type { ProviderDependencies } from './provider-dependencies.ts';
import { recordRefused, recordSent, withdrawProviderRequest } from './record-what-became.ts';
import { beginAnswer, keepAnswer } from './take-answer.ts';

const env = environment(
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'INBOX_BUCKET',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'SIGNING_KEY',
  'CLOCK',
);
const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3);
const dependencies: ProviderDependencies = {
  region: regionConfig(env.DUALKEY_REGION),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  store: grantStore(env.GRANTS_TABLE, dynamo, custody),
  providers: providerStore(env.GRANTS_TABLE, dynamo, custody),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kms, env.GRANT_KEY),
  directory,
  signer: kmsSigner(kms, env.SIGNING_KEY),
  inbox: inboxBucket(env.INBOX_BUCKET, s3),
  links: partLinks(env.INBOX_BUCKET, uploadSigningClient()),
  evidence,
};

/** Who calls about which provider request, and when. */
function callOf<Body extends { asOf?: string | undefined }>({ person, body, path }: ApiCall<Body>) {
  const now = clockAt(env.CLOCK, body.asOf)();
  return { providerRequestId: path['id'] ?? '', actor: person, now, body };
}

export const handler = apiHandler(
  {
    'POST /requests/{id}/provider-requests': route(draftBodySchema(env.CLOCK), ({ person, body, path }) =>
      draftProviderRequest(
        { requestId: path['id'] ?? '', actor: person, body, now: clockAt(env.CLOCK, body.asOf)() },
        dependencies,
      ),
    ),
    'GET /requests/{id}/provider-requests': route(z.undefined(), ({ person, path }) =>
      listProviderRequests({ requestId: path['id'] ?? '', actor: person }, dependencies),
    ),
    'POST /provider-requests/{id}/letter': route(bareBodySchema(env.CLOCK), (call) =>
      issueLetter(callOf(call), dependencies),
    ),
    'POST /provider-requests/{id}/sent': route(sentBodySchema(env.CLOCK), (call) =>
      recordSent(callOf(call), dependencies),
    ),
    'POST /provider-requests/{id}/refused': route(refusedBodySchema(env.CLOCK), (call) =>
      recordRefused(callOf(call), dependencies),
    ),
    'POST /provider-requests/{id}/withdraw': route(bareBodySchema(env.CLOCK), (call) =>
      withdrawProviderRequest(callOf(call), dependencies),
    ),
    'POST /provider-requests/{id}/answers': route(answerBodySchema(env.CLOCK), (call) =>
      beginAnswer(callOf(call), dependencies),
    ),
    'POST /provider-requests/{id}/answers/keep': route(keepBodySchema(env.CLOCK), (call) =>
      keepAnswer(callOf(call), dependencies),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
