import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';
import { runProgram } from '../local/run-program.ts';
import { type Measure, promised, reported } from './measure.ts';

const GIGABYTE = 1_000_000_000;
/** The size of blocks that ingest comes to with this archive, about: for the bare work that runs before it. */
const BLOCK_BYTES = 12 * 1024;
const MEGABYTE = 1_000_000;
/** A process of a function with little memory: V8 and malloc give back in time instead of growing. */
const MEMORY = ['--max-old-space-size=80', '--max-semi-space-size=4'];
const ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' };

const PEAK = 'ingest-1gb-peak-memory';
const RATIO = 'ingest-1gb-of-bare-parse-compress-encrypt';
const SPEED = 'ingest-1gb-throughput';
const BARE = 'bare-parse-compress-encrypt-throughput';
/** Beside the limit, and never in its place: how near one thread could come to it with the formats as they are. */
const KEYED = 'bare-with-record-ids-and-commitments-of-bare';
export const names = [PEAK, RATIO, SPEED, BARE, KEYED];

const foundSchema = z.object({ ms: z.number(), peakBytes: z.number() });
const measuredSchema = foundSchema.extend({ bytes: z.number(), messages: z.number() });
const ingestedSchema = foundSchema.extend({
  accepted: z.number(),
  blocks: z.number(),
  rows: z.number(),
  sealedBytes: z.number(),
  guests: z.number(),
});

/**
 * A WeCom archive of 1 GB through the real code of ingest in one process, bundled as functions are, everything behind its
 * adapters dropped; and, in processes before and after it, what can't be left out on all of the same bytes: reading lines,
 * JSON.parse, zstd in blocks of the same size, AES-256-GCM. Making the archive, as it is read, doesn't count. The run
 * before also says how long the archive is. A last one adds to the bare work what the formats ask for of every record.
 */
export async function measures(): Promise<Measure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  try {
    const child = path.join(folder, 'ingest-child.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('./ingest-child.ts', import.meta.url))],
      outfile: child,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      define: { 'import.meta.url': JSON.stringify(new URL('./ingest-child.ts', import.meta.url).href) },
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
      logLevel: 'silent',
    });
    const run = async <Found>(schema: z.ZodType<Found>, work: string, options: Record<string, number>) => {
      const args = Object.entries(options).map(([name, value]) => `--${name}=${Math.round(value)}`);
      const { code, stdout, output } = await runProgram(
        process.execPath,
        [...MEMORY, child, `--work=${work}`, ...args],
        { env: ENVIRONMENT },
      );
      if (code !== 0) throw new Error(`Measuring ${work} failed: ${output}`);
      return schema.parse(JSON.parse(stdout));
    };
    const before = await run(measuredSchema, 'bare', { bytes: GIGABYTE, block: BLOCK_BYTES });
    const ingested = await run(ingestedSchema, 'ingest', { bytes: GIGABYTE, size: before.bytes });
    const block = before.bytes / ingested.blocks;
    const after = await run(measuredSchema, 'bare', { bytes: GIGABYTE, block });
    const keyed = await run(measuredSchema, 'keyed', { bytes: GIGABYTE, block });
    if (after.bytes !== before.bytes) throw new Error('The archive was made of other bytes');
    if (ingested.accepted !== before.messages) {
      throw new Error(`${ingested.accepted} of ${before.messages} messages went in`);
    }
    const { accepted, blocks, guests, rows, sealedBytes } = ingested;
    process.stderr.write(`  ${JSON.stringify({ accepted, blocks, guests, rows, sealedBytes })}\n`);
    const speed = (before.bytes / ingested.ms) * 1000;
    const bare = ((before.bytes + after.bytes) / (before.ms + after.ms)) * 1000;
    return [
      promised(PEAK, ingested.peakBytes / MEGABYTE, 'MB', { atMost: 200 }),
      promised(RATIO, speed / bare, 'ratio', { atLeast: 0.5 }),
      reported(SPEED, speed / MEGABYTE, 'MB/s'),
      reported(BARE, bare / MEGABYTE, 'MB/s'),
      reported(KEYED, ((keyed.bytes / keyed.ms) * 1000) / bare, 'ratio'),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
