import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { signedIn } from '../cli/api.ts';
import { show } from '../cli/commands/request.ts';
import { demoUser } from '../cli/deployment.ts';
import { poll } from '../cli/poll.ts';
import { measureExport, uploadExport } from '../cli/upload-export.ts';
import type { Outputs } from '../local/outputs.ts';
import { withPrivateStack } from '../local/private-stack.ts';
import { type Measure, promised, reported } from './measure.ts';
import { PRICES } from './prices.ts';

const RECORDS = 500;
export const names = [
  'retrieval.transitions',
  'retrieval.invocations',
  'retrieval.dynamodb-read-units',
  'retrieval.dynamodb-write-units',
  'retrieval.kms-calls',
  'retrieval.kms-calls-by-services',
  'retrieval.s3-calls',
  'retrieval.cost',
];

const invocation = z.object({
  message: z.literal('invocation'),
  calls: z.record(z.string(), z.number()),
  readUnits: z.number(),
  writeUnits: z.number(),
  milliseconds: z.number(),
});
type Invocation = z.infer<typeof invocation> & { memoryMegabytes: number };

/**
 * One retrieval with two approvers and 500 records on a stack of its own, from request to archive with one opening,
 * counted from what the functions and the state machine logged of it.
 */
export async function measures(): Promise<Measure[]> {
  return withPrivateStack('bench', async (outputs) => {
    const person = async (role: string) => signedIn(await demoUser(role, 'SHA01'));
    const [operator, legal, officer, director] = await Promise.all(
      ['it-ops', 'legal', 'privacy-officer', 'infosec-director'].map(person),
    );
    if (!operator || !legal || !officer || !director) throw new Error('the deployment lacks demo people');

    const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
    try {
      const file = path.join(folder, 'export.jsonl');
      await writeFile(file, conversation());
      await uploadExport(operator, await measureExport(file), { source: 'wecom', hotel: 'SHA01' }, () => {});
    } finally {
      await rm(folder, { recursive: true });
    }

    const retrieve = async () => {
      const { requestId } = await legal.post('/requests', REQUEST, z.object({ requestId: z.string() }));
      const reached = (...states: string[]) =>
        poll(
          () => show(legal, requestId),
          ({ state }) => states.includes(state),
          { minutes: 3, what: { zh: requestId, en: requestId } },
        );
      const { requestDigest } = await reached('awaiting-approval');
      const about = { subject: requestId, digest: requestDigest ?? '' };
      const decision = { decision: 'approve', reason: 'bench', requestDigest };
      for (const approver of [officer, director]) {
        const stepUp = await approver.stepUp({ ...about, action: 'approve', reason: 'bench' });
        await approver.post(`/requests/${requestId}/decisions`, { ...decision, stepUp }, z.object({}));
      }
      await reached('open');
      const stepUp = await legal.stepUp({ ...about, action: 'open', reason: null });
      await legal.post(
        `/requests/${requestId}/openings`,
        { key: requestId, stepUp },
        z.object({ url: z.string() }),
      );
      await legal.post(`/requests/${requestId}/close`, {}, z.object({}));
      await reached('archived');
      return requestId;
    };
    // Cold starts load policies and keys; the second retrieval is the one that repeats.
    await retrieve();
    const begun = Date.now();
    const requestId = await retrieve();
    const invocations = await loggedSince(begun, outputs);
    return priced(await transitions(requestId, outputs), invocations);
  });
}

