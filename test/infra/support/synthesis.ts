import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { readJsonFile } from '../../../local/json-file.ts';
import { underLock } from '../../../local/lock.ts';
import { runProgram } from '../../../local/run-program.ts';
import { readSettings } from '../../../local/settings.ts';
import { SetupFailure } from '../../../local/setup-failure.ts';
import { sourceDigest } from '../../../local/source-digest.ts';

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

const regionSchema = z.object({ region: z.string(), state: templateSchema, flow: templateSchema });
export type SynthesisedRegion = z.infer<typeof regionSchema>;

const synthesisSchema = z.object({
  regions: z.array(regionSchema),
  /** Names of each region's stacks: what keeps, what acts. */
  stackNames: z.array(z.tuple([z.string(), z.string()])),
  terminationProtected: z.array(z.boolean()),
  /** What cdk-nag finds; and what it finds once a bucket without protection has joined. Null under the local context. */
  findings: z.object({ asItIs: z.array(z.string()), unprotected: z.array(z.string()) }).nullable(),
});
export type Synthesis = z.infer<typeof synthesisSchema>;

export const REGIONS_FILE = new URL('../../../infra/regions.json', import.meta.url).pathname;

const WRITER = new URL('write-synthesis.ts', import.meta.url).pathname;
const LOOK_AGAIN_MS = 100;

/**
 * What is deployed, as CloudFormation gets it. Synthesised once for what the sources are now, in a process of its own;
 * the other test files read what it wrote.
 */
export async function synthesise({ local }: { local: boolean }): Promise<Synthesis> {
  const settings = readSettings({});
  const folder = path.join(settings.root, '.local', 'unit', 'synthesis', local ? 'local' : 'real');
  const writer = createHash('sha256')
    .update(await readFile(WRITER))
    .digest('hex');
  const name = `${await sourceDigest({ ...settings, port: 0 })}-${writer}.json`;
  const file = path.join(folder, name);
  for (;;) {
    const there = await readJsonFile(file, synthesisSchema);
    if (there !== null) return there;
    try {
      return await underLock(folder, async () => {
        const meanwhile = await readJsonFile(file, synthesisSchema);
        return meanwhile ?? written(file, local);
      });
    } catch (error) {
      // Another test file is at it.
      if (!(error instanceof SetupFailure)) throw error;
      await pause(LOOK_AGAIN_MS);
    }
  }
}

async function written(file: string, local: boolean): Promise<Synthesis> {
  const folder = path.dirname(file);
  const older = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  for (const name of older) await rm(path.join(folder, name), { force: true });
  const { code, output } = await runProgram(process.execPath, [WRITER, local ? 'local' : 'real', file]);
  if (code !== 0) throw new Error(`The app doesn't synthesise: ${output}`);
  return synthesisSchema.parse(JSON.parse(await readFile(file, 'utf8')));
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
