import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readJsonFile } from './json-file.ts';
import { readSettings } from './settings.ts';

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
});

const { root } = readSettings({});
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const named = process.argv.slice(2);

// Two runs: the flow tests share one deployment and two cores, so they go one after the other; the rest goes side by side.
const runs = [await run('unit', []), await run('flow', ['--runInBand'])];
const total = (count: (one: z.infer<typeof report>) => number) =>
  runs.reduce((sum, { counts }) => sum + (counts === null ? 0 : count(counts)), 0);
// A suite that could not even run counts as one failure.
const failed = total((one) => one.numFailedTests + one.numRuntimeErrorTestSuites);
process.stdout.write(`\n${total(({ numPassedTests }) => numPassedTests)} passed, ${failed} failed\n`);
if (runs.some(({ code }) => code !== 0)) process.exitCode = 1;

async function run(project: string, flags: string[]) {
  const file = path.join(root, 'reports', `jest-${project}.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  const child = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest],
      ...[
        '--selectProjects',
        project,
        ...flags,
        '--passWithNoTests',
        '--json',
        '--outputFile',
        file,
        ...named,
      ],
    ],
    // With --json jest keeps standard output for the report: its own lines come on standard error.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, counts: await readJsonFile(file, report) };
}
