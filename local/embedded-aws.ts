import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { types } from 'node:util';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { processCommand } from './process-command.ts';
import { processGroup } from './process-group.ts';
import type { Python } from './python.ts';
import { cleanEnvironment, type Settings } from './settings.ts';
import { SetupFailure } from './setup-failure.ts';

/** `emptied`: the earlier one was killed, and what it left was incomplete, so it starts with nothing. */
export type StartResult = 'running' | 'started' | 'emptied';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 60_000;
const DISCARD_TIMEOUT_MS = 5_000;
const POLL_MS = 50;
const PORT_CLOSES_WITHIN_MS = 5_000;

// What it writes once everything that it holds was handed to its files, and where one of them couldn't be written.
const STATE_HANDED_OVER = '[transfer] SFTP: stopped';
const STATE_NOT_SAVED = /ERROR \[persistence\].*/;

const record = z.object({ pid: z.number().int(), port: z.number().int() });
type Running = z.infer<typeof record>;

/** Starts the embedded AWS on the loopback, detached, with IAM enforced. Throws SetupFailure. */
export async function startEmbeddedAws(settings: Settings, python: Python): Promise<StartResult> {
  const earlier = await readJsonFile(recordFile(settings), record);
  if (earlier !== null && isEmbeddedAws(earlier.pid)) {
    await adopt(settings, earlier);
    return 'running';
  }
  // The system closes a killed process's port a moment after the process is gone.
  const patience = earlier === null ? 0 : PORT_CLOSES_WITHIN_MS;
  const free = await until(patience, async () => ((await isListening(settings.port)) ? null : 'free'));
  if (free === null) throw portInUse(settings);
  // A clean stop removes its record. What a killed one left on disk is older than what it had acknowledged.
  if (earlier !== null) await forgetState(settings);
  await launch(settings, python);
  return earlier === null ? 'started' : 'emptied';
}

/**
 * Stops it with SIGTERM and waits until its state is saved and its port closed. What is left of it then is ended: its
 * interpreter waits for each thread before it ends, and a retrieval that awaits approval has one that waits as long as
 * the approval may take; its functions' workers may outlive it. Throws SetupFailure.
 */
export async function stopEmbeddedAws(settings: Settings): Promise<'stopped' | 'not-running'> {
  const running = await readJsonFile(recordFile(settings), record);
  if (running === null) return 'not-running';
  if (!isEmbeddedAws(running.pid)) {
    // Killed, or the machine was switched off: the record stays, so that the next start knows that state was lost.
    return 'not-running';
  }
  const before = (await written(settings)).length;
  process.kill(running.pid, 'SIGTERM');
  const closing = await until(STOP_TIMEOUT_MS, async () => {
    const lines = (await written(settings)).subarray(before).toString('utf8');
    const saved = lines.includes(STATE_HANDED_OVER) || !isEmbeddedAws(running.pid);
    return saved && !(await isListening(running.port)) ? lines : null;
  });
  if (closing === null || !closing.includes(STATE_HANDED_OVER)) throw notStopped(settings, running.pid);
  const unsaved = STATE_NOT_SAVED.exec(closing)?.[0];
  if (unsaved !== undefined) {
    throw new SetupFailure(
      'the embedded AWS could not save all of its state',
      unsaved,
      'Mend what this says (is the disk full?); the next `npm run up` starts from nothing.',
    );
  }
  await endProcesses(settings, running.pid, STOP_TIMEOUT_MS);
  await rm(recordFile(settings), { force: true });
  return 'stopped';
}

/** Stops it, by force where it must be, and removes everything that this deployment holds and wrote about itself. */
export async function discardEmbeddedAws(settings: Settings): Promise<void> {
  const running = await readJsonFile(recordFile(settings), record);
  // Nothing of it is kept, so that there is nothing to wait for.
  if (running !== null && isEmbeddedAws(running.pid)) {
    await endProcesses(settings, running.pid, DISCARD_TIMEOUT_MS);
  }
  await forgetState(settings);
}

/** Ends it and its functions' workers, each by its id: they are of its process group, which it leads. */
async function endProcesses(settings: Settings, leader: number, withinMs: number): Promise<void> {
  const ended = await until(withinMs, async () => {
    const left = await processGroup(leader);
    for (const pid of left) endNow(pid);
    return left.length === 0 ? true : null;
  });
  if (ended === null) throw notStopped(settings, leader);
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended by itself meanwhile. Asked of the error itself: under jest Node's own errors are of another realm's class.
    if (!(types.isNativeError(error) && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function notStopped(settings: Settings, pid: number): SetupFailure {
  return new SetupFailure(
    `the embedded AWS did not stop within ${STOP_TIMEOUT_MS / 1000} s`,
    `process ${pid}, log ${logFile(settings)}`,
    'Wait and try again; `npm run up -- --fresh` ends it and starts from nothing.',
  );
}

/** What is gone with a deployment; logs, and what the CDK CLI keeps for itself, stay. */
async function forgetState(settings: Settings): Promise<void> {
  const belongings = ['state', 'tmp', 'session', 'cdk.out', 'demo'];
  const files = ['embedded-aws', 'deployment', 'outputs', 'users', 'keys', 'credentials'].map(
    (name) => `${name}.json`,
  );
  for (const name of [...belongings, ...files]) {
    await rm(path.join(settings.directory, name), { recursive: true, force: true });
  }
}

/** What the embedded AWS says of itself; null where nothing, or something else, answers. */
export async function embeddedAwsHealth(endpoint: string): Promise<{ version: string; auth: string } | null> {
  const health = z.object({ version: z.string(), auth: z.string() });
  try {
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) });
    return health.parse(await answer.json());
  } catch {
    return null;
  }
}

