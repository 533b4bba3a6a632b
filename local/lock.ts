import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJsonFile } from './json-file.ts';
import { processCommand } from './process-command.ts';
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

const holderSchema = z.object({ pid: z.number().int(), command: z.string() });

async function take(file: string): Promise<void> {
  const own = JSON.stringify({ pid: process.pid, command: processCommand(process.pid) });
  for (;;) {
    try {
      await writeFile(file, own, { flag: 'wx' });
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
    const holder = await readJsonFile(file, holderSchema);
    if (holder !== null && processCommand(holder.pid) === holder.command) {
      throw new SetupFailure(
        `another \`npm run up\` or \`down\` (process ${holder.pid}) is at work`,
        file,
        `Wait for it; if it hangs, end it with \`kill ${holder.pid}\` and run this again.`,
      );
    }
    await rm(file, { force: true });
  }
}

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
}
