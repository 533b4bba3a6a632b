import { writeFile } from 'node:fs/promises';
import { sampleExports } from './sample-exports.ts';

for (const { file, text } of sampleExports()) {
  await writeFile(new URL(file, import.meta.url), text);
}
