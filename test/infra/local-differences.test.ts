import { describe, expect, it } from '@jest/globals';
import { PLATFORM_ALARMS } from '../../infra/alarms.ts';
import { EVERYWHERE, LOCALLY } from '../../infra/local-differences.ts';
import { ofType, type SynthesisedRegion, strings, synthesise } from './support/synthesis.ts';

const real = (await synthesise({ local: false })).regions;
const local = (await synthesise({ local: true })).regions;

const all = ({ state, flow }: SynthesisedRegion) => strings([state, flow]);
const keys = (value: unknown) => strings(value).flatMap(({ path }) => path);
const has = (one: SynthesisedRegion, text: string) =>
  all(one).some(({ text: there }) => there === text) || keys([one.state, one.flow]).includes(text);

/** What each difference is, as something that is in a template or isn't. */
const SEEN: Record<keyof typeof EVERYWHERE, (one: SynthesisedRegion) => boolean> = {
  deniesPlainHttp: (one) => has(one, 'aws:SecureTransport'),
  principalIsRole: (one) => has(one, 'ArnEquals') && !has(one, 'ArnLike'),
  encryptionContextConditions: (one) =>
    has(one, 'kms:EncryptionContext:purpose') &&
    has(one, 'kms:EncryptionContextKeys') &&
    has(one, 'kms:ViaService') &&
    has(one, 'kms:EncryptionContext:aws:s3:arn'),
  taskResponsesOnMachine: ({ flow }) =>
    ofType(flow, 'AWS::IAM::Policy').every(
      ([, { Properties }]) => !/SendTaskSuccess[^}]*"Resource":"\*"/.test(JSON.stringify(Properties)),
    ),
  executionLogs: ({ flow }) =>
    ofType(flow, 'AWS::StepFunctions::StateMachine').every(
      ([, { Properties }]) =>
        Properties['LoggingConfiguration'] !== undefined && Properties['TracingConfiguration'] !== undefined,
    ),
  embeddedMetrics: ({ flow }) => ofType(flow, 'AWS::Logs::SubscriptionFilter').length === 0,
  platformAlarms: (one) => PLATFORM_ALARMS.every((name) => has(one, `dualkey-${one.region}-${name}`)),
  secondFactor: ({ state }) =>
    ofType(state, 'AWS::Cognito::UserPool').every(
      ([, { Properties }]) => Properties['MfaConfiguration'] === 'ON',
    ),
  retainsState: ({ state }) =>
    ofType(state, 'AWS::DynamoDB::Table').every(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain'),
  injectableClock: (one) => has(one, 'injectable'),
};

describe('what the embedded AWS lacks', () => {
  it.each(Object.entries(SEEN))(
    '%s: is as it should be in each real template, and differs locally',
    (name, seen) => {
      const stated = new Map(Object.entries(EVERYWHERE)).get(name);
      expect(real.map((one) => [one.region, seen(one)])).toEqual(real.map(({ region }) => [region, stated]));
      expect(local.map((one) => [one.region, seen(one)])).toEqual(
        local.map(({ region }) => [region, !stated]),
      );
    },
  );

  it('is left out nowhere but where local-differences.ts says', () => {
    expect(Object.keys(LOCALLY).sort()).toEqual(Object.keys(EVERYWHERE).sort());
  });

  it('includes the types that it doesn’t know: none is in the local templates', () => {
    const unknown =
      /^AWS::(CloudWatch::CompositeAlarm|CloudTrail::Trail|Events::Archive|WAFv2::WebACLAssociation|KMS::ReplicaKey|StepFunctions::StateMachine(Alias|Version))$/;
    const types = local.flatMap(({ state, flow }) =>
      Object.values({ ...state.Resources, ...flow.Resources }),
    );
    expect(types.filter(({ Type }) => unknown.test(Type))).toEqual([]);
    const math = local.flatMap(({ flow }) =>
      ofType(flow, 'AWS::CloudWatch::Alarm').filter(
        ([, { Properties }]) => Properties['Metrics'] !== undefined,
      ),
    );
    expect(math).toEqual([]);
  });
});
