import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ProductFunction } from './product-function.ts';

/** Access tokens carry it; ID tokens carry no scope, so that API Gateway refuses them. */
const API_SCOPE = 'dualkey/api';

/** Requests a second, all callers together. Staff work by hand: more is an accident or an attack. */
const THROTTLE = { rateLimit: 50, burstLimit: 100 };
/**
 * On each route without a token, which anybody can call: a flood there is turned away before a function runs. Platforms
 * send again what was turned away.
 */
const OPEN_THROTTLE = { ThrottlingRateLimit: 30, ThrottlingBurstLimit: 60 };

/** Neither addresses, paths with ids, nor who called: what a person did is a custody event. */
const ACCESS_LOG_LINE = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  bytes: '$context.responseLength',
  milliseconds: '$context.responseLatency',
  integration: '$context.integrationStatus',
  refusedBy: '$context.authorizer.error',
});

export type ProductApiProps = {
  name: string;
  identity: { issuer: string; audience: string };
  functions: readonly {
    run: ProductFunction;
    routes: readonly string[];
    /** Those without a token: the function itself finds out who calls. */
    openRoutes: readonly string[];
  }[];
};

/** The HTTP API: a token of the region's issuer with the scope on every route, but for those that are listed as open. */
export class ProductApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;
  readonly openRoutes: HttpRoute[] = [];

  constructor(scope: Construct, id: string, { name, identity, functions }: ProductApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      apiName: name,
      description: 'Dualkey',
      createDefaultStage: false,
      defaultAuthorizer: new HttpJwtAuthorizer('Tokens', identity.issuer, {
        jwtAudience: [identity.audience],
      }),
      defaultAuthorizationScopes: [API_SCOPE],
    });
    const log = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(ACCESS_LOG_LINE),
      },
    });
    for (const { run, routes, openRoutes } of functions) {
      const integration = new HttpLambdaIntegration(`${run.name}-integration`, run.lambda);
      for (const route of [...routes, ...openRoutes]) {
        const [method, path] = route.split(' ');
        if (path === undefined) throw new Error(`${run.name} has a route without a path: ${route}`);
        const open = openRoutes.includes(route);
        const added = this.api.addRoutes({
          path,
          methods: [method === 'GET' ? HttpMethod.GET : HttpMethod.POST],
          integration,
          ...(open ? { authorizer: new HttpNoneAuthorizer(), authorizationScopes: [] } : {}),
        });
        if (open) this.openRoutes.push(...added);
      }
    }
    this.throttleOpenRoutes(functions.flatMap(({ openRoutes }) => openRoutes));
  }

  /** HttpStage has one throttle for all its routes; the resource has one for each. */
  private throttleOpenRoutes(routes: readonly string[]): void {
    const { defaultChild } = this.stage.node;
    if (!(defaultChild instanceof CfnStage)) throw new Error('The stage of the API has no resource');
    defaultChild.routeSettings = Object.fromEntries(routes.map((route) => [route, OPEN_THROTTLE]));
    // Settings of a route that isn't there yet are refused.
    for (const route of this.openRoutes) this.stage.node.addDependency(route);
  }
}
