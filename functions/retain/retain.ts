import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import { z } from 'zod';
import { blockDisposal } from '../../shared/aws/block-disposal.ts';
import { dynamoClient, kmsClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { holdKeys } from '../../shared/aws/hold-keys.ts';
import { holdStore } from '../../shared/aws/hold-store.ts';
import { keyDisposal } from '../../shared/aws/key-disposal.ts';
import { kmsSigner } from '../../shared/aws/kms-signer.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { ruleSets } from '../../shared/aws/rule-sets.ts';
import { tableBackups } from '../../shared/aws/table-backups.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log, logError } from '../../shared/runtime/log.ts';
import { regionConfig } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { listCertificates } from './list-certificates.ts';
import type { RetainDependencies } from './retain-dependencies.ts';
import { runBodySchema } from './run-body.ts';
import { type RetentionResult, runRetention } from './run-retention.ts';
import { startRun } from './start-run.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'CASES_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'VAULT_BUCKET',
  'EVIDENCE_BUCKET',
  'CUSTODY_KEY',
  'SIGNING_KEY',
  'CLOCK',
);
/** An API caller gets an answer within 29 s; the schedule's run has 900 s. What is left waits for the next run. */
const API_MS = 18_000;
const SCHEDULED_MS = 780_000;

const [dynamo, kms, s3] = [dynamoClient(), kmsClient(), s3Client()];
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const directory = directoryTable(env.DIRECTORY_TABLE, dynamo);
const evidence = objectStore(env.EVIDENCE_BUCKET, s3);
const region = regionConfig(env.DUALKEY_REGION);
const keys = keyDisposal(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY);
const holding = holdKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY);
const rules = ruleSets(env.CASES_TABLE, dynamo, evidence);

function dependencies(clock: Clock, milliseconds: number): RetainDependencies {
  const deadline = performance.now() + milliseconds;
  return {
    region,
    clock,
    keys,
    holdKeys: holding,
    holds: holdStore(env.CASES_TABLE, dynamo, custody),
    blocks: blockDisposal(env.RECORDS_TABLE, env.KEYS_TABLE, dynamo),
    vault: objectStore(env.VAULT_BUCKET, s3),
    evidence,
    signer: kmsSigner(kms, env.SIGNING_KEY),
    backups: tableBackups(env.KEYS_TABLE, dynamo),
    custody,
    hasTime: () => performance.now() < deadline,
    broke: (error) => {
      logError(error);
      emitMetric('retentionFailed');
    },
    notice: (deleted) => {
      log('retention-progress', deleted);
      emitMetric('periodsDeleted');
    },
  };
}

const api = apiHandler(
  {
    'POST /retention/runs': route(runBodySchema(env.CLOCK), ({ person, body: { asOf, dryRun } }) => {
      const clock = clockAt(dryRun ? 'injectable' : env.CLOCK, asOf);
      return startRun({ actor: person, dryRun }, { ...dependencies(clock, API_MS), ruleSets: rules });
    }),
    'GET /retention/certificates': route(z.undefined(), ({ person }) =>
      listCertificates({ actor: person }, { region, ruleSets: rules, evidence }),
    ),
  },
  { directory, custody, conduct, ruleSets: rules },
);

const inputSchema = z.object({ asOf: z.iso.datetime({ offset: true }).optional() });

const scheduled = stepHandler(inputSchema, async ({ asOf }): Promise<RetentionResult> => {
  const result = await runRetention(
    { responsible: 'function:retain', dryRun: false },
    dependencies(clockAt(env.CLOCK, asOf), SCHEDULED_MS),
  );
  const { certificates, ...counts } = result;
  log('retention-progress', { ...counts, certificates: certificates.length });
  emitMetric('retentionFinished');
  return result;
});

function isApiCall(event: unknown): event is APIGatewayProxyEventV2WithJWTAuthorizer {
  return typeof event === 'object' && event !== null && 'routeKey' in event;
}

/** The API's routes, and the daily schedule. */
export function handler(event: unknown, context: Context) {
  return isApiCall(event) ? api(event, context) : scheduled(event, context);
}
