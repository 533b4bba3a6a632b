import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { KeysNotWrittenError, writeKeys } from '../../infra/write-keys.ts';
import { pinnedKeys } from '../../shared/package/pinned-keys.ts';
import { inMemorySigner } from '../fakes/in-memory-signer.ts';

const folder = mkdtempSync(join(tmpdir(), 'dualkey-keys-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pinned = (file: string) => pinnedKeys(JSON.parse(readFileSync(file, 'utf8')));

describe('recording a region’s signing key', () => {
  it('writes what a package is verified against, and says the fingerprint', async () => {
    const [file, signer] = [join(folder, 'one.json'), inMemorySigner()];
    const { fingerprint } = await signer.publicKey();
    expect(await writeKeys('ap-southeast-1', file, signer)).toBe(fingerprint);
    expect(pinned(file)).toMatchObject([{ fingerprint, region: 'ap-southeast-1' }]);
  });

  it('keeps the keys of other regions and earlier ones, and records each once', async () => {
    const [file, first, second] = [join(folder, 'several.json'), inMemorySigner(), inMemorySigner()];
    await writeKeys('ap-southeast-1', file, first);
    await writeKeys('eu-central-1', file, second);
    await writeKeys('ap-southeast-1', file, first);
    expect(pinned(file).map(({ region }) => region)).toEqual(['ap-southeast-1', 'eu-central-1']);
  });

  it('overwrites no file that is something else', async () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '{"people":[]}');
    await expect(writeKeys('eu-central-1', file, inMemorySigner())).rejects.toThrow(KeysNotWrittenError);
    expect(readFileSync(file, 'utf8')).toBe('{"people":[]}');
  });
});
