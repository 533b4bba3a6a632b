import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DeleteUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { localFolder } from '../../cli/deployment.ts';
import { identitySchema, signIn } from '../../cli/sign-in.ts';
import { changed, personOf } from './support/directory.ts';
import { newGuest, requestFor } from './support/retrieval.ts';
import { administrator, dynamo, stack, userOf } from './support/stack.ts';

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

  it('turns away somebody who was deactivated, and notes each attempt once (L2)', async () => {
    const legal = await personOf('legal');
    const before = await attemptsOf(legal.personId);
    await changed(legal, { active: false }, async () => {
      expect(await statusWith(tokens.access_token)).toBe(403);
      expect(await statusWith(tokens.access_token)).toBe(403);
    });
    expect(await attemptsOf(legal.personId)).toBe(before + 2);
  });

  it('takes bad input for what it is: 400, whatever it has in it', async () => {
    const send = (changes: string) => {
      const file = JSON.stringify(requestFor(newGuest())).slice(0, -1);
      return fetch(`${stack.apiUrl}/requests`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' },
        body: `${file},${changes}}`,
      }).then(({ status }) => status);
    };
    for (const changes of [
      '"hotels":["SHA01","SHA01"]',
      '"matter":"\\ud800"',
      '"matter":"王小明"',
      '"to":"9999-12-31T23:59:59-14:00"',
      `"instrument":${'['.repeat(30_000)}${']'.repeat(30_000)}`,
    ]) {
      expect([changes.slice(0, 40), await send(changes)]).toEqual([changes.slice(0, 40), 400]);
    }
  });
});

/** How many events say that this person was refused. */
async function attemptsOf(personId: string): Promise<number> {
  const { Count = 0 } = await dynamo.send(
    new QueryCommand({
      TableName: stack.tables.events,
      KeyConditionExpression: 'pk = :subject',
      ExpressionAttributeValues: { ':subject': `attempts/${personId}` },
      ConsistentRead: true,
    }),
  );
  return Count;
}
