import { dynamoClient, kmsClient, s3Client, sfnClient } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { grantStore } from '../../shared/aws/grant-store.ts';
import { objectStore } from '../../shared/aws/object-store.ts';
import { requestKeys } from '../../shared/aws/request-keys.ts';
import { stepFunctionsWorkflow } from '../../shared/aws/workflow.ts';
import { startInputSchema } from '../../shared/domain/step-input.ts';
import { clockAt } from '../../shared/runtime/clock.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { type CompensateDependencies, clearFailedRetrieval } from './clear-failed-retrieval.ts';

const env = environment(
  'KEYS_TABLE',
  'GRANTS_TABLE',
  'EVENTS_TABLE',
  'DELIVERY_BUCKET',
  'GRANT_KEY',
  'CLOCK',
);
const dynamo = dynamoClient();
const dependencies: CompensateDependencies = {
  clock: clockAt(env.CLOCK),
  store: grantStore(env.GRANTS_TABLE, dynamo, custodyLog(env.EVENTS_TABLE, dynamo)),
  keys: requestKeys(env.KEYS_TABLE, dynamo, kmsClient(), env.GRANT_KEY),
  delivery: objectStore(env.DELIVERY_BUCKET, s3Client()),
  workflow: stepFunctionsWorkflow(sfnClient()),
  cleared: (requestId, state) => {
    log('compensated', { requestId, state });
    emitMetric('retrievalFailed');
  },
};

export const handler = stepHandler(startInputSchema, (input) => clearFailedRetrieval(input, dependencies));
