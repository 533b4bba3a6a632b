import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { signedIn } from '../cli/api.ts';
import { demoUser } from '../cli/deployment.ts';
import { measureExport, uploadExport } from '../cli/upload-export.ts';
import { withPrivateStack } from '../local/private-stack.ts';
import { type Measure, reported } from './measure.ts';
import { dialogues, wecomArchive } from './wecom-archive.ts';

const BYTES = 20_000_000;
const MEGABYTE = 1_000_000;

const SPEED = 'ingest-20mb-through-deployed-stack';
const MESSAGES = 'messages-of-20mb-through-deployed-stack';
export const names = [SPEED, MESSAGES];

/**
 * A WeCom archive from the command's upload to its committed batch, through a stack of its own: the deployed functions
 * over the embedded AWS, which answers on the same machine. Reported, with no limit: it measures the embedded AWS, too.
 */
export async function measures(): Promise<Measure[]> {
  return withPrivateStack('bench', async () => {
    const operator = await signedIn(await demoUser('it-ops', 'SHA01'));
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
    try {
      const file = path.join(folder, 'archive.jsonl');
      const archive = wecomArchive({
        dialogues: dialogues(),
        bytes: BYTES,
        dialoguesPerGuest: 4,
        atOnce: 40,
      });
      await pipeline(Readable.from(archive), createWriteStream(file));
      const upload = await measureExport(file);
      const start = performance.now();
      const result = await uploadExport(
        operator,
        upload,
        { source: 'wecom', hotel: 'SHA01' },
        () => undefined,
      );
      const seconds = (performance.now() - start) / 1000;
      process.stderr.write(`  ${JSON.stringify(result)} in ${Math.round(seconds)} s\n`);
      return [
        reported(SPEED, upload.bytes / MEGABYTE / seconds, 'MB/s'),
        reported(MESSAGES, result.accepted, 'messages'),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
