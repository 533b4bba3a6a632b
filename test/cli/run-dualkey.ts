import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../cli/dualkey.ts', import.meta.url));

/** Runs the command as a person would, one whose LANG names no language: its exit code and both outputs. */
export function runDualkey(
  arguments_: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [COMMAND, ...arguments_],
      { env: { ...process.env, LANG: 'C.UTF-8', ...environment }, maxBuffer: 64 * 1024 ** 2 },
      (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        });
      },
    );
  });
}
