import { ArnPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { RegionConfig } from '../shared/domain/region-config.ts';
import type { VariableName } from '../shared/runtime/environment.ts';
import type { CodeOf } from './bundle.ts';
import { functionArn, functionRights, machineArn } from './constructs/function-rights.ts';
import { Observability } from './constructs/observability.ts';
import { outputs } from './constructs/outputs.ts';
import { ProductApi } from './constructs/product-api.ts';
import { ProductFunction } from './constructs/product-function.ts';
import { roleArn } from './constructs/product-key.ts';
import { ProductTopic } from './constructs/product-topic.ts';
import { PushQueue } from './constructs/push-queue.ts';
import { RetrievalMachine } from './constructs/retrieval-machine.ts';
import { RuleSetPublication } from './constructs/rule-set-publication.ts';
import { Triggers } from './constructs/triggers.ts';
import { FUNCTION_NAMES, FUNCTION_SPECS, type FunctionName, productName } from './function-catalogue.ts';
import type { Differences } from './local-differences.ts';
import { type StateStack, viaService } from './state-stack.ts';

export type FlowStackProps = StackProps & {
  config: RegionConfig;
  differences: Differences;
  state: StateStack;
  code: CodeOf;
  /** Digest of the rule set that publish-rules carries. */
  ruleSet: string;
};

/** What acts: functions, the retrieval workflow, the API, schedules, alarms. Keeps nothing. */
export class FlowStack extends Stack {
  readonly deadLetters: Queue;
  readonly pushes: PushQueue;
  readonly functions: readonly ProductFunction[];
  readonly readerPolicy: Policy;
  readonly retrieval: RetrievalMachine;
  readonly openRoutes: ProductApi['openRoutes'];

  constructor(scope: Construct, id: string, props: FlowStackProps) {
    const { config, differences, state, code, ruleSet, ...stackProps } = props;
    super(scope, id, stackProps);
    const { region } = config;

    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: differences.deniesPlainHttp,
      retentionPeriod: Duration.days(14),
    });

    const { deadLetters } = this;
    this.pushes = new PushQueue(this, 'Pushes', { region, differences });
    const notices = noticeTopic(this, region, differences);

    const environment = environmentOf(this, { config, state, notices, differences, pushes: this.pushes });
    const deployed = new Construct(this, 'Functions');
    const deploy = (name: FunctionName): ProductFunction => {
      const spec = FUNCTION_SPECS[name];
      return new ProductFunction(deployed, pascalCase(name), {
        region,
        name,
        spec,
        code: code(name),
        ...(spec.invokedLater ? { deadLetters } : {}),
        environment: Object.fromEntries(
          spec.environment.map((variable) => [variable, environment[variable]]),
        ),
        statements: [
          ...functionRights(this, spec, { state, notices, region, differences }),
          ...(spec.invokedLater || spec.readsGrantsStream
            ? [new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] })]
            : []),
        ],
      });
    };
    const run = {
      receive: deploy('receive'),
      ingest: deploy('ingest'),
      push: deploy('push'),
      channels: deploy('channels'),
      gather: deploy('gather'),
      merge: deploy('merge'),
      request: deploy('request'),
      check: deploy('check'),
      wait: deploy('wait'),
      approve: deploy('approve'),
      provision: deploy('provision'),
      open: deploy('open'),
      render: deploy('render'),
      emergency: deploy('emergency'),
      end: deploy('end'),
      provider: deploy('provider'),
      archive: deploy('archive'),
      compensate: deploy('compensate'),
      reconcile: deploy('reconcile'),
      retain: deploy('retain'),
      hold: deploy('hold'),
      device: deploy('device'),
      staff: deploy('staff'),
      unlock: deploy('unlock'),
      print: deploy('print'),
      case: deploy('case'),
      consent: deploy('consent'),
      view: deploy('view'),
      identity: deploy('identity'),
      'publish-rules': deploy('publish-rules'),
    } satisfies Record<Exclude<FunctionName, 'metrics-bridge'>, ProductFunction>;
    const functions = Object.values(run);
    const metricsBridge = differences.embeddedMetrics ? undefined : deploy('metrics-bridge');
    this.functions = functions;

    this.readerPolicy = reader(this, region, { state, open: run.open, differences });

    this.retrieval = new RetrievalMachine(this, 'Retrieval', {
      config,
      run: {
        check: run.check.lambda,
        wait: run.wait.lambda,
        provision: run.provision.lambda,
        archive: run.archive.lambda,
        compensate: run.compensate.lambda,
      },
      differences,
    });

    const answering = functions.filter(({ name }) => {
      const { routes, openRoutes } = FUNCTION_SPECS[name];
      return routes !== undefined || openRoutes !== undefined;
    });
    const api = new ProductApi(this, 'HttpApi', {
      name: `dualkey-${region}`,
      identity: state.identity,
      functions: answering.map((one) => ({
        run: one,
        routes: FUNCTION_SPECS[one.name].routes ?? [],
        openRoutes: FUNCTION_SPECS[one.name].openRoutes ?? [],
      })),
    });

    this.openRoutes = api.openRoutes;

    const { tableStreamArn } = state.tables.grants;
    if (tableStreamArn === undefined) throw new Error('The grants table has no stream');
    new Triggers(this, 'Triggers', {
      region,
      functions: run,
      inbox: state.buckets.inbox,
      pushes: this.pushes.queue,
      grantsStreamArn: tableStreamArn,
      deadLetters,
    });

    new RuleSetPublication(this, 'RuleSet', { publisher: run['publish-rules'], digest: ruleSet });

    new Observability(this, 'Observability', {
      region,
      functions,
      answering,
      metricsBridge,
      api,
      machine: this.retrieval.machine,
      deadLetters,
      deadPushes: this.pushes.deadLetters,
      differences,
    });

    outputs(this, {
      ApiId: api.api.apiId,
      ApiUrl: api.stage.url,
      StateMachine: this.retrieval.machine.stateMachineArn,
      Region: Stack.of(this).region,
      Functions: FUNCTION_NAMES.filter((name) => name !== 'metrics-bridge')
        .map((name) => productName(region, name))
        .join(','),
      DeadLetterQueue: deadLetters.queueUrl,
      PushQueue: this.pushes.queue.queueUrl,
      DeadPushQueue: this.pushes.deadLetters.queueUrl,
      NoticesTopic: notices.topicArn,
    });
  }
}

