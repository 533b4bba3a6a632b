import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES, FUNCTION_SPECS } from '../../infra/function-catalogue.ts';
import { bundledRuleSet } from '../../shared/policy/rule-set.ts';
import { flat, statements } from './support/policies.ts';
import { at, ofType, one, synthesise } from './support/synthesis.ts';

const { regions } = await synthesise({ local: false });
const local = await synthesise({ local: true });

/**
 * A function's own source, which says what it reads from its environment and which routes it answers; with that of the API
 * where this stands apart, to be run over other clients too.
 */
function sourceOf(name: string): string {
  const folder = new URL(`../../functions/${name}/`, import.meta.url);
  return readdirSync(folder)
    .filter((file) => file === `${name}.ts` || file.endsWith('-api.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
}

describe('each function', () => {
  it.each(FUNCTION_NAMES)('%s gets the variables that it asks for, and no others', (name) => {
    const asked =
      /\benvironment\((?!\.\.\.)([^)]*)\)|_VARIABLES = \[([^\]]*)\]/
        .exec(sourceOf(name))
        ?.slice(1)
        .join('') ?? '';
    const variables = [...asked.matchAll(/'([A-Z_]+)'/g)].map(([, variable]) => variable);
    expect([...FUNCTION_SPECS[name].environment].sort()).toEqual(variables.sort());
  });

  it.each(FUNCTION_NAMES)('%s answers the routes that lead to it, and no others', (name) => {
    const answered = [...sourceOf(name).matchAll(/'((?:GET|POST) \/[^']*)'/g)].map(([, route]) => route);
    // `push` takes every call of its open routes alike.
    expect([...(FUNCTION_SPECS[name].routes ?? [])].sort()).toEqual([...new Set(answered)].sort());
  });

  it('runs on Node 24, with its own log that is kept for six months', () => {
    for (const { flow } of regions) {
      const functions = ofType(flow, 'AWS::Lambda::Function');
      expect(functions).toHaveLength(FUNCTION_NAMES.length - 1);
      for (const [, { Properties }] of functions) {
        expect(Properties['Runtime']).toBe('nodejs24.x');
        expect(at(Properties, 'LoggingConfig', 'LogGroup', 'Ref')).toBeDefined();
      }
      for (const [, { Properties }] of ofType(flow, 'AWS::Logs::LogGroup')) {
        expect(Properties['RetentionInDays']).toBe(180);
      }
    }
  });

  it('has no injected clock in the cloud, and one locally', () => {
    const clocks = (flows: typeof regions) =>
      flows
        .flatMap(({ flow }) => ofType(flow, 'AWS::Lambda::Function'))
        .flatMap(([, { Properties }]) => at(Properties, 'Environment', 'Variables', 'CLOCK') ?? []);
    expect(new Set(clocks(regions))).toEqual(new Set(['system']));
    expect(new Set(clocks(local.regions))).toEqual(new Set(['injectable']));
  });
});

describe.each(regions)('the API of $region', ({ flow }) => {
  it('takes nothing without a token that has the scope', () => {
    const routes = ofType(flow, 'AWS::ApiGatewayV2::Route');
    const openRoutes = FUNCTION_NAMES.flatMap((name) => FUNCTION_SPECS[name].openRoutes ?? []);
    const guarded = routes.filter(([, { Properties }]) => Properties['AuthorizationType'] !== 'NONE');
    expect(guarded.length).toBe(FUNCTION_NAMES.flatMap((name) => FUNCTION_SPECS[name].routes ?? []).length);
    // What platforms push proves itself by its signature.
    expect(openRoutes).toEqual(['POST /push/{channel}/{account}', 'GET /push/{channel}/{account}']);
    expect(
      routes
        .filter((route) => !guarded.includes(route))
        .map(([, { Properties }]) => Properties['RouteKey'])
        .sort(),
    ).toEqual([...openRoutes].sort());
    for (const [, { Properties }] of guarded) {
      expect(Properties).toMatchObject({ AuthorizationType: 'JWT', AuthorizationScopes: ['dualkey/api'] });
    }
  });

  it('is throttled, and logs neither addresses nor who called nor which ids', () => {
    const { Properties } = one(flow, 'AWS::ApiGatewayV2::Stage', 'HttpApi');
    expect(at(Properties, 'DefaultRouteSettings', 'ThrottlingRateLimit')).toBe(50);
    expect(at(Properties, 'DefaultRouteSettings', 'ThrottlingBurstLimit')).toBe(100);
    // Routes that anybody can call have limits of their own, below that.
    const own = Object.fromEntries(
      FUNCTION_NAMES.flatMap((name) => FUNCTION_SPECS[name].openRoutes ?? []).map((route) => [
        route,
        { ThrottlingRateLimit: 30, ThrottlingBurstLimit: 60 },
      ]),
    );
    expect(at(Properties, 'RouteSettings')).toEqual(own);
    const line = String(at(Properties, 'AccessLogSettings', 'Format'));
    expect(line).toContain('$context.routeKey');
    expect(line).not.toMatch(/sourceIp|userAgent|context\.path|claims|principal|authorizer\.(?!error)/);
  });
});

