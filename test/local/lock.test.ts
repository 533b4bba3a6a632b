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

  it.each([
    ['that is gone', JSON.stringify({ pid: 4_194_304_999, command: 'node local/up.ts' })],
    ['whose id another program has now', JSON.stringify({ pid: process.pid, command: 'node local/up.ts' })],
    ['that was cut off while it took the lock', ''],
  ])('takes over from a process %s', async (_what, lock) => {
    await writeFile(path.join(folder, 'up.lock'), lock);
    expect(await underLock(folder, async () => 'next')).toBe('next');
  });
});
