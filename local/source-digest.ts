import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What a local deployment is made from: when none of it changed, the deployment stands. */
const INPUTS = ['infra', 'functions', 'shared', 'local', 'cdk.json', 'package-lock.json'];

/** Hex SHA-256 over the names and contents of every input file, and over what else the deployment depends on. */
export async function sourceDigest(root: string, ...settings: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const input of INPUTS) {
    for (const file of await filesUnder(root, input)) {
      const content = createHash('sha256')
        .update(await readFile(path.join(root, file)))
        .digest('hex');
      hash.update(`${file}\n${content}\n`);
    }
  }
  return hash.digest('hex');
}

/** Files below `name` (or `name` itself, where it is a file), sorted, with `/` between folders. */
async function filesUnder(root: string, name: string): Promise<string[]> {
  const entries = await readdir(path.join(root, name), { withFileTypes: true }).catch(() => null);
  if (entries === null) return [name];
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const child = `${name}/${entry.name}`;
      return entry.isDirectory() ? filesUnder(root, child) : [child];
    }),
  );
  return nested.flat().sort();
}
