import { createServer } from 'node:net';
import { bringUp } from './bring-up.ts';
import { discardEmbeddedAws } from './embedded-aws.ts';
import type { Outputs } from './outputs.ts';
import { terminalProgress } from './progress.ts';
import { readSettings } from './settings.ts';

/**
 * A deployment of one's own, from nothing, in `.local/<name>` and on a free port: for tests and benchmarks. The
 * process's environment names it from then on, so that the command's own code finds it.
 */
export async function raisePrivateStack(name: string): Promise<Outputs> {
  process.env['DUALKEY_LOCAL_DIR'] = `.local/${name}`;
  process.env['DUALKEY_PORT'] = String(await freePort());
  const settings = readSettings();
  try {
    return await bringUp(settings, terminalProgress(), { fresh: true });
  } catch (error) {
    // Nobody takes down what never came up: jest runs no teardown after a setup that failed.
    await discardEmbeddedAws(settings);
    throw error;
  }
}

/** Stops and removes it. Its logs stay. */
export async function dropPrivateStack(): Promise<void> {
  await discardEmbeddedAws(readSettings());
}

export async function withPrivateStack<Result>(
  name: string,
  work: (outputs: Outputs) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await raisePrivateStack(name));
  } finally {
    await dropPrivateStack();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no free port'));
      });
    });
  });
}
