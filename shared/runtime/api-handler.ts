import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';
import { canonicalJson } from '../domain/canonical-json.ts';
import { barOf, type NewLock } from '../domain/conduct.ts';
import { sha256 } from '../domain/digest.ts';
import type { Person } from '../domain/person.ts';
import { deny, type Verdict, verdictSchema } from '../domain/verdict.ts';
import { isMisoperation } from '../policy/misoperation.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConductKeeping } from '../ports/conduct.ts';
import type { CustodyRecorder } from '../ports/custody-log.ts';
import type { Directory } from '../ports/directory.ts';
import type { RuleSets } from '../ports/rule-sets.ts';
import { answerInWords } from './answer-in-words.ts';
import { emitMetric } from './emit-metric.ts';
import { badInput, broken, type HttpResult, notFound, refused } from './http-result.ts';
import { logInvocation } from './invocation-log.ts';
import { log } from './log.ts';
import { parseBody } from './parse-body.ts';
import { reportBroken } from './report-broken.ts';

/** One API call after the edge: who calls (from the token, read from the directory), the parsed body, the path. */
export type ApiCall<Body> = {
  person: Person;
  body: Body;
  path: Record<string, string>;
  query: Record<string, string>;
  /** What the caller's program calls itself, digested: events tell devices apart by it, and nothing proves it (L2). */
  device: string;
};

/** One route: what its body must be (`z.undefined()` where it has none), and what it does. */
export type Route = (event: APIGatewayProxyEventV2WithJWTAuthorizer, person: Person) => Promise<HttpResult>;

export function route<Body>(
  schema: z.ZodType<Body>,
  act: (call: ApiCall<Body>) => Promise<HttpResult>,
  /** Of a body that is a file: how large it may be. */
  { bodyBytes }: { bodyBytes?: number } = {},
): Route {
  return async (event, person) => {
    if (namesNothing(event))
      return notFound({ zh: '没有此编号', en: 'there is nothing of this id' }, 'path.id');
    const body = parseBody(schema, event, bodyBytes);
    if ('status' in body) return body;
    return act({
      person,
      body: body.value,
      path: present(event.pathParameters),
      query: present(event.queryStringParameters),
      device: deviceOf(event),
    });
  };
}

