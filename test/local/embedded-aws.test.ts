import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { rootClients } from '../../local/aws-clients.ts';
import {
  discardEmbeddedAws,
  embeddedAwsHealth,
  startEmbeddedAws,
  stopEmbeddedAws,
} from '../../local/embedded-aws.ts';
import { processGroup } from '../../local/process-group.ts';
import type { Settings } from '../../local/settings.ts';
import { closed, listening, privateSettings, python, removed, start } from './support/local-stack.ts';

jest.setTimeout(120_000);

let settings: Settings;
beforeEach(async () => {
  settings = await privateSettings();
});
afterEach(() => removed(settings));

const record = () => path.join(settings.directory, 'embedded-aws.json');
const processId = async () => Number(JSON.parse(await readFile(record(), 'utf8')).pid);

async function makeTable(): Promise<void> {
  await rootClients(settings).dynamo.send(
    new CreateTableCommand({
      TableName: 'kept',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
}
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const SENDS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
};

/** A retrieval that awaits approval, as the embedded AWS sees it: an item of a Map that waits for its token. */
async function awaitApproval(): Promise<void> {
  const { states, sqs, iam } = waitingClients();
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'waiting', AssumeRolePolicyDocument: JSON.stringify(TRUST) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'waiting',
      PolicyName: 'sends',
      PolicyDocument: JSON.stringify(SENDS),
    }),
  );
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'tokens' }));
  const machine = await states.send(
    new CreateStateMachineCommand({
      name: 'waiting',
      roleArn: Role?.Arn,
      definition: JSON.stringify(waitingFor(QueueUrl)),
    }),
  );
  await states.send(
    new StartExecutionCommand({ stateMachineArn: machine.stateMachineArn, input: '{ "route": [1] }' }),
  );
  const token = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
  expect(token.Messages).toHaveLength(1);
}

function waitingClients() {
  const options = {
    endpoint: settings.endpoint,
    region: settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  return { states: new SFNClient(options), sqs: new SQSClient(options), iam: new IAMClient(options) };
}

function waitingFor(queueUrl: string | undefined): object {
  const item = {
    StartAt: 'Wait',
    States: {
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: queueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
        TimeoutSeconds: 3_600,
        End: true,
      },
    },
  };
  const states = { Each: { Type: 'Map', ItemsPath: '$.route', ItemProcessor: item, End: true } };
  return { StartAt: 'Each', States: states };
}

const tables = async () => (await rootClients(settings).dynamo.send(new ListTablesCommand({}))).TableNames;

/** The process id of a program that has ended: nobody's now. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await new Promise((resolve) => child.on('close', resolve));
  return child.pid ?? 0;
}

describe('the embedded AWS', () => {
  it('starts with IAM enforced, is left alone by a second start, and stops', async () => {
    expect(await start(settings)).toBe('started');
    const first = await processId();
    expect(await embeddedAwsHealth(settings.endpoint)).toEqual({ version: '1.5.33', auth: 'enabled' });
    expect(await start(settings)).toBe('running');
    expect(await processId()).toBe(first);
    expect(await stopEmbeddedAws(settings)).toBe('stopped');
    expect(await embeddedAwsHealth(settings.endpoint)).toBeNull();
    expect(await stopEmbeddedAws(settings)).toBe('not-running');
  });

  it('keeps what it holds from a stop to the next start, for its owner’s eyes only', async () => {
    await start(settings);
    await makeTable();
    await stopEmbeddedAws(settings);
    expect((await stat(path.join(settings.directory, 'state'))).mode & 0o077).toBe(0);
    expect(await start(settings)).toBe('started');
    expect(await tables()).toEqual(['kept']);
  });

  it('stops, with its state kept, while a retrieval awaits approval', async () => {
    await start(settings);
    const pid = await processId();
    await makeTable();
    await awaitApproval();
    expect(await stopEmbeddedAws(settings)).toBe('stopped');
    expect(await processGroup(pid)).toEqual([]);
    await start(settings);
    expect(await tables()).toEqual(['kept']);
  });

  it('leaves nothing of its process group behind', async () => {
    await start(settings);
    const pid = await processId();
    await stopEmbeddedAws(settings);
    expect(await processGroup(pid)).toEqual([]);
  });

  it('starts from nothing after it was killed, as what it left is incomplete', async () => {
    await start(settings);
    await makeTable();
    await stopEmbeddedAws(settings);
    await start(settings);
    const killed = await processId();
    process.kill(killed, 'SIGKILL');
    while (existsSync(`/proc/${killed}/exe`)) await pause(20);
    expect(await start(settings)).toBe('emptied');
    expect(await tables()).toEqual([]);
  });

  it('is discarded by force where it does not end, with everything that it held', async () => {
    await start(settings);
    const pid = await processId();
    process.kill(pid, 'SIGSTOP');
    await discardEmbeddedAws(settings);
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false);
    expect(existsSync(record())).toBe(false);
    expect(await start(settings)).toBe('started');
  });

  it('names a port that another program holds, and the way out', async () => {
    const { server, port } = await listening();
    const taken = { ...settings, port, endpoint: `http://localhost:${port}` };
    await expect(startEmbeddedAws(taken, await python(settings))).rejects.toThrow(
      `port ${port} is in use by another program (http://localhost:${port}). Stop that program, or choose another port: DUALKEY_PORT=${port + 1} npm run up.`,
    );
    await closed(server);
    expect(existsSync(record())).toBe(false);
  });

  it('says on which port this folder’s stack runs, when another is asked for', async () => {
    await start(settings);
    const other = { ...settings, port: settings.port + 1 };
    await expect(startEmbeddedAws(other, await python(settings))).rejects.toThrow(
      `this folder's stack runs on port ${settings.port}`,
    );
  });

  it('isn’t misled by the record of an earlier start whose process is gone', async () => {
    await writeFile(record(), JSON.stringify({ pid: await endedProcess(), port: settings.port }));
    expect(await start(settings)).toBe('emptied');
  });

  it('isn’t misled by a process id that another program has now', async () => {
    await writeFile(record(), JSON.stringify({ pid: process.pid, port: settings.port }));
    expect(await stopEmbeddedAws(settings)).toBe('not-running');
    expect(await start(settings)).toBe('emptied');
  });

  it('says where its log is when it can’t start, and starts once that is mended', async () => {
    const broken = { executable: process.execPath, packages: null };
    await expect(startEmbeddedAws(settings, broken)).rejects.toThrow(
      /could not be started: it ended with code \d+ \(log [^)]*embedded-aws\.log\)/,
    );
    expect(await start(settings)).toBe('started');
  });
});
