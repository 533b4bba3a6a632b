import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cleanEnvironment, readSettings } from '../../local/settings.ts';

describe('settings of the local deployment', () => {
  it('takes port 4566 and the repository’s .local where nothing is said', () => {
    const { port, endpoint, directory, root } = readSettings({});
    expect({ port, endpoint, directory }).toEqual({
      port: 4566,
      endpoint: 'http://localhost:4566',
      directory: path.join(root, '.local'),
    });
  });

  it('lets tests have a port and a folder of their own, with the same Python', () => {
    const settings = readSettings({ DUALKEY_PORT: '4700', DUALKEY_LOCAL_DIR: '/somewhere/else' });
    expect(settings).toMatchObject({ port: 4700, directory: '/somewhere/else' });
    expect(settings.pythonDirectory).toBe(path.join(settings.root, '.local', 'python'));
  });

  it.each(['abc', '80', '70000', '45.5'])('refuses the port %s, saying where it was set', (port) => {
    expect(() => readSettings({ DUALKEY_PORT: port })).toThrow(`DUALKEY_PORT=${port}`);
  });

  it('passes none of the caller’s credentials, profiles or Node options on', () => {
    const environment = cleanEnvironment({
      PATH: '/bin',
      HOME: '/home/x',
      AWS_PROFILE: 'production',
      AWS_SECRET_ACCESS_KEY: 'secret',
      NODE_OPTIONS: '--experimental-vm-modules',
    });
    expect(environment).toEqual({ PATH: '/bin', HOME: '/home/x' });
  });
});