describe.each(regions)('what wakes functions in $region', ({ region, state, flow }) => {
  it('sweeps each minute, seals what waits, deletes daily, merges monthly, and keeps what failed', () => {
    const schedules = ofType(flow, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => [
      Properties['Name'],
      Properties['ScheduleExpression'],
      flat(at(Properties, 'Target', 'DeadLetterConfig', 'Arn')),
    ]);
    expect(schedules).toEqual([
      [`dualkey-${region}-gather`, 'rate(10 minutes)', expect.stringContaining('DeadLetters')],
      [`dualkey-${region}-merge`, 'cron(0 20 1 * ? *)', expect.stringContaining('DeadLetters')],
      [`dualkey-${region}-reconcile`, 'rate(1 minute)', expect.stringContaining('DeadLetters')],
      [`dualkey-${region}-staff`, 'rate(10 minutes)', expect.stringContaining('DeadLetters')],
      [`dualkey-${region}-retain`, 'cron(0 18 * * ? *)', expect.stringContaining('DeadLetters')],
    ]);
  });

  it('follows the grants stream, with a way out for a record that can’t be followed', () => {
    const mappings = ofType(flow, 'AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(2);
    const [, mapping] = mappings.find(([id]) => id.includes('GrantsStream')) ?? ['', undefined];
    expect(mapping?.Properties).toMatchObject({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 3 });
    expect(flat(at(mapping, 'Properties', 'EventSourceArn'))).toMatch(/Grants.*StreamArn/);
    expect(flat(at(mapping, 'Properties', 'DestinationConfig', 'OnFailure', 'Destination'))).toContain(
      'DeadLetters',
    );
  });

  it('gathers pushes, gives back those alone that failed, and keeps for a fortnight what fails each time', () => {
    const [, mapping] = ofType(flow, 'AWS::Lambda::EventSourceMapping').find(([id]) =>
      id.includes('Pushes'),
    ) ?? ['', undefined];
    expect(mapping?.Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    const queues = ofType(flow, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties);
    const queue = queues.find(({ QueueName }) => QueueName === `dualkey-${region}-pushes`);
    const dead = queues.find(({ QueueName }) => QueueName === `dualkey-${region}-pushes-dead`);
    expect(queue).toMatchObject({
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 6 * FUNCTION_SPECS.gather.timeoutSeconds,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
    expect(dead).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 60 * 60 });
  });

  it('ingests what was put into the inbox, and nothing else', () => {
    const { Properties } = one(flow, 'AWS::Events::Rule', 'Triggers');
    expect(at(Properties, 'EventPattern', 'source')).toEqual(['aws.s3']);
    expect(flat(at(Properties, 'EventPattern', 'detail', 'bucket', 'name'))).toMatch(
      /State:ExportsOutputRefInbox/,
    );
    expect(flat(at(Properties, 'Targets', 0, 'DeadLetterConfig', 'Arn'))).toContain('DeadLetters');
  });

  it('keeps what a function that nobody waits for could not do, after it was tried again', () => {
    const kept = ofType(flow, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => {
      expect(flat(at(Properties, 'DestinationConfig', 'OnFailure', 'Destination'))).toContain('DeadLetters');
      expect(Properties).toMatchObject({ MaximumRetryAttempts: 2 });
      return /Functions(\w+)Function[0-9A-F]{8}/.exec(flat(Properties['FunctionName']))?.[1]?.toLowerCase();
    });
    expect(kept.sort()).toEqual([
      'archive',
      'gather',
      'ingest',
      'merge',
      'reconcile',
      'render',
      'retain',
      'staff',
    ]);
  });

  it('encrypts dead letters, and takes and gives them over TLS alone', () => {
    const { Properties } = one(flow, 'AWS::SQS::Queue', 'DeadLetters');
    expect(Properties['SqsManagedSseEnabled']).toBe(true);
    const policy = statements(one(flow, 'AWS::SQS::QueuePolicy', 'DeadLetters').Properties['PolicyDocument']);
    expect(policy).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('publishes the rule set whenever it changes', () => {
    const [[, publication] = ['', undefined]] = ofType(flow, 'Custom::DualkeyRuleSet');
    expect(publication?.Properties['RuleSet']).toBe(bundledRuleSet(region).digest);
    // Beyond the function's own time, and far below the hour that CloudFormation would wait for an answer.
    const seconds = Number(publication?.Properties['ServiceTimeout']);
    expect(seconds).toBeGreaterThan(FUNCTION_SPECS['publish-rules'].timeoutSeconds);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(flat(publication?.Properties['ServiceToken'])).toMatch(/FunctionsPublishRules/);
    expect(Object.keys(state.Resources).length).toBeGreaterThan(0);
  });
});
