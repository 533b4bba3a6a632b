import { createServer } from 'node:net';
import { bringUp } from './bring-up.ts';
import { terminalProgress } from './progress.ts';
import { readSettings } from './settings.ts';

/** The flow tests' own deployment, from nothing, in a folder and on a port of its own (jest's globalSetup). */
export default async function bringFlowStackUp(): Promise<void> {
  process.env['DUALKEY_LOCAL_DIR'] = '.local/flow';
  process.env['DUALKEY_PORT'] = String(await freePort());
  process.stdout.write('\n');
  await bringUp(readSettings(), terminalProgress(), { fresh: true });
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
