import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { BundleError, bundleFunctions } from './bundle.ts';
import { addProduct } from './product.ts';
import { RegionsFileError, readRegions } from './read-regions.ts';

const root = join(import.meta.dirname, '..');

try {
  const app = new App();
  const local = app.node.tryGetContext('local');
  const functions = app.node.tryGetContext('functions');
  const bundles = app.node.tryGetContext('bundles');
  const regions = readRegions(join(root, 'infra/regions.json'));
  addProduct(app, regions, {
    local: local === true || local === 'true',
    code: bundleFunctions({
      root,
      functions: typeof functions === 'string' ? functions : join(root, 'functions'),
      out: typeof bundles === 'string' ? bundles : join(root, '.local/bundles'),
    }),
  });
  app.synth();
} catch (error) {
  if (!(error instanceof RegionsFileError) && !(error instanceof BundleError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
