import { z } from 'zod';
import type { StepUpBody } from '../shared/domain/step-up.ts';
import { verdictSchema } from '../shared/domain/verdict.ts';
import { apiUrl } from './deployment.ts';
import { FailedError, lockSchema, RefusedError, RejectedCallError, refusedRequest } from './failure.ts';
import { accessToken, forgetSession } from './sign-in.ts';
import { type ActToSign, signAct } from './step-up.ts';

const refusal = z.object({
  verdict: verdictSchema,
  /** The lock that this refusal led to (R9). */
  lock: lockSchema.optional(),
  /** Of a session's lock: until when. */
  until: z.string().nullish(),
  request: refusedRequest.optional(),
});
const said = z.object({ what: z.string(), remedy: z.string() });
const fault = z.object({ error: z.object({ where: z.string(), zh: said, en: said }) });

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

function refusalOf({ verdict, lock, until, request }: z.infer<typeof refusal>): RefusedError {
  if (lock !== undefined) return RefusedError.thatLocked(verdict, lock);
  const untilThen = until == null ? {} : { until };
  return request === undefined
    ? new RefusedError(verdict, { verdict, ...untilThen }, untilThen)
    : RefusedError.whileLocked({ ...verdict, ...untilThen }, request);
}

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
        {
          zh: `无法连接 ${base}:部署是否在运行?本地请用 \`npm run up\` 启动`,
          en: `${base} can’t be reached: is it running? Locally, start it with \`npm run up\``,
        },
        { cause: error },
      );
    }
    const document: unknown = await response.json().catch(() => null);
    if (response.ok) return schema.parse(document);
    const refused = refusal.safeParse(document);
    if (refused.success) {
      const { verdict, lock } = refused.data;
      const reasons = [...verdict.reasons, ...(lock?.reasons ?? [])];
      if (username !== OWN_KEY && reasons.some((reason) => SIGNS_IN_AGAIN.includes(reason)))
        await forgetSession(username);
      throw refusalOf(refused.data);
    }
    const wrong = fault.safeParse(document);
    if (!wrong.success) {
      throw new FailedError({
        zh: `${method} ${path} 答复 ${response.status}`,
        en: `${method} ${path} answered ${response.status}`,
      });
    }
    const { zh, en, where } = wrong.data.error;
    const remedy = { zh: zh.remedy, en: en.remedy };
    if (response.status < 500) throw new RejectedCallError({ zh: zh.what, en: en.what }, where, remedy);
    throw new FailedError({
      zh: `${method} ${path} 答复 ${response.status}:${zh.what}(${where});${zh.remedy}`,
      en: `${method} ${path} answered ${response.status}: ${en.what} (${where}); ${en.remedy}`,
    });
  }

  const api: Pick<Api, 'get' | 'post'> = {
    get: (path, schema) => call('GET', path, schema),
    post: (path, body, schema) => call('POST', path, schema, body),
  };
  return { ...api, username, stepUp: (act) => signAct(api, username, act) };
}
