import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';

/** A call as API Gateway hands it to a function, its token checked. */
export function apiEvent(
  routeKey: string,
  {
    claims = {},
    path = {},
    body,
  }: { claims?: Record<string, string>; path?: Record<string, string>; body?: string } = {},
): APIGatewayProxyEventV2WithJWTAuthorizer {
  const [method = '', rawPath = ''] = routeKey.split(' ');
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString: '',
    headers: {},
    isBase64Encoded: false,
    pathParameters: path,
    ...(body === undefined ? {} : { body }),
    requestContext: {
      accountId: '0',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      requestId: 'call-1',
      routeKey,
      stage: '$default',
      time: '',
      timeEpoch: 0,
      authorizer: {
        principalId: '',
        integrationLatency: 0,
        jwt: { claims: { iss: 'https://issuer.example', token_use: 'access', ...claims }, scopes: [] },
      },
    },
  };
}

/** A Lambda context, as far as anybody looks at it. */
export const CONTEXT = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'f',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '128',
  awsRequestId: 'call-1',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 1000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
