import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stepFunctionsWorkflow } from '../../../shared/aws/workflow.ts';
import type { Workflow } from '../../../shared/ports/workflow.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

describe('the workflow', () => {
  let aws: EmbeddedAwsOfTest;
  let sfn: SFNClient;
  let sqs: SQSClient;
  let queue: string;
  let machine: string;
  let workflow: Workflow;

  beforeAll(async () => {
    aws = await embeddedAwsOfTest();
    const client = { ...aws.place, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    sfn = new SFNClient(client);
    sqs = new SQSClient(client);
    queue = (await sqs.send(new CreateQueueCommand({ QueueName: 'tokens' }))).QueueUrl ?? '';
    const iam = new IAMClient(client);
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: 'retrieval', AssumeRolePolicyDocument: '{}' }),
    );
    iam.destroy();
    const definition = {
      StartAt: 'Wait',
      States: {
        Wait: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { QueueUrl: queue, MessageBody: { 'token.$': '$$.Task.Token' } },
          TimeoutSeconds: 60,
          End: true,
        },
      },
    };
    const created = await sfn.send(
      new CreateStateMachineCommand({
        name: 'retrieval',
        roleArn: Role?.Arn,
        definition: JSON.stringify(definition),
      }),
    );
    machine = created.stateMachineArn ?? '';
    workflow = stepFunctionsWorkflow(sfn, machine);
  }, 300_000);
  afterAll(async () => {
    sfn.destroy();
    sqs.destroy();
    await aws.stop();
  });

  async function token(): Promise<string> {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 10 }));
    return /"token":\s*"([^"]+)"/.exec(Messages?.[0]?.Body ?? '')?.[1] ?? '';
  }

  async function statusOf(requestId: string, until: (status: string) => boolean): Promise<string> {
    const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${requestId}`;
    for (;;) {
      const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (until(status ?? '')) return status ?? '';
    }
  }

  it('starts one execution for a request, however often it is asked, also when that has ended', async () => {
    await workflow.start('req_1');
    await workflow.start('req_1');
    const waiting = await token();
    expect(await workflow.release(waiting)).toBe('released');
    expect(await statusOf('req_1', (status) => status !== 'RUNNING')).toBe('SUCCEEDED');
    await workflow.start('req_1');
    const { executions } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: machine }));
    expect(executions).toHaveLength(1);
  });

  it('finds a token gone that was given back before, or never was', async () => {
    await workflow.start('req_2');
    const waiting = await token();
    expect(await workflow.release(waiting)).toBe('released');
    expect(await workflow.release(waiting)).toBe('gone');
    expect(await workflow.release('no-token')).toBe('gone');
    await workflow.giveUp('no-token');
  });

  it('fails the task of a token that could not be kept', async () => {
    await workflow.start('req_3');
    await workflow.giveUp(await token());
    expect(await statusOf('req_3', (status) => status !== 'RUNNING')).toBe('FAILED');
  });
});
