import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupFailure } from './setup-failure.ts';

/** Does `work` while no other process does work under the same lock. A lock whose process is gone is taken over. */
export async function underLock<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  const file = path.join(directory, 'up.lock');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await take(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<void> {
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (holder > 0 && isAlive(holder)) {
      throw new SetupFailure(
        `another \`npm run up\` or \`down\` (process ${holder}) is at work`,
        file,
        `Wait for it; if it hangs, end it with \`kill ${holder}\` and run this again.`,
      );
    }
    await rm(file, { force: true });
  }
}

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
