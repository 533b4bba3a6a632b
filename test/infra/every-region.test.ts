import { describe, expect, it } from '@jest/globals';
import { strings, synthesise } from './support/synthesis.ts';

const { stackNames, regions, terminationProtected } = await synthesise({ local: false });
const local = await synthesise({ local: true });

describe('every region', () => {
  it('has a stack that keeps and a stack that acts', () => {
    expect(stackNames).toEqual([
      ['Dualkey-cn-north-1-State', 'Dualkey-cn-north-1-Flow'],
      ['Dualkey-ap-southeast-1-State', 'Dualkey-ap-southeast-1-Flow'],
      ['Dualkey-eu-central-1-State', 'Dualkey-eu-central-1-Flow'],
    ]);
  });

  it('keeps its state against an accident: termination protection, and every stateful resource retained', () => {
    expect(terminationProtected).toEqual([true, true, true]);
    for (const { state } of regions) {
      const lost = Object.entries(state.Resources)
        .filter(([, { Type }]) => /^AWS::(KMS::Key|S3::Bucket|DynamoDB::Table|Cognito::UserPool)$/.test(Type))
        .filter(
          ([, resource]) => resource.DeletionPolicy !== 'Retain' || resource.UpdateReplacePolicy !== 'Retain',
        );
      expect(lost).toEqual([]);
    }
  });

  it('names no partition', () => {
    for (const { region, state, flow } of regions) {
      const named = strings([state, flow])
        .filter(({ text }) => /\barn:aws[\w-]*:/.test(text))
        .map(({ text }) => `${region}: ${text}`);
      expect(named).toEqual([]);
    }
  });

  it('names no domain of a partition, service principals excepted (they are the same in each)', () => {
    for (const { region, state, flow } of regions) {
      const named = strings([state, flow])
        .filter(({ text }) => /amazonaws/.test(text))
        .filter(({ path, text }) => !(path.at(-2) === 'Principal' && /^[a-z]+\.amazonaws\.com$/.test(text)))
        .filter(({ path, text }) => !(path.at(-1) === 'Principal' && /^[a-z]+\.amazonaws\.com$/.test(text)))
        .map(({ path, text }) => `${region}: ${path.join('.')}: ${text}`);
      expect(named).toEqual([]);
    }
  });

  it('takes the tokens of its own issuer: a pool where there is Cognito, OIDC where there is none', () => {
    const pools = regions.map(({ region, state }) => [
      region,
      Object.values(state.Resources).some(({ Type }) => Type.startsWith('AWS::Cognito::')),
    ]);
    expect(pools).toEqual([
      ['cn-north-1', false],
      ['ap-southeast-1', true],
      ['eu-central-1', true],
    ]);
  });

  it('tells other programs where things are, by fixed names', () => {
    for (const { region, state, flow } of [...regions, ...local.regions]) {
      const outputs = Object.keys({ ...state.Outputs, ...flow.Outputs });
      expect({ region, outputs }).toEqual({
        region,
        outputs: expect.arrayContaining([
          ...['RecordsTable', 'KeysTable', 'CasesTable', 'DirectoryTable', 'GrantsTable', 'EventsTable'],
          ...['InboxBucket', 'VaultBucket', 'DeliveryBucket', 'EvidenceBucket'],
          ...['SigningKey', 'TokenIssuer', 'StateMachine', 'ApiId', 'ApiUrl', 'Region', 'Functions'],
        ]),
      });
    }
    expect(Object.keys(local.regions[0]?.state.Outputs ?? {})).toEqual(
      expect.arrayContaining(['UserPool', 'UserPoolClient']),
    );
  });
});

describe('the local context', () => {
  it('deploys one region', () => {
    expect(local.regions.map(({ region }) => region)).toEqual(['cn-north-1']);
  });
});
