import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';
import { BadInputError, FailedError } from '../../cli/failure.ts';
import { accessToken, type Identity, signIn } from '../../cli/sign-in.ts';
import { rootClients } from '../../local/aws-clients.ts';
import { demoPeople } from '../../local/demo-people.ts';
import { seedPeople } from '../../local/seed.ts';
import type { Settings } from '../../local/settings.ts';
import { directoryTable } from '../../shared/aws/directory-table.ts';
import { privateSettings, removed, start } from './support/local-stack.ts';

jest.setTimeout(120_000);

const TABLE = 'directory';
const people = demoPeople();
let settings: Settings;
let userPoolId: string;
let identity: Identity;
let passwords: Record<string, string>;

const seed = (kept: Record<string, string>) =>
  seedPeople(people, { userPoolId, issuer: identity.issuer }, TABLE, kept, rootClients(settings));
const directory = () => directoryTable(TABLE, rootClients(settings).dynamo);
const claims = (token: string) => decomposeUnverifiedJwt(token).payload;

beforeAll(async () => {
  settings = await privateSettings();
  await start(settings);
  const { cognito, dynamo } = rootClients(settings);
  userPoolId = (await cognito.send(new CreateUserPoolCommand({ PoolName: 'trial' }))).UserPool?.Id ?? '';
  await cognito.send(
    new CreateResourceServerCommand({
      UserPoolId: userPoolId,
      Identifier: 'dualkey',
      Name: 'dualkey',
      Scopes: [{ ScopeName: 'api', ScopeDescription: 'the API' }],
    }),
  );
  const { UserPoolClient } = await cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: 'cli',
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'dualkey/api'],
      CallbackURLs: ['http://localhost/callback'],
    }),
  );
  await dynamo.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  identity = {
    issuer: `https://cognito-idp.${settings.region}.amazonaws.com/${userPoolId}`,
    clientId: UserPoolClient?.ClientId ?? '',
    authorizationEndpoint: `${settings.endpoint}/oauth2/authorize`,
    tokenEndpoint: `${settings.endpoint}/oauth2/token`,
    redirectUri: 'http://localhost/callback',
    scope: 'openid dualkey/api',
  };
  passwords = await seed({});
});
afterAll(() => removed(settings));

describe('seeding', () => {
  it('gives everybody who holds a role a password of their own', () => {
    const holders = people.filter(({ roles }) => roles.length > 0);
    expect(Object.keys(passwords).sort()).toEqual(holders.map(({ username }) => username).sort());
    expect(new Set(Object.values(passwords)).size).toBe(holders.length);
  });

  it('lets the directory find each person by the token’s subject, by role and by account', async () => {
    const { access_token } = await signIn(identity, {
      username: 'legal01',
      password: passwords['legal01'] ?? '',
    });
    const id = await directory().personIdOf(identity.issuer, String(claims(access_token)['sub']));
    const found = await directory().byId(id ?? '');
    expect(found).toEqual(people.find(({ username }) => username === 'legal01'));
    expect((await directory().holding('privacy-officer')).map(({ username }) => username).sort()).toEqual([
      'privacyofficer01',
      'privacyofficer02',
      'privacyofficer03',
    ]);
    const accounts = (await directory().withAccounts()).flatMap((person) => person.accounts);
    expect(accounts).toContain('wecom:frontdesk01');
  });

  it('changes nothing the second time', async () => {
    const before = await directory().holding('legal');
    expect(await seed(passwords)).toEqual(passwords);
    expect(await directory().holding('legal')).toEqual(before);
  });
});

describe('signing in', () => {
  it('gives an access token that carries the API’s scope, and no role', async () => {
    const { access_token, expires_in } = await signIn(identity, {
      username: 'frontdesk01',
      password: passwords['frontdesk01'] ?? '',
    });
    expect(claims(access_token)).toMatchObject({
      token_use: 'access',
      iss: identity.issuer,
      client_id: identity.clientId,
      scope: expect.stringContaining('dualkey/api'),
    });
    expect(Object.keys(claims(access_token))).not.toContain('cognito:groups');
    expect(expires_in).toBeGreaterThan(0);
  });

  it('refuses a wrong password as bad input, without repeating it', async () => {
    const attempt = signIn(identity, { username: 'legal01', password: 'not-the-password' });
    await expect(attempt).rejects.toThrow(BadInputError);
    await expect(attempt).rejects.not.toThrow('not-the-password');
  });

  it('says that the issuer can’t be reached', async () => {
    const elsewhere = { ...identity, authorizationEndpoint: 'http://127.0.0.1:9/oauth2/authorize' };
    await expect(signIn(elsewhere, { username: 'legal01', password: 'x' })).rejects.toThrow(FailedError);
  });

  it('says why a client that may not ask for the scope is refused', async () => {
    const greedy = { ...identity, scope: 'openid other/api' };
    await expect(signIn(greedy, { username: 'legal01', password: 'x' })).rejects.toThrow('invalid_scope');
  });

  it('keeps a session for its owner only, uses it while it is good, and signs in again after that', async () => {
    const folder = settings.directory;
    await writeFile(path.join(folder, 'outputs.json'), JSON.stringify({ identity }));
    await writeFile(path.join(folder, 'credentials.json'), JSON.stringify(passwords));
    const before = process.env['DUALKEY_LOCAL_DIR'];
    process.env['DUALKEY_LOCAL_DIR'] = folder;
    try {
      const first = await accessToken('legal02');
      expect(await accessToken('legal02')).toBe(first);
      expect(await accessToken('legal01')).not.toBe(first);
      const tomorrow = new Date(Date.now() + 86_400_000);
      expect(await accessToken('legal02', tomorrow)).not.toBe(first);
      await expect(accessToken('nobody')).rejects.toThrow('no user is called nobody');
    } finally {
      if (before === undefined) delete process.env['DUALKEY_LOCAL_DIR'];
      else process.env['DUALKEY_LOCAL_DIR'] = before;
    }
  });
});
