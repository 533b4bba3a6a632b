import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from './settings.ts';

/** What a local deployment is made from: when none of it changed, the deployment stands. */
const INPUTS = ['infra', 'functions', 'shared', 'local', 'cdk.json', 'package-lock.json'];

/** Hex SHA-256 over the names and contents of every input file, the chain's policies too, and over the port. */
export async function sourceDigest({
  root,
  policies,
  port,
}: Pick<Settings, 'root' | 'policies' | 'port'>): Promise<string> {
  const hash = createHash('sha256').update(String(port));
  for (const input of [...INPUTS, path.relative(root, policies)]) {
    for (const file of await filesUnder(root, input)) {
      const content = createHash('sha256')
        .update(await readFile(path.join(root, file)))
        .digest('hex');
      hash.update(`${file}\n${content}\n`);
    }
  }
  return hash.digest('hex');
}

/** Files below `name` (or `name` itself, where it is a file; none where it is missing), sorted, with `/` between folders. */
async function filesUnder(root: string, name: string): Promise<string[]> {
  const there = await stat(path.join(root, name)).catch(() => null);
  if (there === null) return [];
  if (!there.isDirectory()) return [name];
  const children = await readdir(path.join(root, name));
  const nested = await Promise.all(children.map((child) => filesUnder(root, `${name}/${child}`)));
  return nested.flat().sort();
}
