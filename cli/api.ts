import { z } from 'zod';
import type { StepUpBody } from '../shared/domain/step-up.ts';
import { verdictSchema } from '../shared/domain/verdict.ts';
import { apiUrl } from './deployment.ts';
import { BadInputError, FailedError, RefusedError, refusedRequest } from './failure.ts';
import { accessToken, forgetSession } from './sign-in.ts';
import { type ActToSign, signAct } from './step-up.ts';

const refusal = z.object({ verdict: verdictSchema, request: refusedRequest.optional() });
const fault = z.object({ error: z.object({ what: z.string(), where: z.string(), remedy: z.string() }) });

/** The deployment's API as one signed-in person. */
export type Api = {
  get<Shape>(path: string, schema: z.ZodType<Shape>): Promise<Shape>;
  post<Shape>(path: string, body: object, schema: z.ZodType<Shape>): Promise<Shape>;
  /** Whose local device key signs. */
  username: string;
  /** Signs what is about to be done with that key (A6): the body's field `stepUp`. */
  stepUp(act: ActToSign): Promise<StepUpBody>;
};

/** Whoever comes with a token of their own has one device key here. */
const OWN_KEY = 'own';

/** Refusals after which a token that was kept is of no use any more (R9). */
const SIGNS_IN_AGAIN = ['session-locked', 'sign-in-after-lock', 'account-locked'];

/** Signs `username` in and returns the API in that person's name. */
export async function signedIn(username: string): Promise<Api> {
  const [base, token] = await Promise.all([apiUrl(), accessToken(username)]);
  return apiOf(base, token, username);
}

/** The API in the name of whoever this access token is of. */
export async function withToken(token: string): Promise<Api> {
  return apiOf(await apiUrl(), token, OWN_KEY);
}

function apiOf(base: string, token: string, username: string): Api {
  async function call<Shape>(
    method: string,
    path: string,
    schema: z.ZodType<Shape>,
    body?: object,
  ): Promise<Shape> {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new FailedError(
        `${base} can’t be reached: is it running? Locally, start it with \`npm run up\``,
        {
          cause: error,
        },
      );
    }
    const document: unknown = await response.json().catch(() => null);
    if (response.ok) return schema.parse(document);
    const refused = refusal.safeParse(document);
    if (refused.success) {
      const { verdict, request } = refused.data;
      if (username !== OWN_KEY && verdict.reasons.some((reason) => SIGNS_IN_AGAIN.includes(reason)))
        await forgetSession(username);
      throw request === undefined ? new RefusedError(verdict) : RefusedError.whileLocked(verdict, request);
    }
    const wrong = fault.safeParse(document);
    if (wrong.success && response.status < 500) {
      throw new BadInputError(wrong.data.error.what, wrong.data.error.where, wrong.data.error.remedy);
    }
    const detail = wrong.success ? `: ${wrong.data.error.what}, ${wrong.data.error.where}` : '';
    throw new FailedError(`${method} ${path} answered ${response.status}${detail}`);
  }

  const api: Pick<Api, 'get' | 'post'> = {
    get: (path, schema) => call('GET', path, schema),
    post: (path, body, schema) => call('POST', path, schema, body),
  };
  return { ...api, username, stepUp: (act) => signAct(api, username, act) };
}
