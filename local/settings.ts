import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from './setup-failure.ts';

/** Where one local deployment lives. Paths are absolute. */
export type Settings = {
  /** The repository. */
  root: string;
  /** State and outputs of this deployment. */
  directory: string;
  /** The embedded AWS's Python packages, shared by every local deployment of this repository. */
  pythonDirectory: string;
  port: number;
  /** The chain's own policy folder (`<folder>/<region>/*.cedar`). */
  policies: string;
  /** What AWS clients call. */
  endpoint: string;
  region: string;
  account: string;
  stateStack: string;
  flowStack: string;
};

const DEFAULT_PORT = 4566;
const REGION = 'cn-north-1';

/**
 * `DUALKEY_PORT` (default 4566) and `DUALKEY_LOCAL_DIR` (default `.local`), so that tests run a stack of their own;
 * `DUALKEY_POLICIES` (default `policies`) to try a chain's own policies.
 * Throws SetupFailure on a port that is none.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const given = environment['DUALKEY_PORT'] ?? '';
  const port = given === '' ? DEFAULT_PORT : Number(given);
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
    throw new SetupFailure(
      'not a port number',
      `DUALKEY_PORT=${given}`,
      'Set it to 1024 to 65535, or unset it.',
    );
  }
  return {
    root,
    directory: path.resolve(environment['DUALKEY_LOCAL_DIR'] || path.join(root, '.local')),
    pythonDirectory: path.join(root, '.local', 'python'),
    port,
    policies: path.resolve(root, environment['DUALKEY_POLICIES'] || 'policies'),
    endpoint: `http://localhost:${port}`,
    region: REGION,
    account: '000000000000',
    stateStack: `Dualkey-${REGION}-State`,
    flowStack: `Dualkey-${REGION}-Flow`,
  };
}

/** What of the caller's environment a child process may see: no credentials, profile or Node option leaks into it. */
export function cleanEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TMPDIR', 'SYSTEMROOT', 'USERPROFILE'];
  return Object.fromEntries(
    kept.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The environment of a child that talks to the embedded AWS: its address and its root credentials. */
export function awsEnvironment(settings: Settings): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: settings.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
  };
}
