import { describe, expect, it } from '@jest/globals';
import { MissingOutputError, outputsFrom } from '../../local/outputs.ts';
import { readSettings } from '../../local/settings.ts';

const settings = readSettings({ DUALKEY_PORT: '4700' });
const stackOutputs = Object.fromEntries(
  [
    ...['InboxBucket', 'VaultBucket', 'DeliveryBucket', 'EvidenceBucket'],
    ...['RecordsTable', 'KeysTable', 'CasesTable', 'DirectoryTable', 'GrantsTable', 'EventsTable'],
    ...['StateMachine', 'NoticesTopic', 'SigningKey', 'ApiId', 'UserPool', 'UserPoolClient'],
  ].map((name) => [name, `the-${name}`]),
);
const issuer = 'https://cognito-idp.cn-north-1.amazonaws.com/pool';

describe('outputs.json', () => {
  it('names the API where Node can reach it, every bucket and every table', () => {
    expect(outputsFrom({ ...stackOutputs, TokenIssuer: issuer }, settings)).toMatchObject({
      apiUrl: 'http://localhost:4700/_aws/execute-api/the-ApiId/$default',
      consoleUrl: null,
      noticesTopicArn: 'the-NoticesTopic',
      region: 'cn-north-1',
      buckets: {
        inbox: 'the-InboxBucket',
        vault: 'the-VaultBucket',
        delivery: 'the-DeliveryBucket',
        evidence: 'the-EvidenceBucket',
      },
      tables: { records: 'the-RecordsTable', events: 'the-EventsTable' },
      identity: { issuer, tokenEndpoint: 'http://localhost:4700/oauth2/token' },
    });
  });

  it('says which output a stack doesn’t state', () => {
    expect(() => outputsFrom(stackOutputs, settings)).toThrow(new MissingOutputError('TokenIssuer'));
  });
});
