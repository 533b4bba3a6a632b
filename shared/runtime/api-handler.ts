import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';
import { LIMITS } from '../domain/limits.ts';
import type { Person } from '../domain/person.ts';
import { deny, type Verdict, verdictSchema } from '../domain/verdict.ts';
import type { CustodyRecorder } from '../ports/custody-log.ts';
import type { Directory } from '../ports/directory.ts';
import { emitMetric } from './emit-metric.ts';
import { badInput, type HttpResult, refused } from './http-result.ts';
import { logInvocation } from './invocation-log.ts';
import { log } from './log.ts';
import { reportBroken } from './report-broken.ts';

/** One API call after the edge: who calls (from the token, read from the directory), the parsed body, the path. */
export type ApiCall<Body> = {
  person: Person;
  body: Body;
  path: Record<string, string>;
  query: Record<string, string>;
};

/** One route: what its body must be (`z.undefined()` where it has none), and what it does. */
export type Route = (event: APIGatewayProxyEventV2WithJWTAuthorizer, person: Person) => Promise<HttpResult>;

export function route<Body>(
  schema: z.ZodType<Body>,
  act: (call: ApiCall<Body>) => Promise<HttpResult>,
): Route {
  return async (event, person) => {
    const body = parseBody(schema, event);
    if ('status' in body) return body;
    return act({
      person,
      body: body.value,
      path: present(event.pathParameters),
      query: present(event.queryStringParameters),
    });
  };
}

/**
 * The handler of an API function: routes by `METHOD /path/{id}` as API Gateway names them. The token proves who and
 * when; an access token only; roles come from the directory.
 */
export function apiHandler(
  routes: Record<string, Route>,
  { directory, custody }: { directory: Directory; custody: CustodyRecorder },
) {
  async function answer(event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<HttpResult> {
    const act = routes[event.routeKey];
    if (act === undefined) return badInput('no such route', event.routeKey, 'see docs/api.md');
    const claims = tokenClaims.safeParse(event.requestContext.authorizer.jwt.claims);
    if (!claims.success) return { status: 401, body: { message: 'An access token is needed' } };
    const person = await directory.bySubject(claims.data.iss, claims.data.sub);
    if (person === null || !person.active) return refused(deny('L2', 'not-in-directory'));
    const result = await act(event, person);
    const refusal = refusalSchema.safeParse(result);
    if (refusal.success) await noteRefusal(event, person, refusal.data.body.verdict);
    return result;
  }

  /** Each refused attempt is one custody event (L2), on a chain of its own so that it never delays the request's. */
  async function noteRefusal(
    event: APIGatewayProxyEventV2WithJWTAuthorizer,
    person: Person,
    verdict: Verdict,
  ): Promise<void> {
    const { rules, reasons } = verdict;
    await custody.record(`attempts/${event.pathParameters?.['id'] ?? person.personId}`, 'attempt-refused', {
      at: new Date(),
      actor: person.personId,
      data: { route: event.routeKey, rules, reasons },
    });
    emitMetric('attemptRefused');
    log('attempt-refused', { route: event.routeKey, person: person.personId, rules, reasons });
  }

  return middy<APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2>()
    .use(logInvocation())
    .handler(async (event) => {
      try {
        return response(await answer(event));
      } catch (error) {
        reportBroken(error);
        return response({
          status: 500,
          body: {
            error: {
              what: 'the request failed',
              where: event.requestContext.requestId,
              remedy: 'try again; tell operations this id if it stays',
            },
          },
        });
      }
    });
}

/** A request that was refused earlier is shown with 200: looking at it is no refused attempt. */
const refusalSchema = z.object({
  status: z.union([z.literal(403), z.literal(409)]),
  body: z.object({ verdict: verdictSchema.refine(({ outcome }) => outcome === 'deny') }),
});

const tokenClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  // Issuers other than Cognito don't send it; there the scope of the route alone tells access tokens from ID tokens.
  token_use: z.literal('access').optional(),
});

function parseBody<Body>(
  schema: z.ZodType<Body>,
  event: APIGatewayProxyEventV2WithJWTAuthorizer,
): { value: Body } | HttpResult {
  const text =
    event.body === undefined
      ? undefined
      : event.isBase64Encoded
        ? Buffer.from(event.body, 'base64').toString('utf8')
        : event.body;
  if (text !== undefined && Buffer.byteLength(text) > LIMITS.bodyBytes) {
    return badInput(`the body is larger than ${LIMITS.bodyBytes} bytes`, 'body', 'send less');
  }
  let json: unknown;
  try {
    json = text === undefined || text === '' ? undefined : JSON.parse(text);
  } catch {
    return badInput('the body is not JSON', 'body', 'send one JSON object');
  }
  const result = schema.safeParse(json);
  if (result.success) return { value: result.data };
  const issues = result.error.issues.slice(0, 10);
  return badInput(
    // Messages of the schema name what is expected; the value itself is never repeated.
    issues.map((issue) => issue.message).join('; '),
    issues.map((issue) => ['body', ...issue.path.map(String)].join('.')).join(', '),
    'correct these fields and send again',
  );
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
