import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { localFolder } from '../../cli/deployment.ts';
import { identitySchema, signIn } from '../../cli/sign-in.ts';
import { administrator, stack, userOf } from './support/stack.ts';

const cognito = new CognitoIdentityProviderClient(administrator);
const outputs = z
  .object({ identity: identitySchema, userPoolId: z.string() })
  .parse(JSON.parse(readFileSync(resolve(localFolder(), 'outputs.json'), 'utf8')));
const passwords = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(resolve(localFolder(), 'credentials.json'), 'utf8')));

function statusWith(token: string | undefined): Promise<number> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(`${stack.apiUrl}/requests`, { headers }).then(({ status }) => status);
}

describe('who may call the API', () => {
  const credentials = { username: userOf('legal'), password: passwords[userOf('legal')] ?? '' };
  let tokens: Awaited<ReturnType<typeof signIn>>;
  beforeAll(async () => {
    tokens = await signIn(outputs.identity, credentials);
  });

  it('answers an access token of this deployment', async () => {
    expect(await statusWith(tokens.access_token)).toBe(200);
  });

  it('refuses no token, and a token that was changed', async () => {
    expect(await statusWith(undefined)).toBe(401);
    const [header, payload, signature] = tokens.access_token.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
    expect(await statusWith([header, forged, signature].join('.'))).toBe(401);
  });

  it('refuses an ID token', async () => {
    expect(tokens.id_token).toBeDefined();
    expect([401, 403]).toContain(await statusWith(tokens.id_token));
  });

  it('refuses an access token for another audience', async () => {
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId: outputs.userPoolId,
        ClientName: 'another-application',
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid', 'dualkey/api'],
        CallbackURLs: [outputs.identity.redirectUri],
        SupportedIdentityProviders: ['COGNITO'],
      }),
    );
    const clientId = UserPoolClient?.ClientId ?? '';
    try {
      const other = await signIn({ ...outputs.identity, clientId }, credentials);
      expect([401, 403]).toContain(await statusWith(other.access_token));
    } finally {
      await cognito.send(
        new DeleteUserPoolClientCommand({ UserPoolId: outputs.userPoolId, ClientId: clientId }),
      );
    }
  });

  it('takes no name or role from the request', async () => {
    const answer = await fetch(`${stack.apiUrl}/requests`, {
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'x-dualkey-role': 'privacy-officer',
        'x-dualkey-user': userOf('privacy-officer'),
      },
    });
    const other = await fetch(`${stack.apiUrl}/requests`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await answer.json()).toEqual(await other.json());
  });
});
