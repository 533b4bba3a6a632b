import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { deployStacks } from '../../local/deploy.ts';
import type { Progress } from '../../local/progress.ts';
import { readSettings } from '../../local/settings.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dualkey-deploy-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const silent: Progress = { step: (_, work) => work(), say: () => undefined };

/** A repository of its own whose `cdk` does this. */
function withCdk(name: string, script: string) {
  const root = path.join(folder, name);
  const binaries = path.join(root, 'node_modules', '.bin');
  mkdirSync(binaries, { recursive: true });
  writeFileSync(path.join(binaries, 'cdk'), `#!${process.execPath}\n${script}\n`);
  chmodSync(path.join(binaries, 'cdk'), 0o755);
  const directory = path.join(root, '.local');
  mkdirSync(directory);
  return { ...readSettings({}), root, directory };
}

describe('a deployment', () => {
  it('is given up with one line where the CDK CLI never ends', async () => {
    const settings = withCdk('hanging', "console.log('Waiting for RuleSet'); setInterval(() => {}, 1_000);");
    const failure = await deployStacks(settings, silent, 1 / 60).catch((error) => error);
    expect(failure.name).toBe('SetupFailure');
    expect(failure.message).toMatch(
      /`cdk synth` had not ended after .* minutes, and was stopped \(.*deploy\.log\)/,
    );
    expect(failure.message.split('\n')).toHaveLength(1);
    expect(readFileSync(path.join(settings.directory, 'deploy.log'), 'utf8')).toContain('$ cdk synth');
  });

  it('is given up with the CLI’s own reason where that fails', async () => {
    const settings = withCdk('failing', "console.log('Error: no such stack'); process.exitCode = 1;");
    await expect(deployStacks(settings, silent)).rejects.toThrow(/Error: no such stack/);
  });
});
