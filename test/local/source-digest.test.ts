import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sourceDigest } from '../../local/source-digest.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'dualkey-source-'));
  for (const folder of ['infra', 'functions/check', 'shared', 'local', 'test']) {
    await mkdir(path.join(root, folder), { recursive: true });
  }
  for (const file of ['cdk.json', 'package-lock.json', 'infra/app.ts', 'functions/check/check.ts']) {
    await writeFile(path.join(root, file), file);
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

function digest(port = 4566): Promise<string> {
  return sourceDigest({ root, policies: path.join(root, 'policies'), port });
}

describe('whether the deployment must be renewed', () => {
  it('not where nothing changed', async () => {
    expect(await digest()).toBe(await digest());
  });

  it('not where only a test changed', async () => {
    const before = await digest();
    await writeFile(path.join(root, 'test/check.test.ts'), 'changed');
    expect(await digest()).toBe(before);
  });

  it.each([
    ['a function changed', (at: string) => writeFile(path.join(at, 'functions/check/check.ts'), 'changed')],
    ['a file is new', (at: string) => writeFile(path.join(at, 'shared/new.ts'), '')],
    [
      'a file has another name',
      (at: string) => rename(path.join(at, 'infra/app.ts'), path.join(at, 'infra/main.ts')),
    ],
    [
      'the chain has a policy of its own',
      async (at: string) => {
        await mkdir(path.join(at, 'policies'));
        await writeFile(path.join(at, 'policies/own.cedar'), '');
      },
    ],
    ['a package changed', (at: string) => writeFile(path.join(at, 'package-lock.json'), 'changed')],
  ])('where %s', async (_what, change) => {
    const before = await digest();
    await change(root);
    expect(await digest()).not.toBe(before);
  });

  it('where the port is another', async () => {
    expect(await digest()).not.toBe(await digest(4567));
  });
});
