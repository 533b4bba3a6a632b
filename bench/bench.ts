import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type Measure, measureSchema } from './measure.ts';

/** What a file of this folder exports to be run: the names of what it measures, and the measuring. */
type Bench = { file: string; names: string[]; measures: () => Promise<Measure[]> };

const NOT_MEASURING = ['bench.ts', 'measure.ts', 'ingest-child.ts', 'cold-decision.ts'];

// Standard output is for measures alone: what deployed code logs in passing stays unsaid, errors go to standard error.
process.env['POWERTOOLS_LOG_LEVEL'] = 'ERROR';
const { values: options } = parseArgs({ options: { only: { type: 'string' } } });
const benches = await findBenches(new URL('.', import.meta.url));
const only = options.only;
const chosen = only === undefined ? benches : benches.filter(({ names }) => names.includes(only));
if (chosen.length === 0) {
  const names = benches.flatMap((bench) => bench.names);
  process.stderr.write(`Nothing measures "${only}". There are: ${names.join(', ')}\n`);
  process.exit(2);
}
let failed = false;
for (const bench of chosen) {
  process.stderr.write(`measuring ${bench.names.join(', ')}\n`);
  for (const measure of await bench.measures()) {
    if (only !== undefined && measure.measure !== only) continue;
    process.stdout.write(`${JSON.stringify(measure)}\n`);
    failed ||= measure.ok === false;
  }
}
process.exitCode = failed ? 1 : 0;

async function findBenches(folder: URL): Promise<Bench[]> {
  const files = (await readdir(folder)).filter(
    (file) => file.endsWith('.ts') && !NOT_MEASURING.includes(file),
  );
  const found = await Promise.all(
    files.sort().map(async (file): Promise<Bench[]> => {
      const module: unknown = await import(new URL(file, folder).href);
      if (typeof module !== 'object' || module === null || !('measures' in module) || !('names' in module)) {
        return [];
      }
      const { measures, names } = module;
      if (typeof measures !== 'function')
        throw new TypeError(`bench/${file} exports measures that can't be run`);
      return [
        {
          file,
          names: z.array(z.string()).parse(names),
          measures: async () => z.array(measureSchema).parse(await measures()),
        },
      ];
    }),
  );
  return found.flat();
}
