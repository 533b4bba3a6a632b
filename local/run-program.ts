import { spawn } from 'node:child_process';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';

/** `code` is null where a signal ended it; `ended` is false where it had not ended in time and was killed. */
export type ProgramResult = { code: number | null; output: string; stdout: string; ended: boolean };

/**
 * Runs a program to its end, or for `minutes`, and returns what it wrote; with `log`, that is appended to the file too.
 * Never a shell.
 * Rejects only where the program can't be started.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: {
    cwd?: string;
    env?: Record<string, string>;
    log?: string;
    passOn?: NodeJS.WritableStream;
    minutes?: number;
  } = {},
): Promise<ProgramResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    options.passOn?.write(text);
  });
  let ended = true;
  let timer: NodeJS.Timeout | undefined;
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
    if (options.minutes === undefined) return;
    timer = setTimeout(() => {
      ended = false;
      child.kill('SIGKILL');
      // What it started may hold its output open: nobody waits for that.
      child.stdout.destroy();
      child.stderr.destroy();
    }, options.minutes * 60_000);
  }).finally(() => clearTimeout(timer));
  if (options.log !== undefined) {
    await mkdir(path.dirname(options.log), { recursive: true });
    await appendFile(options.log, `$ ${[path.basename(command), ...args].join(' ')}\n${output}\n`);
  }
  return { code, output, stdout, ended };
}

/** The last line that says something, for a one-line message. */
export function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '') ?? 'no output'
  );
}
