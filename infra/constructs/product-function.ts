import { Effect, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  EventInvokeConfig,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type FunctionName, productName } from '../function-catalogue.ts';
import type { FunctionSpec } from '../function-spec.ts';

export type ProductFunctionProps = {
  region: string;
  name: FunctionName;
  spec: FunctionSpec;
  code: Code;
  environment: Record<string, string>;
  /** What its role may do, besides writing its own log. */
  statements: readonly PolicyStatement[];
  /** Where an event goes that the function failed at for good; its role may send there. */
  deadLetters?: Queue;
};

/** A function with its own role, its own log group and the product's defaults. */
export class ProductFunction extends Construct {
  readonly name: FunctionName;
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly policy: Policy;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ProductFunctionProps) {
    super(scope, id);
    const { region, name, spec, code, environment, statements, deadLetters } = props;
    const functionName = productName(region, name);
    this.name = name;
    // Lines are catalogued (shared/runtime/log.ts) and hold no personal data; custody events are kept elsewhere.
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: functionName,
      description: `Dualkey: ${name} ${spec.does}`.replace(/[^\x20-\x7e]/g, "'"),
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.policy = new Policy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new PolicyStatement({
          sid: 'OwnLog',
          effect: Effect.ALLOW,
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
        ...statements,
      ],
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName,
      description: spec.does.replace(/[^\x20-\x7e]/g, "'"),
      runtime: Runtime.NODEJS_24_X,
      // In every region; arm64 isn't.
      architecture: Architecture.X86_64,
      handler: 'index.handler',
      code,
      memorySize: spec.memoryMb,
      timeout: Duration.seconds(spec.timeoutSeconds),
      role: this.role,
      logGroup: this.logGroup,
      environment,
      // A large upload is continued by as many invocations as it takes; the platform's guard against loops would stop it.
      ...(spec.invokes?.includes(name) ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
    });
    if (deadLetters !== undefined) {
      new EventInvokeConfig(this, 'Later', {
        function: this.lambda,
        retryAttempts: 2,
        maxEventAge: Duration.hours(6),
        // Not SqsDestination, which would add rights of its own to the function's role.
        onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      }).node.addDependency(this.policy);
    }
    // Whatever invokes the function finds its rights in place.
    this.lambda.node.addDependency(this.policy);
  }
}
