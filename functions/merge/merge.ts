import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from 'aws-lambda';
import { z } from 'zod';
import { blockMerge } from '../../shared/aws/block-merge.ts';
import { dynamoClient, kmsClient, lambdaClient, s3Client } from '../../shared/aws/clients.ts';
import { conductTable } from '../../shared/aws/conduct-table.ts';
import { custodyKeys } from '../../shared/aws/custody-keys.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { invokeLater } from '../../shared/aws/invoke-later.ts';
import { keyDisposal } from '../../shared/aws/key-disposal.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { recordsIndex } from '../../shared/aws/records-index.ts';
import { keepConduct } from '../../shared/conduct/keep-conduct.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { apiHandler, route } from '../../shared/runtime/api-handler.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log, logError } from '../../shared/runtime/log.ts';
import { hotelsOfEveryRegion, regionConfig, regionFacts } from '../../shared/runtime/region.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { runMerge } from './run-merge.ts';
import { startMerge } from './start-merge.ts';

const env = environment(
  'DUALKEY_REGION',
  'RECORDS_TABLE',
  'KEYS_TABLE',
  'DIRECTORY_TABLE',
  'EVENTS_TABLE',
  'VAULT_BUCKET',
  'CUSTODY_KEY',
  'MERGE_FUNCTION',
  'CLOCK',
);
const [dynamo, kms, lambda] = [dynamoClient(), kmsClient(), lambdaClient()];
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const conduct = keepConduct(
  conductTable(env.DIRECTORY_TABLE, dynamo, custody),
  regionConfig(env.DUALKEY_REGION),
);
const vault = objectStore(env.VAULT_BUCKET, s3Client());
const region = regionConfig(env.DUALKEY_REGION);
const tables = { records: env.RECORDS_TABLE, keys: env.KEYS_TABLE };
const continueLater = (hotels: readonly string[]) => invokeLater(lambda, env.MERGE_FUNCTION, { hotels });
const dependencies = {
  merge: blockMerge(tables, dynamo, vault, custody),
  keys: custodyKeys(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY, () => new Date()),
  vault,
  records: recordsIndex(env.RECORDS_TABLE, dynamo),
  periods: keyDisposal(env.KEYS_TABLE, dynamo, kms, env.CUSTODY_KEY),
  region,
  clock: clockAt(env.CLOCK),
  continueLater,
  broke(error: unknown) {
    logError(error);
    emitMetric('mergeFailed');
  },
};
/** What is left for the conversation that was begun last, and for handing on. */
const RESERVE_MS = 60_000;

const inputSchema = z.strictObject({ hotels: z.array(z.string()).optional() });

const scheduled = stepHandler(inputSchema, async ({ hotels }, context) => {
  const result = await runMerge(hotels ?? region.hotels.map(({ code }) => code), {
    ...dependencies,
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  });
  log('merged', result);
  if (result.before > result.after) emitMetric('blocksMerged', result.before - result.after);
  return result;
});

const api = apiHandler(
  {
    'POST /merges': route(
      z.strictObject({ hotel: z.string().max(LIMITS.referenceCharacters) }),
      ({ person, body }) =>
        startMerge(
          { person, hotel: body.hotel },
          { region: regionFacts(region), chain: hotelsOfEveryRegion(), begin: continueLater },
        ),
    ),
  },
  { directory: directoryTable(env.DIRECTORY_TABLE, dynamo), custody, conduct, ruleSets: null },
);

function isApiCall(event: unknown): event is APIGatewayProxyEventV2WithJWTAuthorizer {
  return typeof event === 'object' && event !== null && 'routeKey' in event;
}

/** The API's route, the monthly schedule, and what it hands on to itself. */
export function handler(event: unknown, context: Context) {
  return isApiCall(event) ? api(event, context) : scheduled(event, context);
}
