import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { discardEmbeddedAws, startEmbeddedAws } from '../../../local/embedded-aws.ts';
import type { Progress } from '../../../local/progress.ts';
import { installedPython } from '../../../local/python.ts';
import { readSettings, type Settings } from '../../../local/settings.ts';

export const silent: Progress = { step: (_title, work) => work(), say: () => undefined };

/** Settings of a deployment in a folder and on a port that nothing else uses. */
export async function privateSettings(): Promise<Settings> {
  const directory = await mkdtemp(path.join(tmpdir(), 'dualkey-test-'));
  const { server, port } = await listening();
  await closed(server);
  return readSettings({ DUALKEY_LOCAL_DIR: directory, DUALKEY_PORT: String(port) });
}

export function python(settings: Settings) {
  const requirements = path.join(settings.root, 'local', 'python-requirements.txt');
  return installedPython(requirements, settings.pythonDirectory, silent);
}

export async function start(settings: Settings) {
  return startEmbeddedAws(settings, await python(settings));
}

export async function removed(settings: Settings): Promise<void> {
  await discardEmbeddedAws(settings);
  await rm(settings.directory, { recursive: true, force: true });
}

/** A server of somebody else's on a port of the system's choice. */
export async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
