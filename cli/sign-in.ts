import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { localFolder } from './deployment.ts';
import { BadInputError, FailedError } from './failure.ts';

/** Where and as what a command signs in: part of a deployment's outputs. */
export const identitySchema = z.object({
  issuer: z.url(),
  clientId: z.string(),
  authorizationEndpoint: z.url(),
  tokenEndpoint: z.url(),
  redirectUri: z.url(),
  /** Asked for at sign-in; holds `dualkey/api`, without which the API refuses the token. */
  scope: z.string(),
});
export type Identity = z.infer<typeof identitySchema>;

export type Credentials = { username: string; password: string };

const tokenResponse = z.object({
  access_token: z.string(),
  id_token: z.string().optional(),
  expires_in: z.number(),
});
const sessionSchema = z.object({ accessToken: z.string(), expiresAt: z.iso.datetime() });

/** A token is used no longer once it ends within this time: a command may take that long. */
const MARGIN_MS = 120_000;

/**
 * An access token of this demo user: one kept from an earlier command while it is still good, else by signing in with
 * the password that `npm run up` kept. Sessions are readable by their owner only.
 */
export async function accessToken(username: string, now: Date = new Date()): Promise<string> {
  const folder = localFolder();
  const { identity } = await readDeploymentFile(
    path.join(folder, 'outputs.json'),
    z.object({ identity: identitySchema }),
  );
  const passwords = await readDeploymentFile(
    path.join(folder, 'credentials.json'),
    z.record(z.string(), z.string()),
  );
  const password = passwords[username];
  if (password === undefined) {
    throw new BadInputError({ zh: `没有用户 ${username}`, en: `no user is called ${username}` }, '--as', {
      zh: `写 ${path.join(folder, 'users.json')} 中的用户`,
      en: `name a user of ${path.join(folder, 'users.json')}`,
    });
  }
  const file = path.join(folder, 'session', `${sessionName(identity, username)}.json`);
  const kept = await readSession(file);
  if (kept !== null && Date.parse(kept.expiresAt) - now.getTime() > MARGIN_MS) return kept.accessToken;
  const { access_token, expires_in } = await signIn(identity, { username, password });
  const expiresAt = new Date(now.getTime() + expires_in * 1000).toISOString();
  await writeSession(file, { accessToken: access_token, expiresAt });
  return access_token;
}

/** The next command signs in anew: the product takes no token from before a lock (R9). */
export async function forgetSession(username: string): Promise<void> {
  const folder = localFolder();
  const { identity } = await readDeploymentFile(
    path.join(folder, 'outputs.json'),
    z.object({ identity: identitySchema }),
  );
  await rm(path.join(folder, 'session', `${sessionName(identity, username)}.json`), { force: true });
}

/**
 * Signs in through the issuer's own login page: authorization code with PKCE (RFC 6749 §4.1, RFC 7636). Throws
 * BadInputError where the issuer refuses the person, FailedError where it can't be reached or refuses this client.
 */
export async function signIn(
  identity: Identity,
  credentials: Credentials,
): Promise<z.infer<typeof tokenResponse>> {
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const page = new URL(identity.authorizationEndpoint);
  page.search = new URLSearchParams({
    response_type: 'code',
    client_id: identity.clientId,
    redirect_uri: identity.redirectUri,
    scope: identity.scope,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const code = await submitLogin(page, credentials, state);
  const answer = await call(new URL(identity.tokenEndpoint), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: identity.clientId,
      redirect_uri: identity.redirectUri,
      code,
      code_verifier: verifier,
    }),
  });
  const token = tokenResponse.safeParse(await answer.json().catch(() => null));
  if (!token.success) {
    throw new FailedError(
      {
        zh: `${identity.tokenEndpoint} 未给出访问令牌:答复 ${answer.status}`,
        en: `no access token from ${identity.tokenEndpoint}: it answered ${answer.status}`,
      },
      { cause: token.error },
    );
  }
  return token.data;
}

/** Fills in the login page's form, as a browser would, and returns the code of the redirect that follows. */
async function submitLogin(page: URL, { username, password }: Credentials, state: string): Promise<string> {
  const shown = await call(page, { redirect: 'manual' });
  if (shown.status !== 200) {
    const refusal = redirectOf(shown, page)?.searchParams.get('error_description');
    throw new FailedError({
      zh: `登录页拒绝了本程序:${refusal ?? shown.status}`,
      en: `the login page refused this client: ${refusal ?? `status ${shown.status}`}`,
    });
  }
  const form = loginForm(await shown.text(), page);
  const fields = new URLSearchParams({ ...form.hidden, username, password });
  const cookies = shown.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const answer = await call(form.action, {
    method: 'POST',
    redirect: 'manual',
    body: fields,
    headers: cookies.length > 0 ? { cookie: cookies.join('; ') } : {},
  });
  const redirect = redirectOf(answer, page);
  const code = redirect?.searchParams.get('code');
  if (code === undefined || code === null || redirect?.searchParams.get('state') !== state) {
    throw new BadInputError(
      { zh: `${username} 未能登录`, en: `${username} was not signed in` },
      page.origin,
      {
        zh: '检查用户名与密码',
        en: 'check the user name and password',
      },
    );
  }
  return code;
}

function loginForm(html: string, page: URL): { action: URL; hidden: Record<string, string> } {
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html);
  const action = attribute(form?.[1] ?? '', 'action');
  if (form === null || action === null) {
    throw new FailedError({
      zh: `${page.origin} 没有登录表单`,
      en: `no login form at ${page.origin}`,
    });
  }
  const hidden: Record<string, string> = {};
  for (const [, attributes = ''] of (form[2] ?? '').matchAll(/<input\b([^>]*)>/gi)) {
    const name = attribute(attributes, 'name');
    if (name !== null && attribute(attributes, 'type') === 'hidden') {
      hidden[name] = attribute(attributes, 'value') ?? '';
    }
  }
  return { action: new URL(action, page), hidden };
}

function attribute(attributes: string, name: string): string | null {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(attributes)?.[1];
  if (value === undefined) return null;
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return value.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, word) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return named[word] ?? whole;
  });
}

function redirectOf(answer: Response, page: URL): URL | null {
  const location = answer.headers.get('location');
  return location === null ? null : new URL(location, page);
}

async function call(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) });
  } catch (cause) {
    throw new FailedError(
      {
        zh: `无法连接 ${url.origin}:部署是否在运行?请用 \`npm run up\` 启动`,
        en: `${url.origin} can't be reached: is it running? Start it with \`npm run up\``,
      },
      { cause },
    );
  }
}

async function readDeploymentFile<Shape>(file: string, schema: z.ZodType<Shape>): Promise<Shape> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new FailedError(
      {
        zh: `${file} 缺失或不完整:请运行 \`npm run up\``,
        en: `${file} is missing or incomplete: run \`npm run up\``,
      },
      { cause },
    );
  }
}

async function readSession(file: string): Promise<z.infer<typeof sessionSchema> | null> {
  try {
    return sessionSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // None yet, or cut off while it was written: signing in again is always right.
    return null;
  }
}

/** Whole or not at all: commands may run side by side. */
async function writeSession(file: string, session: z.infer<typeof sessionSchema>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(session), { mode: 0o600 });
  await rename(draft, file);
}

/** One session for each issuer, client and person, so that another deployment's token is never sent. */
function sessionName({ issuer, clientId }: Identity, username: string): string {
  return createHash('sha256').update([issuer, clientId, username].join('\n')).digest('hex').slice(0, 32);
}
