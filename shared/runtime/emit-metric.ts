import { METRIC_NAMESPACE, METRICS, type MetricId } from './metrics-catalogue.ts';

/** One EMF line; CloudWatch turns it into a metric. Written without a logger, which would wrap it beyond recognition. */
export function emitMetric(metric: MetricId, value = 1): void {
  process.stdout.write(`${metricLine(metric, value, new Date())}\n`);
}

/** The line itself, in the embedded metric format (CloudWatch "Specification: Embedded metric format"). */
export function metricLine(metric: MetricId, value: number, at: Date): string {
  const { name, unit } = METRICS[metric];
  return JSON.stringify({
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        { Namespace: METRIC_NAMESPACE, Dimensions: [[]], Metrics: [{ Name: name, Unit: unit }] },
      ],
    },
    [name]: value,
  });
}
