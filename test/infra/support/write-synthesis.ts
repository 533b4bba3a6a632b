import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addProduct } from '../../../infra/product.ts';
import { readRegions } from '../../../infra/read-regions.ts';
import { writeJsonFile } from '../../../local/json-file.ts';

/*
 * Synthesises the app as `real` or `local` into a file: `node write-synthesis.ts <kind> <file>`. The functions' code takes
 * no part.
 */
const [, , kind, file] = process.argv;
if (file === undefined || (kind !== 'real' && kind !== 'local'))
  throw new Error('A kind and a file are needed');

const outdir = mkdtempSync(join(tmpdir(), 'dualkey-synth-'));
process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));

const app = new App({ outdir, analyticsReporting: false });
const stacks = addProduct(
  app,
  readRegions(new URL('../../../infra/regions.json', import.meta.url).pathname),
  {
    local: kind === 'local',
    code: () => Code.fromInline('exports.handler = async () => {};'),
  },
);
const assembly = app.synth();

function findings(): string[] {
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath}: ${ruleName}`),
    );
}

function askNag() {
  const asItIs = findings();
  const [first] = stacks;
  if (first === undefined) throw new Error('No region was synthesised');
  new Bucket(first.state, 'Unprotected');
  return { asItIs, unprotected: findings() };
}

await writeJsonFile(file, {
  regions: stacks.map(({ region, state, flow }) => ({
    region,
    state: assembly.getStackArtifact(state.artifactId).template,
    flow: assembly.getStackArtifact(flow.artifactId).template,
  })),
  stackNames: stacks.map(({ state, flow }) => [state.stackName, flow.stackName]),
  terminationProtected: stacks.map(({ state }) => state.terminationProtection ?? false),
  findings: kind === 'real' ? askNag() : null,
});
