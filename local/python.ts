import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import type { Progress } from './progress.ts';
import { lastLine, type ProgramResult, runProgram } from './run-program.ts';
import { cleanEnvironment } from './settings.ts';
import { SetupFailure } from './setup-failure.ts';

/** How to run Python with the embedded AWS's packages. */
export type Python = { executable: string; packages: string | null };

const OLDEST = [3, 10] as const;
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

const marker = z.object({ digest: z.string(), executable: z.string(), packages: z.string().nullable() });

/**
 * Python with the pinned packages, installed into `directory` on first use. The marker is written last, so that an
 * installation that was cut off is done again, and carries the requirement file's digest, so that a changed file is too.
 */
export async function installedPython(
  requirements: string,
  directory: string,
  progress: Progress,
  search: readonly string[] = CANDIDATES,
): Promise<Python> {
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const markerFile = path.join(directory, 'installed.json');
  const installed = await readJsonFile(markerFile, marker);
  if (installed?.digest === digest && existsSync(installed.executable)) {
    return { executable: installed.executable, packages: installed.packages };
  }
  const system = await findPython(search);
  const python = await progress.step(
    '安装本地 AWS installing the embedded AWS (Python packages, first use only)',
    async () => {
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
      return installPackages(system, requirements, directory);
    },
  );
  await writeJsonFile(markerFile, { digest, ...python });
  return python;
}

/** The first Python that is new enough. Throws SetupFailure where there is none. */
export async function findPython(search: readonly string[] = CANDIDATES): Promise<string> {
  let tooOld: string | null = null;
  for (const command of search) {
    const asked = await attempt(command, [
      '-c',
      'import sys; print(*sys.version_info[:2]); print(sys.executable)',
    ]);
    const [version = '', executable = ''] = asked?.code === 0 ? asked.stdout.split('\n') : [];
    const [major = 0, minor = 0] = version.split(' ').map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return executable.trim() || command;
    if (major > 0) tooOld ??= `${command} is ${major}.${minor}`;
  }
  throw new SetupFailure(
    `Python ${OLDEST.join('.')} or later is needed for the embedded AWS`,
    tooOld ?? `none of ${search.join(', ')} is on the PATH`,
    'Install it (python.org, or your system’s package python3 with python3-venv) and run this again.',
  );
}

async function installPackages(system: string, requirements: string, directory: string): Promise<Python> {
  const log = path.join(directory, 'install.log');
  const flags = [
    '--quiet',
    '--no-input',
    '--disable-pip-version-check',
    '--require-hashes',
    '--only-binary',
    ':all:',
  ];
  const install = ['-m', 'pip', 'install', ...flags, '--requirement', requirements];
  const environment = path.join(directory, 'venv');
  const made = await attempt(system, ['-m', 'venv', environment], log);
  if (made?.code === 0) {
    const executable = path.join(environment, 'bin', 'python');
    await finish(await attempt(executable, install, log), log);
    return { executable, packages: null };
  }
  // Debian keeps venv in a package of its own; pip by itself can still install into a folder.
  await rm(environment, { recursive: true, force: true });
  if ((await attempt(system, ['-m', 'pip', '--version'], log))?.code !== 0) {
    throw new SetupFailure(
      'this Python has neither venv nor pip',
      system,
      'Install them (Debian and Ubuntu: apt install python3-venv) and run this again.',
    );
  }
  const packages = path.join(directory, 'packages');
  await finish(await attempt(system, [...install, '--target', packages], log), log);
  return { executable: system, packages };
}

async function finish(result: ProgramResult | null, log: string): Promise<void> {
  if (result?.code === 0) return;
  throw new SetupFailure(
    `the embedded AWS's Python packages could not be installed: ${lastLine(result?.output ?? '')}`,
    log,
    'Check the network (or pip’s index and proxy settings) and run this again.',
  );
}

/** Null where the program can't be started. pip's own settings (index, proxy, certificates) stay in force. */
async function attempt(command: string, args: string[], log?: string): Promise<ProgramResult | null> {
  const pipSettings = Object.entries(process.env).filter(([name]) =>
    /^(PIP_|SSL_CERT_|https?_proxy$|no_proxy$)/i.test(name),
  );
  const env = { ...cleanEnvironment(), ...definedOnly(pipSettings) };
  try {
    return await runProgram(command, args, { env, ...(log === undefined ? {} : { log }) });
  } catch {
    return null;
  }
}

function definedOnly(entries: [string, string | undefined][]): Record<string, string> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
