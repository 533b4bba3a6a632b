import { describe, expect, it } from '@jest/globals';
import { metricsOf } from '../../../functions/metrics-bridge/metrics-of.ts';
import { metricLine } from '../../../shared/runtime/emit-metric.ts';

const at = new Date('2026-05-01T08:00:00.000Z');

describe('metrics-bridge', () => {
  it('reads the metrics that functions emit', () => {
    const lines = [metricLine('retrievalFailed', 1, at), metricLine('periodsDeleted', 3, at)];
    expect(metricsOf(lines)).toEqual([
      {
        namespace: 'Dualkey',
        data: [
          { MetricName: 'RetrievalFailed', Unit: 'Count', Value: 1, Timestamp: at },
          { MetricName: 'PeriodsDeleted', Unit: 'Count', Value: 3, Timestamp: at },
        ],
      },
    ]);
  });

  it('reads a line behind the runtime’s own prefix', () => {
    const prefixed = `2026-05-01T08:00:00.000Z\trequest-id\tINFO\t${metricLine('linkIssued', 1, at)}`;
    expect(metricsOf([prefixed])[0]?.data).toHaveLength(1);
  });

  it('passes over everything else', () => {
    const others = [
      '',
      'END RequestId: x',
      '{"message":"invocation"}',
      '{ not JSON',
      '{"_aws":{"Timestamp":1}}',
    ];
    expect(metricsOf(others)).toEqual([]);
  });

  it('passes over a metric that is named without its value', () => {
    const { RetrievalFailed: _, ...rest } = JSON.parse(metricLine('retrievalFailed', 1, at));
    expect(metricsOf([JSON.stringify(rest)])).toEqual([{ namespace: 'Dualkey', data: [] }]);
  });
});
