import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findPython, installedPython } from '../../local/python.ts';
import { silent } from './support/local-stack.ts';

let folder: string;
let requirements: string;
let target: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'dualkey-python-'));
  requirements = path.join(folder, 'requirements.txt');
  target = path.join(folder, 'python');
  await writeFile(requirements, 'somepackage==1.0\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that answers as Python would to what the installer asks; every call is a line of `calls`. */
async function pretender(
  name: string,
  { version = '3 11', venv = true, pip = true, installs = true } = {},
): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  const script = `#!/bin/sh
echo "$@" >> "${folder}/calls"
case "$*" in
  -c*) echo "${version}"; echo "${file}"; exit 0;;
  "-m venv"*) ${venv ? 'mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && exit 0' : 'echo "ensurepip is not available"; exit 1'};;
  "-m pip --version") ${pip ? 'exit 0' : 'exit 1'};;
  "-m pip install"*) ${installs ? 'exit 0' : 'echo "ERROR: no route to the index"; exit 1'};;
esac
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}

const calls = async () => (await readFile(path.join(folder, 'calls'), 'utf8').catch(() => '')).split('\n');
const installs = async () => (await calls()).filter((call) => call.includes('pip install')).length;

describe('finding Python', () => {
  it('takes the first one that is new enough', async () => {
    const old = await pretender('old', { version: '3 9' });
    const fit = await pretender('fit', { version: '3 10' });
    expect(await findPython(['/nowhere/python', old, fit])).toBe(fit);
  });

  it('says in one line that there is none, and what to do', async () => {
    const failure = findPython(['/nowhere/python3']);
    await expect(failure).rejects.toThrow(
      /^Python 3\.10 or later is needed .*\/nowhere\/python3.* Install it[^\n]*$/,
    );
  });

  it('says which one is too old', async () => {
    const old = await pretender('old', { version: '3 8' });
    await expect(findPython([old])).rejects.toThrow(`${old} is 3.8`);
  });
});

describe('installing the embedded AWS', () => {
  it('installs once, by hash and never from source', async () => {
    const python = await pretender('python3');
    const first = await installedPython(requirements, target, silent, [python]);
    const second = await installedPython(requirements, target, silent, [python]);
    expect(first).toEqual({ executable: path.join(target, 'venv', 'bin', 'python'), packages: null });
    expect(second).toEqual(first);
    expect(await installs()).toBe(1);
    expect((await calls()).join('\n')).toContain('--require-hashes --only-binary :all:');
  });

  it('installs again when the requirements changed', async () => {
    const python = await pretender('python3');
    await installedPython(requirements, target, silent, [python]);
    await writeFile(requirements, 'somepackage==2.0\n');
    await installedPython(requirements, target, silent, [python]);
    expect(await installs()).toBe(2);
  });

  it('repairs an installation that was cut off', async () => {
    const python = await pretender('python3');
    await mkdir(path.join(target, 'venv', 'bin'), { recursive: true });
    await writeFile(path.join(target, 'venv', 'bin', 'python'), 'half of it');
    await installedPython(requirements, target, silent, [python]);
    expect(await installs()).toBe(1);
  });

  it('installs again when its Python is gone', async () => {
    const python = await pretender('python3');
    await installedPython(requirements, target, silent, [python]);
    await rm(path.join(target, 'venv'), { recursive: true });
    await installedPython(requirements, target, silent, [python]);
    expect(await installs()).toBe(2);
  });

  it('uses pip by itself where venv is missing', async () => {
    const python = await pretender('python3', { venv: false });
    expect(await installedPython(requirements, target, silent, [python])).toEqual({
      executable: python,
      packages: path.join(target, 'packages'),
    });
    expect((await calls()).join('\n')).toContain(`--target ${path.join(target, 'packages')}`);
  });

  it('says in one line that neither venv nor pip is there', async () => {
    const python = await pretender('python3', { venv: false, pip: false });
    await expect(installedPython(requirements, target, silent, [python])).rejects.toThrow(
      /^this Python has neither venv nor pip [^\n]*apt install python3-venv[^\n]*$/,
    );
  });

  it('says why packages could not be installed, and tries again next time', async () => {
    const broken = await pretender('broken', { installs: false });
    await expect(installedPython(requirements, target, silent, [broken])).rejects.toThrow(
      /no route to the index \([^)]*install\.log\)/,
    );
    const python = await pretender('python3');
    await installedPython(requirements, target, silent, [python]);
    expect(await installs()).toBe(2);
  });
});
