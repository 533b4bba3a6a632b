import { z } from 'zod';

const line = z
  .object({
    _aws: z.object({
      Timestamp: z.number(),
      CloudWatchMetrics: z.array(
        z.object({
          Namespace: z.string(),
          Metrics: z.array(z.object({ Name: z.string(), Unit: z.literal('Count') })),
        }),
      ),
    }),
  })
  .catchall(z.unknown());

type Datum = { MetricName: string; Unit: 'Count'; Value: number; Timestamp: Date };

/** The metrics that these log lines state, by namespace. Lines in another format are no metrics and are passed over. */
export function metricsOf(messages: readonly string[]): { namespace: string; data: Datum[] }[] {
  const byNamespace = new Map<string, Datum[]>();
  for (const message of messages) {
    const parsed = line.safeParse(jsonOf(message));
    if (!parsed.success) continue;
    const { _aws, ...values } = parsed.data;
    for (const { Namespace, Metrics } of _aws.CloudWatchMetrics) {
      const data = byNamespace.get(Namespace) ?? [];
      for (const { Name, Unit } of Metrics) {
        const value = values[Name];
        if (typeof value !== 'number') continue;
        data.push({ MetricName: Name, Unit, Value: value, Timestamp: new Date(_aws.Timestamp) });
      }
      byNamespace.set(Namespace, data);
    }
  }
  return [...byNamespace].map(([namespace, data]) => ({ namespace, data }));
}

/** Runtimes put a time and a request id before the line: the JSON starts at the first brace. */
function jsonOf(message: string): unknown {
  const start = message.indexOf('{');
  if (start === -1) return undefined;
  try {
    return JSON.parse(message.slice(start));
  } catch {
    return undefined;
  }
}
