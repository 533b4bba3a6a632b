import { gunzipSync } from 'node:zlib';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import { stepHandler } from '../../shared/runtime/step-handler.ts';
import { metricsOf } from './metrics-of.ts';

const cloudWatch = new CloudWatchClient({});

const delivery = z.object({ awslogs: z.object({ data: z.base64() }) });
const logs = z.object({ logEvents: z.array(z.object({ message: z.string() })) });

/** Log lines in the embedded metric format become metrics, where the platform doesn't do that itself. */
export const handler = stepHandler(delivery, async ({ awslogs }) => {
  const unpacked = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8');
  const { logEvents } = logs.parse(JSON.parse(unpacked));
  for (const { namespace, data } of metricsOf(logEvents.map(({ message }) => message))) {
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData: data }));
  }
});
