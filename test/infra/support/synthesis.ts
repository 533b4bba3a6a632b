import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { z } from 'zod';
import { addProduct } from '../../../infra/product.ts';
import { readRegions } from '../../../infra/read-regions.ts';

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});
const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});
export type Resource = z.infer<typeof resourceSchema>;
export type Template = z.infer<typeof templateSchema>;

export type SynthesisedRegion = { region: string; state: Template; flow: Template };

export const REGIONS_FILE = new URL('../../../infra/regions.json', import.meta.url).pathname;

/** What is deployed, as CloudFormation gets it; the functions' code takes no part. */
export function synthesise({ local }: { local: boolean }) {
  const outdir = mkdtempSync(join(tmpdir(), 'dualkey-synth-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const stacks = addProduct(app, readRegions(REGIONS_FILE), {
      local,
      code: () => Code.fromInline('exports.handler = async () => {};'),
    });
    const assembly = app.synth();
    const template = (stack: string) => templateSchema.parse(assembly.getStackArtifact(stack).template);
    const regions = stacks.map(
      ({ region, state, flow }): SynthesisedRegion => ({
        region,
        state: template(state.artifactId),
        flow: template(flow.artifactId),
      }),
    );
    const terminationProtected = stacks.map(({ state }) => state.terminationProtection);
    return { app, stacks, regions, terminationProtected };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The resources of one type, with their logical ids. */
export function ofType(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** The one resource of a type whose logical id begins so. */
export function one(template: Template, type: string, prefix: string): Resource {
  const found = ofType(template, type).filter(([id]) => id.startsWith(prefix));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} resources of type ${type} begin with ${prefix}`);
  }
  return only[1];
}

/** A value within a resource, by its path; undefined where there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = new Map(Object.entries(here)).get(String(step));
  }
  return here;
}

/** Every string within a value, with the path to it. */
export function strings(value: unknown, path: string[] = []): { path: string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]));
}
