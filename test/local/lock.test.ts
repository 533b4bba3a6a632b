import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { underLock } from '../../local/lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dualkey-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('two commands at once', () => {
  it('the second is told which process is at work, and changes nothing', async () => {
    await underLock(folder, async () => {
      await expect(underLock(folder, async () => 'second')).rejects.toThrow(
        `(process ${process.pid}) is at work`,
      );
    });
  });

  it('gives the lock back, also where the work failed', async () => {
    await expect(underLock(folder, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await underLock(folder, async () => 'next')).toBe('next');
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from a process that is gone', async () => {
    await writeFile(path.join(folder, 'up.lock'), '4194304999');
    expect(await underLock(folder, async () => 'next')).toBe('next');
  });
});
