import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { AccountRootPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE, METRICS, type MetricId } from '../../shared/runtime/metrics-catalogue.ts';
import { ALARMS, type AlarmSpec, type PlatformAlarmName } from '../alarms.ts';
import { productName } from '../function-catalogue.ts';
import type { Differences } from '../local-differences.ts';
import type { ProductApi } from './product-api.ts';
import type { ProductFunction } from './product-function.ts';
import { ProductTopic } from './product-topic.ts';

export type ObservabilityProps = {
  region: string;
  functions: readonly ProductFunction[];
  /** Names of the functions that answer the API. */
  answering: readonly ProductFunction[];
  metricsBridge: ProductFunction | undefined;
  api: ProductApi;
  machine: StateMachine;
  deadLetters: Queue;
  /** Pushes that could not be gathered. */
  deadPushes: Queue;
  differences: Differences;
};

/** At most so many metrics go into one expression (CloudWatch quotas). */
const METRICS_AT_ONCE = 10;

/** Metrics → alarms → one topic, and a dashboard. Subscribers to the topic are the chain's own. */
export class Observability extends Construct {
  readonly topic: ProductTopic;
  private readonly region: string;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { region, differences } = props;
    this.region = region;
    this.topic = new ProductTopic(this, 'Alarms', {
      topicName: productName(region, 'alarms'),
      key: {
        id: 'NoticesKey',
        description: 'Dualkey: alarm notices on their way',
        users: [],
        statements: [
          new PolicyStatement({
            sid: 'AlarmsPublish',
            principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: ['*'],
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
          new PolicyStatement({
            sid: 'SubscribersOfTheAccount',
            principals: [new AccountRootPrincipal()],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: ['*'],
          }),
        ],
      },
      differences,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );

    const specs: [string, AlarmSpec][] = Object.entries(ALARMS);
    for (const [name, spec] of specs) this.productAlarm(name, spec);
    if (differences.platformAlarms) this.platformAlarms(props);
    if (props.metricsBridge !== undefined) bridge(this, props.functions, props.metricsBridge);
    this.dashboard(props);
  }

  private productAlarm(
    name: string,
    { metric, threshold, periodMinutes, periods = 1, silence }: AlarmSpec,
  ): void {
    this.alarm(name, productMetric(metric, Duration.minutes(periodMinutes)), {
      description: METRICS[metric].meaning,
      threshold,
      periods,
      operator:
        silence === true
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      missing: silence === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  private platformAlarms({
    api,
    machine,
    deadLetters,
    deadPushes,
    functions,
    answering,
  }: ObservabilityProps): void {
    const period = Duration.minutes(5);
    const background = functions.filter((one) => !answering.includes(one));
    const alarm = (name: PlatformAlarmName, metric: IMetric, description: string, part = '') =>
      this.alarm(`${name}${part}`, metric, {
        runbook: name,
        description,
        threshold: 1,
        periods: 1,
        operator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        missing: TreatMissingData.NOT_BREACHING,
      });
    alarm(
      'dead-letters',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      'a wake-up failed for good and waits in the dead-letter queue',
    );
    alarm(
      'dead-pushes',
      deadPushes.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      'a push could not be gathered and waits, encrypted, in the dead-letter queue of pushes',
    );
    alarm('api-errors', api.api.metricServerError({ period, statistic: Stats.SUM }), 'the API answered 5xx');
    alarm('executions-failed', machine.metricFailed({ period }), 'an execution of the retrieval failed');
    alarm(
      'executions-timed-out',
      machine.metricTimedOut({ period }),
      'an execution of the retrieval timed out',
    );
    const tenAtOnce = (
      name: PlatformAlarmName,
      of: readonly ProductFunction[],
      which: 'Errors' | 'Throttles',
      description: string,
    ) => {
      for (let at = 0; at < of.length; at += METRICS_AT_ONCE) {
        const part = at === 0 ? '' : `-${at / METRICS_AT_ONCE + 1}`;
        alarm(name, sum(of.slice(at, at + METRICS_AT_ONCE), which, period), description, part);
      }
    };
    tenAtOnce('api-function-errors', answering, 'Errors', 'a function of the API crashed or timed out');
    tenAtOnce(
      'background-function-errors',
      background,
      'Errors',
      'a background function crashed or timed out',
    );
    tenAtOnce('api-throttles', answering, 'Throttles', 'the account has no room for a function of the API');
    tenAtOnce(
      'background-throttles',
      background,
      'Throttles',
      'the account has no room for a background function',
    );
  }

  private alarm(
    name: string,
    metric: IMetric,
    spec: {
      description: string;
      /** Its heading in docs/operations.md where that isn't the alarm's own name. */
      runbook?: string;
      threshold: number;
      periods: number;
      operator: ComparisonOperator;
      missing: TreatMissingData;
    },
  ): void {
    new Alarm(this, `Alarm-${name}`, {
      alarmName: `dualkey-${this.region}-${name}`,
      alarmDescription: `${spec.description}. Runbook: docs/operations.md#${spec.runbook ?? name}`,
      metric,
      threshold: spec.threshold,
      evaluationPeriods: spec.periods,
      comparisonOperator: spec.operator,
      treatMissingData: spec.missing,
    }).addAlarmAction(new SnsAction(this.topic));
  }

  private dashboard({ region, functions, machine, deadLetters }: ObservabilityProps): void {
    const hour = Duration.hours(1);
    const graph = (title: string, ...metrics: MetricId[]) =>
      new GraphWidget({ title, width: 8, left: metrics.map((metric) => productMetric(metric, hour)) });
    new Dashboard(this, 'Dashboard', {
      dashboardName: `dualkey-${region}`,
      widgets: [
        [
          new TextWidget({
            width: 24,
            height: 2,
            markdown:
              '# Dualkey 双钥\nMetadata only; runbooks in docs/operations.md. 仅元数据；处置手册见 docs/operations.md。',
          }),
        ],
        [
          graph(
            'Retrievals 调阅',
            'linkIssued',
            'viewShown',
            'requestLapsed',
            'providerOverdue',
            'attemptRefused',
            'retrievalFailed',
          ),
          graph(
            'Custody in 入库',
            'batchCommitted',
            'batchFailed',
            'batchStalled',
            'lineRejected',
            'messageConflicted',
          ),
          graph('Pushes 推送', 'pushGathered', 'pushRefused', 'pushUnread', 'pushFailed', 'dropRefused'),
          graph('Retention 留存与删除', 'periodsDeleted', 'retentionFinished', 'retentionFailed'),
        ],
        [
          graph(
            'Break-glass and conduct 紧急调阅与误操作',
            'emergencyAsked',
            'emergencyOpened',
            'emergencyIncident',
            'sensitiveOrManyGuests',
            'accountLocked',
            'approvalReminded',
            'noticeFailed',
          ),
        ],
        [
          graph(
            'Repairs 自愈',
            'workflowRepaired',
            'copyOverdue',
            'blockRefused',
            'recordsLost',
            'sweepFinished',
            'blocksMerged',
            'mergeFailed',
          ),
          new GraphWidget({
            title: 'Workflow 流程',
            width: 8,
            left: [machine.metricStarted(), machine.metricSucceeded(), machine.metricFailed()],
          }),
          new GraphWidget({
            title: 'Dead letters 死信',
            width: 8,
            left: [deadLetters.metricApproximateNumberOfMessagesVisible()],
          }),
        ],
        [
          new GraphWidget({
            title: 'Function errors 函数错误',
            width: 12,
            left: functions.map(({ lambda }) => lambda.metricErrors()),
          }),
          new GraphWidget({
            title: 'Function duration 函数耗时',
            width: 12,
            left: functions.map(({ lambda }) => lambda.metricDuration({ statistic: Stats.p(95) })),
          }),
        ],
      ],
    });
  }
}

function productMetric(metric: MetricId, period: Duration): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: METRICS[metric].name,
    statistic: Stats.SUM,
    period,
  });
}

/**
 * One alarm over several functions. A function that
 * wasn't invoked has no datum, and a sum that lacks one has none either: it counts as nothing (CloudWatch user guide,
 * "Using metric math", FILL).
 */
function sum(
  functions: readonly ProductFunction[],
  metric: 'Errors' | 'Throttles',
  period: Duration,
): MathExpression {
  const ids = functions.map((_, index) => `m${index}`);
  return new MathExpression({
    expression: ids.map((id) => `FILL(${id}, 0)`).join(' + '),
    label: metric,
    period,
    usingMetrics: Object.fromEntries(
      functions.map(({ lambda }, index) => [
        `m${index}`,
        metric === 'Errors' ? lambda.metricErrors({ period }) : lambda.metricThrottles({ period }),
      ]),
    ),
  });
}

/** Where EMF lines stay log lines: each function's log goes to metrics-bridge. */
function bridge(scope: Construct, functions: readonly ProductFunction[], to: ProductFunction): void {
  for (const { name, logGroup } of functions) {
    new SubscriptionFilter(scope, `Bridge-${name}`, {
      logGroup,
      destination: new LambdaDestination(to.lambda),
      // A plain term: JSON patterns are not understood there.
      filterPattern: FilterPattern.literal('"CloudWatchMetrics"'),
    });
  }
}
