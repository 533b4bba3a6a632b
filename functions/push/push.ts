import { channelSecrets } from '../../shared/aws/channel-secrets.ts';
import { channelTable } from '../../shared/aws/channel-table.ts';
import { dynamoClient, kmsClient, sqsClient } from '../../shared/aws/clients.ts';
import { custodyLog } from '../../shared/aws/custody-log.ts';
import { pushKeys } from '../../shared/aws/push-keys.ts';
import { pushQueue } from '../../shared/aws/push-queue.ts';
import { pushRefusals } from '../../shared/aws/push-refusals.ts';
import { emitMetric } from '../../shared/runtime/emit-metric.ts';
import { environment } from '../../shared/runtime/environment.ts';
import { log } from '../../shared/runtime/log.ts';
import { pushHandler } from './push-handler.ts';
import { receivePush } from './receive-push.ts';

const env = environment('DIRECTORY_TABLE', 'RECORDS_TABLE', 'EVENTS_TABLE', 'CHANNEL_KEY', 'PUSH_QUEUE');
const [dynamo, kms] = [dynamoClient(), kmsClient()];
// Signatures and caches of keys go by the real time, whatever time a run pretends to have.
const clock = () => new Date();
const custody = custodyLog(env.EVENTS_TABLE, dynamo);
const dependencies = {
  channels: channelTable(env.DIRECTORY_TABLE, dynamo, custody),
  secrets: channelSecrets(kms, env.CHANNEL_KEY, clock),
  keys: pushKeys(kms, env.CHANNEL_KEY, clock),
  queue: pushQueue(sqsClient(), env.PUSH_QUEUE),
  refusals: pushRefusals(env.RECORDS_TABLE, dynamo, custody),
  refused(reason: string) {
    log('push-refused', { reason });
    emitMetric('pushRefused');
  },
  clock,
};

export const handler = pushHandler((place, call) => receivePush(place, call, dependencies));
