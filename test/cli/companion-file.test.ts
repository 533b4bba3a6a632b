import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { companionOf } from '../../cli/companion-file.ts';
import { BadInputError, FailedError } from '../../cli/failure.ts';
import { companionHeadBytes, decodeCompanionHead } from '../../shared/sources/companion.ts';

let folder: string;
let exported: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dualkey-companion-test-'));
  exported = join(folder, 'export.txt');
  writeFileSync(exported, 'the export itself');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: Uint8Array): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
}

describe('what goes up beside an export', () => {
  it('is the profile and every file of the folder, the same bytes however they are read', async () => {
    const files = {
      'b/2.amr': randomBytes(1000),
      'a.jpg': randomBytes(70_000),
      'empty.bin': Buffer.alloc(0),
    };
    for (const [name, content] of Object.entries(files)) put(name, content);
    put('.DS_Store', Buffer.from('hidden'));
    put('.git/config', Buffer.from('hidden'));
    symlinkSync('/etc/passwd', join(folder, 'link.txt'));
    const companion = await companionOf({ dayOrder: 'day-first' }, folder, exported);
    const whole = Buffer.from(await companion.read(0, companion.bytes + 10));
    expect(whole).toHaveLength(companion.bytes);
    for (const size of [1000, 4096, 65_537]) {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < companion.bytes; at += size) parts.push(await companion.read(at, size));
      expect(Buffer.concat(parts).equals(whole)).toBe(true);
    }
    const head = whole.subarray(0, companionHeadBytes(whole.subarray(0, 8)));
    expect(createHash('sha256').update(head).digest('hex')).toBe(companion.sha256);
    const { profile, media } = decodeCompanionHead(head, whole.length);
    expect(profile).toEqual({ dayOrder: 'day-first' });
    expect(media.map(({ name }) => name)).toEqual(['a.jpg', 'b/2.amr', 'empty.bin']);
    for (const { name, offset, bytes } of media) {
      const content = whole.subarray(head.length + offset, head.length + offset + bytes);
      expect(content.equals(files[name === 'a.jpg' || name === 'b/2.amr' ? name : 'empty.bin'])).toBe(true);
    }
  });

  it('says what each file is by its first bytes, whatever it is called', async () => {
    put('1', Buffer.from('\x89PNG\r\n\x1a\n…', 'latin1'));
    put('2', Buffer.from('no known kind'));
    const companion = await companionOf(null, folder, exported);
    const whole = await companion.read(0, companion.bytes);
    const head = whole.subarray(0, companionHeadBytes(whole));
    expect(decodeCompanionHead(head, whole.length).media.map(({ ending }) => ending)).toEqual([
      'png',
      undefined,
    ]);
  });

  it('is the profile alone where no folder is given', async () => {
    const companion = await companionOf({ ownNames: ['前台'] }, null, exported);
    const head = await companion.read(0, companion.bytes);
    expect(decodeCompanionHead(head, companion.bytes)).toEqual({
      profile: { ownNames: ['前台'] },
      media: [],
    });
  });

  it('is refused where the folder can’t be read', async () => {
    await expect(companionOf(null, join(folder, 'nowhere'), exported)).rejects.toThrow(BadInputError);
  });

  it('fails where a file became shorter while it was uploaded', async () => {
    put('a.jpg', randomBytes(100));
    const companion = await companionOf(null, folder, exported);
    appendFileSync(join(folder, 'a.jpg'), 'more');
    await companion.read(0, companion.bytes);
    truncateSync(join(folder, 'a.jpg'), 50);
    await expect(companion.read(0, companion.bytes)).rejects.toThrow(FailedError);
  });
});
