import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { caseStore } from '../../shared/aws/case-store.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { emergencyCounts } from '../../shared/aws/emergency-counts.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { readAhead } from '../../shared/aws/read-ahead.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { stepUpStore } from '../../shared/aws/step-up-store.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import type { environment } from '../../shared/runtime/environment.ts';
import { parseBody } from '../../shared/runtime/parse-body.ts';
import { regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepUpRules } from '../../shared/runtime/step-up-rules.ts';
import { type DecideDependencies, decideOnRequest } from './decide-on-request.ts';
import { decisionBodySchema } from './decision-body.ts';
import { rowsToDecide } from './rows-to-decide.ts';

/** What the function is told by its environment. */
export const DECISION_VARIABLES = [
  'DUALKEY_REGION',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'EVIDENCE_BUCKET',
  'GRANT_KEY',
  'RP_ID',
  'RP_ORIGINS',
  'SOFTWARE_DEVICES',
  'CLOCK',
] as const;
type Environment = ReturnType<typeof environment<(typeof DECISION_VARIABLES)[number]>>;

/**
 * The API of decisions over these clients. On the way to its answer a decision makes six calls: who calls; everything that
 * is known to be needed then, of four tables at once; the people of the request with everyone above them; the evidence key;
 * the evidence of the signature; one transaction. A rule set that this process hasn't seen yet is one more.
 */
export function decisionApi(
  env: Environment,
  { dynamo, kms, s3 }: { dynamo: DynamoDBDocumentClient; kms: KMSClient; s3: S3Client },
) {
  const region = regionConfig(env.DUALKEY_REGION);
  const custody = custodyLog(env.EVENTS_TABLE, dynamo);
  const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
  const evidence = objectStore(env.EVIDENCE_BUCKET, s3);
  const inOneCall = readAhead(dynamo);
  const bodySchema = decisionBodySchema(env.CLOCK);
  const tables = {
    grants: env.GRANTS_TABLE,
    keys: env.KEYS_TABLE,
    cases: env.CASES_TABLE,
    directory: env.DIRECTORY_TABLE,
  };
  const dependencies: DecideDependencies = {
    store: grantStore(env.GRANTS_TABLE, dynamo, custody, env.DIRECTORY_TABLE),
    directory,
    keys: requestKeys(env.KEYS_TABLE, dynamo, kms, env.GRANT_KEY),
    ruleSets: ruleSets(env.CASES_TABLE, dynamo, evidence),
    region: regionFacts(region),
    emergency: {
      places: region.hotels,
      cases: caseStore(env.CASES_TABLE, dynamo, custody),
      emergencies: emergencyCounts(env.GRANTS_TABLE, dynamo),
    },
    emergencyOpened: () => emitMetric('emergencyOpened'),
    stepUps: {
      store: stepUpStore(env.DIRECTORY_TABLE, dynamo),
      evidence,
      rules: stepUpRules(env, region),
    },
  };

  return apiHandler(
    {
      'POST /requests/{id}/decisions': route(bodySchema, ({ person, body, path }) =>
        decideOnRequest(
          { requestId: path['id'] ?? '', actor: person, body, now: clockAt(env.CLOCK, body.asOf)() },
          dependencies,
        ),
      ),
    },
    {
      directory,
      custody,
      conduct: keepConduct(conductTable(env.DIRECTORY_TABLE, dynamo, custody), region),
      ruleSets: dependencies.ruleSets,
      ahead(personId, event) {
        const body = parseBody(bodySchema, event);
        const stepUp = 'value' in body ? body.value.stepUp : undefined;
        const signed =
          stepUp === undefined
            ? null
            : { nonce: stepUp.statement.nonce, credentialId: stepUp.assertion.credentialId };
        return inOneCall(rowsToDecide(personId, event.pathParameters?.['id'] ?? '', signed, tables));
      },
    },
  );
}
