import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib/core';
import { RuleSetInvalidError } from '../shared/policy/rule-set-invalid-error.ts';
import { BundleError, bundleFunctions } from './bundle.ts';
import { addProduct } from './product.ts';
import { RegionsFileError, readRegions } from './read-regions.ts';

const root = join(import.meta.dirname, '..');

// A folder of its own for each synthesis: two at the same time don't disturb each other. The assembly keeps copies.
const bundles = mkdtempSync(join(tmpdir(), 'dualkey-bundles-'));
process.once('exit', () => rmSync(bundles, { recursive: true, force: true }));

try {
  const app = new App();
  const local = app.node.tryGetContext('local');
  // A chain's own policies: its folder in the repository, or another one to try.
  const given = app.node.tryGetContext('policies');
  const policies = resolve(root, typeof given === 'string' ? given : 'policies');
  const regions = readRegions(join(root, 'infra/regions.json'));
  addProduct(app, regions, {
    local: local === true || local === 'true',
    code: bundleFunctions(root, bundles, policies),
    policies: pathToFileURL(`${policies}/`),
  });
  app.synth();
} catch (error) {
  // What whoever changed a file can mend is said in a line; anything else is a defect, with its trace.
  const mendable = [RegionsFileError, RuleSetInvalidError, BundleError].some((kind) => error instanceof kind);
  if (!(error instanceof Error) || !mendable) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