function priced(transitionCount: number, invocations: Invocation[]): Measure[] {
  const sum = (of: (one: Invocation) => number) => invocations.reduce((total, one) => total + of(one), 0);
  const calls = (matching: RegExp) =>
    sum(({ calls: made }) =>
      Object.entries(made).reduce((total, [name, count]) => total + (matching.test(name) ? count : 0), 0),
    );
  const readUnits = sum((one) => one.readUnits);
  const writeUnits = sum((one) => one.writeUnits);
  const s3Writes = calls(/^s3\.(Put|Copy|Create|Upload|Complete|List)/);
  const s3Reads = calls(/^s3\.(Get|Head)/);
  const signatures = calls(/^kms\.Sign$/);
  const kmsCalls = calls(/^kms\./);
  // Each object read or written under SSE-KMS may ask KMS once; S3 Bucket Keys make it fewer. Said as the upper bound.
  const byServices = calls(/^s3\.(Get|Put)/);
  const gigabyteSeconds = sum((one) => (one.memoryMegabytes / 1024) * (one.milliseconds / 1000));
  const apiCalls = 6;
  const dollars =
    transitionCount * PRICES.transition +
    invocations.length * PRICES.invocation +
    gigabyteSeconds * PRICES.gigabyteSecond +
    apiCalls * PRICES.apiCall +
    readUnits * PRICES.readUnit +
    writeUnits * PRICES.writeUnit +
    s3Writes * PRICES.s3Write +
    s3Reads * PRICES.s3Read +
    (kmsCalls - signatures + byServices) * PRICES.kms +
    signatures * PRICES.kmsSign;
  return [
    promised('retrieval.transitions', transitionCount, 'transitions', { atMost: 16 }),
    reported('retrieval.invocations', invocations.length, 'invocations'),
    reported('retrieval.dynamodb-read-units', readUnits, 'units'),
    reported('retrieval.dynamodb-write-units', writeUnits, 'units'),
    reported('retrieval.kms-calls', kmsCalls, 'calls'),
    reported('retrieval.kms-calls-by-services', byServices, 'calls at most'),
    reported('retrieval.s3-calls', s3Writes + s3Reads, 'calls'),
    promised('retrieval.cost', dollars, `US$ (${PRICES.region}, ${PRICES.dated})`, { atMost: 0.001 }),
  ];
}

/** Top-level states entered, and for the Map its iterations times its one state (the local history leaves those out). */
async function transitions(requestId: string, outputs: Outputs): Promise<number> {
  const states = new SFNClient(administrator(outputs));
  const executionArn = `${outputs.stateMachineArn.replace(':stateMachine:', ':execution:')}:${requestId}`;
  const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  const entered = (events ?? []).filter(({ type }) => type?.endsWith('StateEntered')).length;
  const APPROVERS = 2;
  return entered + APPROVERS;
}

async function loggedSince(begun: number, outputs: Outputs): Promise<Invocation[]> {
  const logs = new CloudWatchLogsClient(administrator(outputs));
  const lambda = new LambdaClient(administrator(outputs));
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  const memory = new Map((Functions ?? []).map((one) => [one.FunctionName ?? '', one.MemorySize ?? 128]));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  const found = await Promise.all(
    (logGroups ?? []).map(async ({ logGroupName }) => {
      const name = logGroupName?.split('/').at(-1) ?? '';
      if (logGroupName === undefined || !memory.has(name) || name.endsWith('metrics-bridge')) return [];
      const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime: begun }));
      return (events ?? []).flatMap(({ message }) => {
        const parsed = invocation.safeParse(jsonOf(message ?? ''));
        return parsed.success ? [{ ...parsed.data, memoryMegabytes: memory.get(name) ?? 128 }] : [];
      });
    }),
  );
  return found.flat();
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line.slice(Math.max(0, line.indexOf('{'))));
  } catch {
    return null;
  }
}

function administrator({ region, endpointUrl }: Outputs) {
  return { region, endpoint: endpointUrl, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
}

const GUEST = 'wmBenchGuest01';
const REQUEST = {
  purpose: 'dispute',
  basis: 'legal-claim',
  matter: 'M-2026-001',
  subject: { kind: 'wecom', value: GUEST },
  platforms: ['wecom'],
  hotels: ['SHA01'],
  categories: ['enquiry'],
  from: '2026-11-01T00:00:00+08:00',
  to: '2026-11-30T23:59:59+08:00',
};

function conversation(): string {
  const first = Date.parse('2026-11-02T08:00:00+08:00');
  return Array.from({ length: RECORDS }, (_, index) =>
    JSON.stringify({
      msgid: `bench-${index}`,
      action: 'send',
      from: index % 2 === 0 ? GUEST : 'frontdesk09',
      tolist: [index % 2 === 0 ? 'frontdesk09' : GUEST],
      roomid: '',
      msgtime: first + index * 30_000,
      msgtype: 'text',
      text: { content: `第${index}条:请问早餐几点开始,泳池需要预约吗? Is the pool open today?` },
    }),
  ).join('\n');
}