/** Where the embedded AWS and its functions write what they print. */
export function logFile(settings: Settings): string {
  return path.join(settings.directory, 'embedded-aws.log');
}

async function launch(settings: Settings, python: Python): Promise<void> {
  const state = stateDirectory(settings);
  const temporary = path.join(settings.directory, 'tmp');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  // Its workers are CommonJS files in this folder, which the repository's package.json would make ES modules.
  await writeFile(path.join(temporary, 'package.json'), '{ "type": "commonjs" }\n');
  await mkdir(state, { recursive: true, mode: 0o700 });
  const log = await open(logFile(settings), 'w', 0o600);
  const child = spawn(python.executable, ['-m', 'ministack'], {
    cwd: settings.directory,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: {
      ...cleanEnvironment(),
      ...(python.packages === null ? {} : { PYTHONPATH: python.packages }),
      // Its Lambdas run on the first node of the path: the one pinned in package.json.
      PATH: [path.join(settings.root, 'node_modules', '.bin'), process.env['PATH']].join(path.delimiter),
      TMPDIR: temporary,
      PYTHONUNBUFFERED: '1',
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(settings.port),
      MINISTACK_REGION: settings.region,
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      PERSIST_STATE: '1',
      STATE_DIR: state,
      S3_PERSIST: '1',
      S3_DATA_DIR: path.join(state, 's3'),
    },
  });
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (cause) => reject(notStarted(settings, cause.message, cause)));
    child.on('exit', (code) => reject(notStarted(settings, `it ended with code ${code}`)));
  });
  try {
    if (child.pid !== undefined)
      await writeJsonFile(recordFile(settings), { pid: child.pid, port: settings.port });
    await Promise.race([failed, untilHealthy(settings, child)]);
  } catch (error) {
    await rm(recordFile(settings), { force: true });
    throw error;
  } finally {
    await log.close();
    child.removeAllListeners('exit');
    child.unref();
  }
}

async function untilHealthy(settings: Settings, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while ((await embeddedAwsHealth(settings.endpoint)) === null) {
    if (Date.now() > deadline) {
      child.kill('SIGTERM');
      throw notStarted(settings, `it did not answer within ${START_TIMEOUT_MS / 1000} s`);
    }
    await pause(POLL_MS);
  }
}

/** An embedded AWS that this directory started already: fit to be used as it is, or in the way. */
async function adopt(settings: Settings, running: Running): Promise<void> {
  if (running.port !== settings.port) {
    throw new SetupFailure(
      `this folder's stack runs on port ${running.port}`,
      recordFile(settings),
      `Stop it first (npm run down), or use it with DUALKEY_PORT=${running.port}.`,
    );
  }
  const deadline = Date.now() + START_TIMEOUT_MS;
  while ((await embeddedAwsHealth(settings.endpoint)) === null) {
    if (Date.now() > deadline || !isEmbeddedAws(running.pid)) {
      throw new SetupFailure(
        'the embedded AWS of an earlier start does not answer',
        `process ${running.pid}, log ${logFile(settings)}`,
        'Run `npm run down`, then this again.',
      );
    }
    await pause(POLL_MS);
  }
}

function portInUse(settings: Settings): SetupFailure {
  return new SetupFailure(
    `port ${settings.port} is in use by another program`,
    `http://localhost:${settings.port}`,
    `Stop that program, or choose another port: DUALKEY_PORT=${settings.port + 1} npm run up.`,
  );
}

function notStarted(settings: Settings, why: string, cause?: Error): SetupFailure {
  return new SetupFailure(
    `the embedded AWS could not be started: ${why}`,
    `log ${logFile(settings)}`,
    'Mend what the log’s last lines say and run this again; deleting .local/python has its packages installed anew.',
    { cause },
  );
}

/** What `look` finds, looking again and again; null where it found nothing in time. */
async function until<Found>(withinMs: number, look: () => Promise<Found | null>): Promise<Found | null> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null || Date.now() > deadline) return found;
    await pause(POLL_MS);
  }
}

function written(settings: Settings): Promise<Buffer> {
  return readFile(logFile(settings));
}

/** A process id is used again after its process ended: only one whose command is the embedded AWS's counts. */
function isEmbeddedAws(pid: number): boolean {
  return processCommand(pid).includes('ministack');
}

/** Both loopbacks are asked: a client may resolve `localhost` to either. */
async function isListening(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port)));
  return answers.includes(true);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

function stateDirectory(settings: Settings): string {
  return path.join(settings.directory, 'state');
}

function recordFile(settings: Settings): string {
  return path.join(settings.directory, 'embedded-aws.json');
}
