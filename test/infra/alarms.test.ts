import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ALARMS, PLATFORM_ALARMS } from '../../infra/alarms.ts';
import { METRIC_NAMESPACE, METRICS } from '../../shared/runtime/metrics-catalogue.ts';
import { flat, statements } from './support/policies.ts';
import { at, ofType, one, synthesise } from './support/synthesis.ts';

const { regions } = await synthesise({ local: false });
const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const NAMES = [...Object.keys(ALARMS), ...PLATFORM_ALARMS];

/** The section of a runbook: what stands under the alarm's own heading. */
function runbook(name: string): string {
  return operations.split(/^### /m).find((section) => section.startsWith(`${name}\n`)) ?? '';
}

describe('alarms', () => {
  it('each watch a metric of their own, named in the catalogue', () => {
    const metrics = Object.values(ALARMS).map(({ metric }) => METRICS[metric].name);
    expect(new Set(metrics).size).toBe(metrics.length);
    const names = Object.values(METRICS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('watch what functions really emit: every metric of the catalogue is emitted somewhere', () => {
    const emitted = ['functions', 'shared/runtime']
      .flatMap((folder) =>
        readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, withFileTypes: true }),
      )
      .filter((entry) => entry.name.endsWith('.ts') && entry.name !== 'metrics-catalogue.ts')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    expect(Object.keys(METRICS).filter((metric) => !emitted.includes(`'${metric}'`))).toEqual([]);
  });

  it.each(regions)('are all there in $region, and tell the topic', ({ region, flow }) => {
    const alarms = ofType(flow, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    // An alarm over more than ten functions is several.
    expect(
      [
        ...new Set(alarms.map(({ AlarmName }) => String(AlarmName).replace(/(errors|throttles)-\d$/, '$1'))),
      ].sort(),
    ).toEqual(NAMES.map((name) => `dualkey-${region}-${name}`).sort());
    for (const { AlarmActions } of alarms) expect(flat(AlarmActions)).toContain('Alarms');
    for (const [name, { metric }] of Object.entries(ALARMS)) {
      const alarm = alarms.find(({ AlarmName }) => AlarmName === `dualkey-${region}-${name}`);
      expect(alarm).toMatchObject({ Namespace: METRIC_NAMESPACE, MetricName: METRICS[metric].name });
      // Without dimensions, as the functions emit them.
      expect(alarm?.['Dimensions']).toBeUndefined();
    }
  });

  it('notice silence: a sweep or a retention run that stopped', () => {
    for (const { region, flow } of regions) {
      for (const name of ['sweep-silent', 'retention-silent']) {
        const alarm = ofType(flow, 'AWS::CloudWatch::Alarm').find(
          ([, { Properties }]) => Properties['AlarmName'] === `dualkey-${region}-${name}`,
        );
        expect(alarm?.[1].Properties).toMatchObject({
          TreatMissingData: 'breaching',
          ComparisonOperator: 'LessThanThreshold',
        });
      }
    }
  });

  it('count a function that wasn’t invoked as one without errors, so that the others’ still ring', () => {
    for (const { region, flow } of regions) {
      const overFunctions = ofType(flow, 'AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
        /-(errors|throttles)(-\d)?$/.test(String(Properties['AlarmName'])),
      );
      const sums = overFunctions.flatMap(([, { Properties }]) => {
        const expression = at(Properties, 'Metrics', 0, 'Expression');
        return expression === undefined
          ? []
          : [{ region, expression, of: at(Properties, 'Metrics', 'length') }];
      });
      expect(sums.length).toBeGreaterThanOrEqual(4);
      for (const { expression } of sums) {
        expect(expression).toMatch(/^FILL\(m0, 0\)( \+ FILL\(m\d, 0\)){0,9}$/);
      }
    }
  });

  it('tell of them through a topic under a key that rotates, over TLS alone', () => {
    for (const { flow } of regions) {
      const topic = one(flow, 'AWS::SNS::Topic', 'Observability');
      expect(flat(topic.Properties['KmsMasterKeyId'])).toContain('NoticesKey');
      const policy = statements(
        one(flow, 'AWS::SNS::TopicPolicy', 'Observability').Properties['PolicyDocument'],
      );
      expect(policy).toContainEqual(
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      );
    }
  });

  it.each(NAMES)(
    '%s has its meaning in English and Chinese and its runbook in docs/operations.md',
    (name) => {
      const section = runbook(name);
      expect(section).toMatch(/\*\*Meaning\.\*\* \S+/);
      expect(section).toMatch(/\*\*含义。\*\*[\u4e00-\u9fff]/);
      expect(section).toMatch(/\*\*Runbook 处置\.\*\*/);
      expect(section).toMatch(/^1\. /m);
    },
  );

  it.each(['sweep-silent', 'retention-silent'])(
    '%s, which stands in alarm from the first deployment until something was written, says so',
    (name) => {
      expect(runbook(name)).toMatch(/\*\*After the first deployment\.\*\* It stands in alarm until/);
    },
  );

  it('are not described in docs/operations.md where they are gone', () => {
    const described = [...operations.matchAll(/^### ([a-z-]+)$/gm)].map(([, name]) => name);
    expect(described.filter((name) => name !== undefined && !NAMES.includes(name))).toEqual([]);
  });

  it('stand on a dashboard', () => {
    for (const { region, flow } of regions) {
      const { Properties } = one(flow, 'AWS::CloudWatch::Dashboard', 'Observability');
      expect(Properties['DashboardName']).toBe(`dualkey-${region}`);
      const body = flat(Properties['DashboardBody']);
      for (const { name } of Object.values(METRICS)) {
        if (name !== METRICS.functionFailed.name) expect(body).toContain(`"${name}"`);
      }
      expect(at(Properties, 'DashboardBody')).toBeDefined();
    }
  });
});
