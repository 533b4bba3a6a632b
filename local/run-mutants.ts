import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { readSettings } from './settings.ts';

// Mutants of the policies themselves, then of the code that asks them (Stryker); reports under reports/mutation/.
const { root } = readSettings({});
const named = process.argv.slice(2);
const runs = [
  [path.join(root, 'test', 'mutants', 'mutate-policies.ts')],
  [path.join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'), 'run', ...named],
].map((command) => spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status);
process.exitCode = runs.every((status) => status === 0) ? 0 : 1;