/** Where people subscribe to be told of what awaits them (docs/operations.md). Who sends may publish; nobody else has its key. */
function noticeTopic(stack: Stack, region: string, differences: Differences): ProductTopic {
  return new ProductTopic(stack, 'Notices', {
    topicName: productName(region, 'notices'),
    key: {
      id: 'NoticeTopicKey',
      description: 'Dualkey: notices to approvers, IT and internal audit on their way',
      users: FUNCTION_NAMES.filter((name) => FUNCTION_SPECS[name].sendsNotices).map((name) => ({
        role: productName(region, name),
        actions: ['Decrypt', 'GenerateDataKey'],
      })),
    },
    differences,
  });
}

/** The role whose sessions sign links: it can read copies and nothing else, and only `open` can assume it. */
function reader(
  stack: Stack,
  region: string,
  { state, open, differences }: { state: StateStack; open: ProductFunction; differences: Differences },
): Policy {
  const role = new Role(stack, 'Reader', {
    roleName: productName(region, 'reader'),
    description: 'Dualkey: signs the link of one opening; narrowed by a session policy to its one object',
    assumedBy: new ArnPrincipal(open.role.roleArn),
    maxSessionDuration: Duration.hours(1),
  });
  return new Policy(stack, 'ReaderPolicy', {
    roles: [role],
    statements: [
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [state.buckets.delivery.arnForObjects('copies/*')],
      }),
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [state.keys.storage.keyArn],
        ...(differences.encryptionContextConditions
          ? {
              conditions: {
                StringLike: { 'kms:ViaService': viaService('s3') },
                ArnEquals: { 'kms:EncryptionContext:aws:s3:arn': state.buckets.delivery.bucketArn },
              },
            }
          : {}),
      }),
    ],
  });
}

function environmentOf(
  stack: Stack,
  {
    config,
    state,
    notices,
    differences,
    pushes,
  }: {
    config: RegionConfig;
    state: StateStack;
    notices: ProductTopic;
    differences: Differences;
    pushes: PushQueue;
  },
): Record<VariableName, string> {
  const { region } = config;
  return {
    DUALKEY_REGION: region,
    RECORDS_TABLE: state.tables.records.tableName,
    KEYS_TABLE: state.tables.keys.tableName,
    CASES_TABLE: state.tables.cases.tableName,
    DIRECTORY_TABLE: state.tables.directory.tableName,
    GRANTS_TABLE: state.tables.grants.tableName,
    EVENTS_TABLE: state.tables.events.tableName,
    INBOX_BUCKET: state.buckets.inbox.bucketName,
    VAULT_BUCKET: state.buckets.vault.bucketName,
    DELIVERY_BUCKET: state.buckets.delivery.bucketName,
    EVIDENCE_BUCKET: state.buckets.evidence.bucketName,
    CUSTODY_KEY: state.keys.custody.keyArn,
    INDEX_KEY: state.keys.index.keyArn,
    GRANT_KEY: state.keys.grant.keyArn,
    SIGNING_KEY: state.keys.signing.keyArn,
    CHANNEL_KEY: state.keys.channel.keyArn,
    PUSH_QUEUE: pushes.queue.queueUrl,
    NOTICES_TOPIC: notices.topicArn,
    STATE_MACHINE: machineArn(stack, region),
    READER_ROLE: roleArn(stack, productName(region, 'reader')),
    RENDER_FUNCTION: functionArn(stack, productName(region, 'render')),
    INGEST_FUNCTION: functionArn(stack, productName(region, 'ingest')),
    MERGE_FUNCTION: functionArn(stack, productName(region, 'merge')),
    GATHER_FUNCTION: functionArn(stack, productName(region, 'gather')),
    ARCHIVE_FUNCTION: functionArn(stack, productName(region, 'archive')),
    STAFF_FUNCTION: functionArn(stack, productName(region, 'staff')),
    TOKEN_ISSUER: state.identity.issuer,
    RP_ID: config.stepUp.rpId,
    RP_ORIGINS: config.stepUp.origins.join(' '),
    SOFTWARE_DEVICES: config.rules.softwareDevices,
    CLOCK: differences.injectableClock ? 'injectable' : 'system',
  };
}

function pascalCase(name: string): string {
  return name.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
