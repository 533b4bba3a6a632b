import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { RegionConfig } from '../../shared/domain/region-config.ts';
import { productName } from '../function-catalogue.ts';
import type { Differences } from '../local-differences.ts';
import { type RetrievalFunctions, retrieval } from '../workflow/retrieval.ts';

export type RetrievalMachineProps = {
  config: RegionConfig;
  run: RetrievalFunctions;
  differences: Differences;
};

/** The state machine of infra/workflow/retrieval.ts, with a role that can invoke its five functions and nothing else. */
export class RetrievalMachine extends Construct {
  readonly machine: StateMachine;
  readonly role: Role;
  readonly policy: Policy;

  constructor(scope: Construct, id: string, { config, run, differences }: RetrievalMachineProps) {
    super(scope, id);
    const name = productName(config.region, 'retrieval');
    const functions: IFunction[] = Object.values(run);
    this.role = new Role(this, 'Role', {
      roleName: name,
      description: 'Dualkey: runs the steps of a retrieval',
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    this.policy = new Policy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: functions.map(({ functionArn }) => functionArn),
        }),
        ...(differences.executionLogs ? [DELIVER_LOGS, SEND_TRACES] : []),
      ],
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      comment: 'One escalated retrieval, from request to archive (docs/workflow.md)',
      definitionBody: DefinitionBody.fromChainable(retrieval(new Construct(this, 'Chain'), run, config)),
      // The library would add rights on every version and alias of each function: the policy above is all there is.
      role: this.role.withoutPolicyUpdates(),
      ...(differences.executionLogs
        ? {
            tracingEnabled: true,
            logs: {
              destination: new LogGroup(this, 'Log', {
                logGroupName: `/aws/vendedlogs/states/${name}`,
                retention: RetentionDays.SIX_MONTHS,
                removalPolicy: RemovalPolicy.DESTROY,
              }),
              // Failures only, and never what passed between the states.
              level: LogLevel.ERROR,
              includeExecutionData: false,
            },
          }
        : {}),
    });
    this.machine.node.addDependency(this.policy);
  }
}

// Step Functions developer guide, "IAM policies for logging to CloudWatch Logs" and "X-Ray": neither takes a resource.
const DELIVER_LOGS = new PolicyStatement({
  actions: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  resources: ['*'],
});
const SEND_TRACES = new PolicyStatement({
  actions: [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
  ],
  resources: ['*'],
});
