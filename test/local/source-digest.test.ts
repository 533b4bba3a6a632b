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

describe('whether the deployment must be renewed', () => {
  it('not where nothing changed', async () => {
    expect(await sourceDigest(root, '4566')).toBe(await sourceDigest(root, '4566'));
  });

  it('not where only a test changed', async () => {
    const before = await sourceDigest(root, '4566');
    await writeFile(path.join(root, 'test/check.test.ts'), 'changed');
    expect(await sourceDigest(root, '4566')).toBe(before);
  });

  it.each([
    ['a function changed', (at: string) => writeFile(path.join(at, 'functions/check/check.ts'), 'changed')],
    ['a file is new', (at: string) => writeFile(path.join(at, 'shared/new.ts'), '')],
    [
      'a file has another name',
      (at: string) => rename(path.join(at, 'infra/app.ts'), path.join(at, 'infra/main.ts')),
    ],
    ['a package changed', (at: string) => writeFile(path.join(at, 'package-lock.json'), 'changed')],
  ])('where %s', async (_what, change) => {
    const before = await sourceDigest(root, '4566');
    await change(root);
    expect(await sourceDigest(root, '4566')).not.toBe(before);
  });

  it('where the port is another', async () => {
    expect(await sourceDigest(root, '4566')).not.toBe(await sourceDigest(root, '4567'));
  });
});
