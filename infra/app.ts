import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
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
  const regions = readRegions(join(root, 'infra/regions.json'));
  addProduct(app, regions, {
    local: local === true || local === 'true',
    code: bundleFunctions(root, bundles),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof RegionsFileError) && !(error instanceof BundleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
