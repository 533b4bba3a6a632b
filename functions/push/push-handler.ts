import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { logInvocation } from '../../shared/runtime/invocation-log.ts';
import { reportBroken } from '../../shared/runtime/report-broken.ts';
import type { PushCall } from './push-call.ts';
import type { PushAnswer } from './receive-push.ts';

/**
 * The handler of the routes without a token. What breaks is answered with 500, after which platforms push again; a body is
 * never parsed here, and never logged.
 */
export function pushHandler(
  receive: (place: { channel: string; account: string }, call: PushCall) => Promise<PushAnswer>,
) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(logInvocation())
    .handler(async (event) => {
      try {
        const { channel = '', account = '' } = event.pathParameters ?? {};
        const { status, text } = await receive({ channel, account }, callOf(event));
        return answer(status, text);
      } catch (error) {
        reportBroken(error);
        return answer(500, 'try again');
      }
    });
}

function callOf({
  requestContext,
  queryStringParameters,
  headers,
  body,
  isBase64Encoded,
}: APIGatewayProxyEventV2): PushCall {
  return {
    method: requestContext.http.method === 'GET' ? 'GET' : 'POST',
    query: present(queryStringParameters ?? {}),
    headers: Object.fromEntries(
      Object.entries(present(headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}

function present(map: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function answer(statusCode: number, body: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
