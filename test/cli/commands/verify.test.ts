import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { buildPackage } from '../../../shared/package/build-package.ts';
import { localSigner, samplePackage } from '../../shared/package/sample-package.ts';

const run = promisify(execFile);
const CLI = new URL('../../../cli/dualkey.ts', import.meta.url).pathname;

let folder: string;
const signer = localSigner();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dualkey-verify-'));
  const zip = await buildPackage(samplePackage(undefined, {}, signer));
  await writeFile(join(folder, 'package.zip'), zip);
  await writeFile(join(folder, 'cut.zip'), zip.subarray(0, 1000));
  await writeFile(join(folder, 'keys.json'), keysFile(signer));
  await writeFile(join(folder, 'other.json'), keysFile(localSigner()));
  await writeFile(join(folder, 'wrong.json'), keysFile(signer).replace('sha256:', 'sha256:0'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function keysFile({ pinned: { keyId, fingerprint, spki } }: ReturnType<typeof localSigner>): string {
  return JSON.stringify({
    keys: [{ keyId, fingerprint, spki: Buffer.from(spki).toString('base64'), region: 'cn-north-1' }],
  });
}

async function verify(
  file: string,
  ...options: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const given = options.map((option) => (option.endsWith('.json') ? join(folder, option) : option));
  const { stdout, stderr, code } = await run(process.execPath, [
    CLI,
    'verify',
    join(folder, file),
    ...given,
  ]).then(
    (done) => ({ ...done, code: 0 }),
    (error: unknown) => failed.parse(error),
  );
  return { code, stdout, stderr };
}

const failed = z.looseObject({ code: z.number(), stdout: z.string(), stderr: z.string() });

describe('dualkey verify', () => {
  it('exits 0 and says who signed, where the keys are given', async () => {
    const { code, stdout } = await verify('package.zip', '--keys', 'keys.json');
    expect(code).toBe(0);
    expect(stdout).toContain('intact, and signed by a key that was given from outside');
    expect(stdout).toContain(signer.pinned.fingerprint);
  });

  it('exits 0 and says that the signer is not established, where none are', async () => {
    const { code, stdout } = await verify('package.zip');
    expect(code).toBe(0);
    expect(stdout).toContain('intact; signer not established');
  });

  it('prints one JSON document with --json', async () => {
    const { stdout } = await verify('package.zip', '--json', '--keys', 'keys.json');
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({ ok: true, trust: 'pinned', checks: expect.any(Array) });
  });

  it('exits 1 where the package was cut, or another key signed it', async () => {
    expect((await verify('cut.zip')).code).toBe(1);
    expect((await verify('package.zip', '--keys', 'other.json')).code).toBe(1);
  });

  it('exits 2 where the file or the keys can’t be read, and says what and where', async () => {
    const missing = await verify('missing.zip', '--json');
    expect(missing.code).toBe(2);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { where: join(folder, 'missing.zip') } });
    expect((await verify('package.zip', '--keys', 'missing.json')).code).toBe(2);
    const wrong = await verify('package.zip', '--keys', 'wrong.json');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('keys.0.fingerprint') });
  });
});

describe('what is said of the approvals', () => {
  it('claims the same in either language, with roles in words', async () => {
    const [zh, en] = await Promise.all([
      verify('package.zip', '--lang', 'zh'),
      verify('package.zip', '--lang', 'en'),
    ]);
    const chinese = /审批: 不同的人以不同角色批准了这一申请,均非申请人: (.*)/.exec(zh.stdout)?.[1] ?? '';
    const english =
      /none of them the requester, approved exactly this request: (.*)/.exec(en.stdout)?.[1] ?? '';
    expect(chinese).toMatch(/^\p{Script=Han}+ p_\w+, \p{Script=Han}+ p_\w+$/u);
    expect(english).toMatch(/^[a-z ]+ p_\w+, [a-z ]+ p_\w+$/);
  });
});