export type ApiDependencies = {
  directory: Pick<Directory, 'personIdOf' | 'byId'>;
  custody: CustodyRecorder;
  conduct: Pick<ConductKeeping, 'refused' | 'allowed'>;
  /** Where the words of reasons stand; null where no rule set is asked and the product refuses by itself. */
  ruleSets: RuleSets | null;
  clock?: Clock;
  /** Called once it is known who calls, before the person is read: what the call will need may be read with it. */
  ahead?(personId: string, event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<void>;
  /**
   * What a call tells somebody who is locked beside the lock (R9), such as the refusal that led to it; null: nothing. The
   * call stays refused, and is recorded as such.
   */
  besideLock?(event: APIGatewayProxyEventV2WithJWTAuthorizer, person: Person): Promise<object | null>;
};

/**
 * The handler of an API function: routes by `METHOD /path/{id}` as API Gateway names them. The token proves who and
 * when; an access token only; roles come from the directory. Whoever is turned away leaves one custody event (L2), and
 * where it was a misoperation it counts in the same transaction; whoever is locked does nothing (R9). A row of them ends
 * with an act that was `done` alone: not with a look, what stands already, or what is still to be decided (202). Whatever
 * is answered in codes of reasons says them in words too.
 */
export function apiHandler(
  routes: Record<string, Route>,
  { directory, custody, conduct, ruleSets, clock = () => new Date(), ahead, besideLock }: ApiDependencies,
) {
  async function answer(event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<HttpResult> {
    const act = routes[event.routeKey];
    if (act === undefined)
      return badInput({ zh: '没有这个接口', en: 'no such route' }, event.routeKey, {
        zh: '见 docs/api.md',
        en: 'see docs/api.md',
      });
    const { claims } = event.requestContext.authorizer.jwt;
    const token = tokenClaims.safeParse(claims);
    if (!token.success) {
      const stranger = strangerOf(claims);
      await noteRefusal(event.routeKey, stranger, stranger, deny('L2', 'not-an-access-token'));
      return { status: 401, body: { message: '须使用访问令牌 an access token is needed' } };
    }
    const personId = await directory.personIdOf(token.data.iss, token.data.sub);
    if (personId !== null) await ahead?.(personId, event);
    const person = personId === null ? null : await directory.byId(personId);
    if (person === null || !person.active) {
      const who = personId ?? strangerOf(claims);
      const verdict = deny('L2', 'not-in-directory');
      await noteRefusal(event.routeKey, who, who, verdict);
      return refused(verdict);
    }
    const bar = barOf(person.lock, clock(), signedInAt(token.data));
    const result = bar === null ? await act(event, person) : await barred(event, person, deny('R9', bar));
    const refusal = refusalSchema.safeParse(result);
    if (refusal.success) {
      const locked = await refuse(event, person, refusal.data.body.verdict, result);
      // Whoever is locked by this very refusal is told so with it, and not by the next one (R9).
      if (locked !== null) return { ...result, body: { ...result.body, lock: lockOf(locked) } };
    } else if (person.lock.inARow !== undefined && result.done === true) {
      await conduct.allowed(person.personId);
    }
    return result;
  }

  async function barred(
    event: APIGatewayProxyEventV2WithJWTAuthorizer,
    person: Person,
    verdict: Verdict,
  ): Promise<HttpResult> {
    const beside = namesNothing(event) ? null : await besideLock?.(event, person);
    const until = verdict.reasons.includes('session-locked') ? { until: person.lock.sessionUntil } : {};
    return { status: 403, body: { verdict, ...until, ...beside } };
  }

  async function refuse(
    event: APIGatewayProxyEventV2WithJWTAuthorizer,
    person: Person,
    verdict: Verdict,
    { status, attempted }: HttpResult,
  ): Promise<NewLock | null> {
    const { rules, reasons } = verdict;
    const about = event.pathParameters?.['id'] ?? person.personId;
    // What stood in the way of a 409 is what the request has become meanwhile: nobody's misoperation.
    const counts = status === 403 && isMisoperation(verdict);
    const inARow = (person.lock.inARow ?? 0) + 1;
    const data = {
      route: event.routeKey,
      rules,
      reasons,
      ...(counts ? { inARow } : {}),
      ...attempted,
    };
    const draft = { at: clock(), actor: person.personId, data };
    const locked = await conduct.refused(person, { subject: `attempts/${about}`, event: draft }, counts);
    told(event.routeKey, person.personId, verdict);
    if (locked?.lock === 'account') emitMetric('accountLocked');
    return locked;
  }

  /** Each refused attempt is one custody event (L2), on a chain of its own so that it never delays the request's. */
  async function noteRefusal(route: string, about: string, actor: string, verdict: Verdict): Promise<void> {
    const { rules, reasons } = verdict;
    await custody.record(`attempts/${about}`, 'attempt-refused', {
      at: clock(),
      actor,
      data: { route, rules, reasons },
    });
    told(route, actor, verdict);
  }

  return middy<APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2>()
    .use(logInvocation())
    .handler(async (event) => {
      try {
        const { status, body } = await answer(event);
        return response({ status, body: await answerInWords(body, ruleSets) });
      } catch (error) {
        reportBroken(error);
        return response(broken(event.requestContext.requestId));
      }
    });
}

/** A lock as every later call will be refused with it, and until when that is. */
function lockOf({ lock, until }: NewLock): Verdict & { until: string | null } {
  return { ...deny('R9', lock === 'account' ? 'account-locked' : 'session-locked'), until };
}

/** A request that was refused earlier is shown with 200: looking at it is no refused attempt. */
const refusalSchema = z.object({
  status: z.union([z.literal(403), z.literal(409)]),
  body: z.object({ verdict: verdictSchema.refine(({ outcome }) => outcome === 'deny') }),
});

/** Seconds since 1970, as JWTs say times (RFC 7519 §2); API Gateway hands claims over as text. */
const seconds = z.coerce.number().int().min(0);

const tokenClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  iat: seconds.optional(),
  // When the person proved who they are; a token that was refreshed is younger than that. Not every issuer says it.
  auth_time: seconds.optional(),
  // Issuers other than Cognito don't send it; there the scope of the route alone tells access tokens from ID tokens.
  token_use: z.literal('access').optional(),
});

/** A token that says no time counts as one of long ago. */
function signedInAt({ iat, auth_time }: z.infer<typeof tokenClaims>): Date {
  return new Date((auth_time ?? iat ?? 0) * 1000);
}

function told(route: string, person: string, { rules, reasons }: Verdict): void {
  emitMetric('attemptRefused');
  log('attempt-refused', { route, person, rules, reasons });
}

/** An id as the product makes them: a prefix, and a time-ordered or a derived part. */
const MADE_ID = /^[a-z]{3,4}_[a-z0-9]{1,40}$/;

/** An id that can't be one names nothing; nothing is asked about it, and it stands in no event. */
function namesNothing(event: APIGatewayProxyEventV2WithJWTAuthorizer): boolean {
  const id = event.pathParameters?.['id'];
  return id !== undefined && !MADE_ID.test(id);
}

function deviceOf({ requestContext }: APIGatewayProxyEventV2WithJWTAuthorizer): string {
  return `ua-${sha256(requestContext.http.userAgent.toWellFormed()).slice('sha256:'.length, 23)}`;
}

/** Who calls without a place in the directory, told apart in events without the token's own words. */
function strangerOf(claims: Record<string, unknown>): string {
  return `subject-${sha256(canonicalJson([textOf(claims['iss']), textOf(claims['sub'])])).replace('sha256:', '')}`;
}

function textOf(claim: unknown): string {
  return typeof claim === 'string' ? claim.toWellFormed() : '';
}

function present(map: Record<string, string | undefined> | undefined): Record<string, string> {
  const entries = Object.entries(map ?? {});
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function response({ status, body }: HttpResult): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
