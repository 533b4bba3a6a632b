import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as EventTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { COMPANION_SUFFIX } from '../../shared/domain/batch.ts';
import { productName } from '../function-catalogue.ts';
import type { ProductFunction } from './product-function.ts';

/** What runs by the clock, through EventBridge Scheduler. A run that is missed or fails is made up for by the next. */
const SCHEDULES = [
  // What a crash interrupted is found again at the next; a conversation waits for hours.
  { id: 'Seal', run: 'gather', expression: 'rate(10 minutes)', lateMinutes: 10 },
  { id: 'MonthEnd', run: 'merge', expression: 'cron(0 20 1 * ? *)', lateMinutes: 720 },
  { id: 'Sweep', run: 'reconcile', expression: 'rate(1 minute)', lateMinutes: 1 },
  // Changes of the directory that a crash left: whoever asks about one has it taken up at once.
  { id: 'Directory', run: 'staff', expression: 'rate(10 minutes)', lateMinutes: 10 },
  // Once a day, while hotels are quiet in most of the regions.
  { id: 'Retention', run: 'retain', expression: 'cron(0 18 * * ? *)', lateMinutes: 720 },
] as const;

export type TriggersProps = {
  region: string;
  functions: Readonly<
    Record<'gather' | 'ingest' | 'merge' | 'reconcile' | 'retain' | 'staff', ProductFunction>
  >;
  inbox: Bucket;
  pushes: Queue;
  grantsStreamArn: string;
  deadLetters: Queue;
};

/** What wakes functions besides the API and the workflow: uploads, the grants stream, the clock. */
export class Triggers extends Construct {
  constructor(scope: Construct, id: string, props: TriggersProps) {
    super(scope, id);
    const { region, functions, inbox, pushes, grantsStreamArn, deadLetters } = props;

    new Rule(this, 'Uploaded', {
      description: 'An upload is complete: ingest it',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [inbox.bucketName] },
          // What comes beside an export is complete before it, and begins nothing.
          object: { key: Match.anythingButSuffix(COMPANION_SUFFIX) },
        },
      },
      targets: [
        new EventTarget(functions.ingest.lambda, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.hours(6),
          retryAttempts: 8,
        }),
      ],
    });

    new EventSourceMapping(this, 'Pushes', {
      target: functions.gather.lambda,
      eventSourceArn: pushes.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    }).node.addDependency(functions.gather.policy);

    new EventSourceMapping(this, 'GrantsStream', {
      target: functions.reconcile.lambda,
      eventSourceArn: grantsStreamArn,
      startingPosition: StartingPosition.LATEST,
      batchSize: 10,
      retryAttempts: 3,
      maxRecordAge: Duration.hours(1),
      bisectBatchOnError: true,
      // Not SqsDlq, which would add rights of its own to the function's role.
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
    }).node.addDependency(functions.reconcile.policy);

    const scheduler = new Role(this, 'Scheduler', {
      roleName: productName(region, 'scheduler'),
      description: 'Dualkey: lets EventBridge Scheduler invoke the scheduled functions',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    scheduler.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: SCHEDULES.map(({ run }) => functions[run].lambda.functionArn),
      }),
    );
    scheduler.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
    );
    for (const { id: name, run, expression, lateMinutes } of SCHEDULES) {
      new CfnSchedule(this, name, {
        name: productName(region, run),
        scheduleExpression: expression,
        scheduleExpressionTimezone: 'UTC',
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: functions[run].lambda.functionArn,
          roleArn: scheduler.roleArn,
          input: '{}',
          deadLetterConfig: { arn: deadLetters.queueArn },
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: lateMinutes * 60 },
        },
      });
    }
  }
}
