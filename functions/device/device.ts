import { z } from 'zod';
import { dynamoClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { deviceStore } from '../../shared/aws/device-store.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepUpStore } from '../../shared/aws/step-up-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { challengeBodySchema, confirmBodySchema, enrolBodySchema, revokeBodySchema } from './device-body.ts';
import { enrolDevice } from './enrol-device.ts';
import { issueChallenge } from './issue-challenge.ts';
import { confirmDevice, listDevices, revokeDevice } from './settle-device.ts';

const env = environment(
  'DUALKEY_REGION',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
);
const dynamo = dynamoClient();
const region = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const dependencies = {
  stepUps: stepUpStore(env.DIRECTORY_TABLE, dynamo),
  devices: deviceStore(env.DIRECTORY_TABLE, dynamo, custody),
  grants: grantStore(env.GRANTS_TABLE, dynamo, custody),
  directory,
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, objectStore(env.EVIDENCE_BUCKET, s3Client())),
  region: regionFacts(region),
  rules: stepUpRules(env, region),
};
const nowAt = (asOf: string | undefined) => clockAt(env.CLOCK, asOf)();

export const handler = apiHandler(
  {
    'POST /step-up/challenges': route(challengeBodySchema(env.CLOCK), ({ person, body }) =>
      issueChallenge({ actor: person, body, now: nowAt(body.asOf) }, dependencies),
    ),
    'POST /devices': route(enrolBodySchema(env.CLOCK), ({ person, body }) =>
      enrolDevice({ actor: person, body, now: nowAt(body.asOf) }, dependencies),
    ),
    'POST /devices/confirm': route(confirmBodySchema(env.CLOCK), ({ person: actor, body }) =>
      confirmDevice(
        { actor, owner: body.person, credentialId: body.credentialId, now: nowAt(body.asOf) },
        dependencies,
      ),
    ),
    'POST /devices/revoke': route(revokeBodySchema(env.CLOCK), ({ person: actor, body }) =>
      revokeDevice(
        {
          actor,
          owner: body.person ?? actor.personId,
          credentialId: body.credentialId,
          now: nowAt(body.asOf),
        },
        dependencies,
      ),
    ),
    'GET /devices': route(z.undefined(), ({ person: actor, query }) =>
      listDevices({ actor, owner: query['person'] ?? actor.personId, now: nowAt(undefined) }, dependencies),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
