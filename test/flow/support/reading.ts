import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import yauzl from 'yauzl';
import { z } from 'zod';
import { localFolder } from '../../../cli/deployment.ts';
import { s3, stack } from './stack.ts';

export function expectState<State extends string>(state: State) {
  return z.object({ state: z.literal(state) });
}

export async function objectText(bucket: keyof typeof stack.buckets, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.buckets[bucket], Key: key }));
  return (await Body?.transformToString()) ?? '';
}

/** Every entry of a ZIP as text, by name. */
export async function readEntries(bytes: Buffer): Promise<Map<string, string>> {
  const entries = await readEntryBytes(bytes);
  return new Map([...entries].map(([name, content]) => [name, content.toString('utf8')]));
}

/** Every entry of a ZIP, by name. */
export async function readEntryBytes(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(bytes);
  const entries = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
    entries.set(entry.fileName, Buffer.concat(chunks));
  }
  return entries;
}

/** The deployment's public keys, as `npm run up` wrote them. */
export function pinnedKeys(): unknown {
  return JSON.parse(readFileSync(resolve(localFolder(), 'keys.json'), 'utf8'));
}
