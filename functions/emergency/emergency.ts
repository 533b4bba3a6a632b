import { caseStore } from '../../shared/aws/case-store.ts';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { deviceStore } from '../../shared/aws/device-store.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepUpStore } from '../../shared/aws/step-up-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { keptStepUps } from '../../shared/step-up/kept-step-up.ts';
import { bringForm } from './bring-form.ts';
import { emergencyFormBodySchema, emergencyViewBodySchema } from './emergency-body.ts';
import { viewEmergency } from './view-emergency.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'VAULT_BUCKET',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
);
const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const region = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3);
const rules = stepUpRules(env, region);
const dependencies = {
  directory,
  evidence,
  region: regionFacts(region),
  store: grantStore(env.GRANTS_TABLE, dynamo, custody, env.DIRECTORY_TABLE),
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  signed: keptStepUps({
    evidence,
    devices: deviceStore(env.DIRECTORY_TABLE, dynamo, custody),
    rules,
  }),
  stepUps: { store: stepUpStore(env.DIRECTORY_TABLE, dynamo), evidence, rules },
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  keys: custodyKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY, clockAt(env.CLOCK)),
  vault: objectStore(env.VAULT_BUCKET, s3),
  blockRefused: () => emitMetric('blockRefused'),
};

export const handler = apiHandler(
  {
    'POST /emergencies/{id}/view': route(
      emergencyViewBodySchema(env.CLOCK),
      ({ person, path, body, device }) =>
        viewEmergency(
          { requestId: path['id'] ?? '', actor: person, device, stepUp: body.stepUp },
          { ...dependencies, clock: clockAt(env.CLOCK, body.asOf) },
        ),
    ),
    'POST /emergencies/{id}/form': route(emergencyFormBodySchema(env.CLOCK), ({ person, path, body }) =>
      bringForm(
        {
          requestId: path['id'] ?? '',
          actor: person,
          number: body.number,
          now: clockAt(env.CLOCK, body.asOf)(),
        },
        dependencies,
      ),
    ),
  },
  { directory, custody, conduct, ruleSets: dependencies.ruleSets },
);
