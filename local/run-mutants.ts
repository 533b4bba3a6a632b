import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { readSettings } from './settings.ts';

/**
 * Mutants of the policies themselves, then of the code that asks them (Stryker); reports under reports/mutation/.
 * `policies [RULE…]`: the policies alone, of these rules where they are named; with Stryker's own options: the code alone.
 */
const { root } = readSettings({});
const named = process.argv.slice(2);
const policies = [path.join(root, 'test', 'mutants', 'mutate-policies.ts')];
const code = [path.join(root, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js'), 'run'];
const [first, ...others] = named;
const runs =
  first === undefined
    ? [policies, code]
    : first === 'policies'
      ? [[...policies, ...others]]
      : [[...code, ...named]];
const statuses = runs.map(
  (command) => spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status,
);
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
