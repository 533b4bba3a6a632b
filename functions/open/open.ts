import { z } from 'zod';
import { caseStore } from '../../shared/aws/case-store.ts';
import { dynamoClient, lambdaClient, s3Client, stsClient } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { consentStore } from '../../shared/aws/consent-store.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { deviceStore } from '../../shared/aws/device-store.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { linkSigner } from '../../shared/aws/link-signer.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { renderInvoker } from '../../shared/aws/render-invoker.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepUpStore } from '../../shared/aws/step-up-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { stepUpBodySchema } from '../../shared/domain/step-up.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { asOfField } from '../../shared/runtime/as-of-field.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { keptStepUps } from '../../shared/step-up/kept-step-up.ts';
import { decideOnOpening, type OpeningSources } from './decide-on-opening.ts';
import { type OpenDependencies, openGrant } from './open-grant.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'DELIVERY_BUCKET',
  'EVIDENCE_BUCKET',
  'READER_ROLE',
  'RENDER_FUNCTION',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
);
const [dynamo, s3] = [dynamoClient(), s3Client()];
const region = regionConfig(env.DUALKEY_REGION);
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3);
const devices = deviceStore(env.DIRECTORY_TABLE, dynamo, custody);
const rules = stepUpRules(env, region);
const sources: OpeningSources = {
  region: regionFacts(region),
  directory: directoryTable(env.DIRECTORY_TABLE, dynamo),
  ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  cases: caseStore(env.CASES_TABLE, dynamo, custody),
  consents: consentStore(env.CASES_TABLE, dynamo, custody),
  evidence,
  signed: keptStepUps({ evidence, devices, rules }),
};
const dependencies: Omit<OpenDependencies, 'clock'> = {
  limits: region.grant,
  grants: grantStore(env.GRANTS_TABLE, dynamo, custody, env.DIRECTORY_TABLE),
  delivery: objectStore(env.DELIVERY_BUCKET, s3),
  renderer: renderInvoker(lambdaClient(), env.RENDER_FUNCTION),
  links: linkSigner(stsClient(), env.READER_ROLE, env.DELIVERY_BUCKET),
  decide: (grant, actor, now, stepUp) => decideOnOpening(grant, actor, now, stepUp, sources),
  stepUps: {
    store: stepUpStore(env.DIRECTORY_TABLE, dynamo),
    devices,
    evidence,
    rules,
  },
  counted: () => emitMetric('linkIssued'),
};

const opening = z.strictObject({
  key: z.string().min(1).max(LIMITS.idempotencyKeyCharacters),
  /** What the own device signed (A6); the same key again needs none. */
  stepUp: stepUpBodySchema.optional(),
  asOf: asOfField(env.CLOCK),
});

export const handler = apiHandler(
  {
    'POST /requests/{id}/openings': route(opening, ({ person, path, body }) =>
      openGrant(
        { requestId: path['id'] ?? '', actor: person, key: body.key, stepUp: body.stepUp },
        { ...dependencies, clock: clockAt(env.CLOCK, body.asOf) },
      ),
    ),
  },
  { directory: sources.directory, custody, conduct, ruleSets: sources.ruleSets },
);
