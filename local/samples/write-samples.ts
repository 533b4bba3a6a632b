import { mkdir, writeFile } from 'node:fs/promises';
import { sampleExports } from './sample-exports.ts';

const root = new URL('../../', import.meta.url);
const media = new URL('local/samples/media/', root);

await mkdir(media, { recursive: true });
for (const sample of sampleExports()) {
  await writeFile(new URL(sample.file, import.meta.url), sample.text);
  if (sample.map?.profile) {
    await writeFile(new URL(sample.map.file, root), `${JSON.stringify(sample.map.profile, null, 2)}\n`);
  }
  for (const [name, bytes] of Object.entries(sample.media ?? {}))
    await writeFile(new URL(name, media), bytes);
}
