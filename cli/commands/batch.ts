import type { Command } from 'commander';
import { z } from 'zod';
import { BATCH_STATE_LABELS, PLATFORM_LABELS } from '../../shared/domain/labels.ts';
import { batchLines, explainedReasons, originLines } from '../batch-lines.ts';
import { contextOf } from '../context.ts';
import { inTermsOf, ofOptions } from '../in-terms-of.ts';
import { named } from '../language.ts';
import { parseOptions } from '../parse-options.ts';
import { batchSchema } from '../upload-export.ts';

const listed = z.object({
  batches: z.array(batchSchema.omit({ rejected: true })),
  next: z.string().nullable(),
});
const listOptions = z.object({ hotel: z.string(), before: z.string().optional() });

export function registerBatch(program: Command): void {
  const batch = program
    .command('batch')
    .description('批次 batches: what came in, what it lacks, and what it commits to');
  batch
    .command('list')
    .description('列出酒店的批次,最新在前 batches of a hotel, newest first')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .option('--before <batch>', '此批次之前的 those before this one (the next page)')
    .action(async (raw: unknown, command: Command) => {
      const { hotel, before } = parseOptions(listOptions, raw);
      const { console, languages, say, api: signIn } = contextOf(command);
      const api = await signIn({ role: 'it-ops', hotel });
      const page = before === undefined ? '' : `&before=${encodeURIComponent(before)}`;
      const result = await inTermsOf(
        ofOptions({}),
        api.get(`/batches?hotel=${encodeURIComponent(hotel)}${page}`, listed),
      );
      console.result(result, [
        ...(result.batches.length === 0 ? [say('没有批次', 'there are no batches')] : []),
        ...result.batches.flatMap((one) => [
          `${named(say, BATCH_STATE_LABELS, one.state)} · ${named(say, PLATFORM_LABELS, one.source)} · ${one.receivedAt ?? one.createdAt}`,
          ...batchLines({ ...one, rejected: [] }, languages, { listed: true }),
        ]),
        ...(result.next === null
          ? []
          : [
              `${say('更早的批次', 'earlier ones')}: dualkey batch list --hotel ${hotel} --before ${result.next}`,
            ]),
      ]);
    });
  batch
    .command('show')
    .description(
      '查看批次:来源、完整性、拒收与承诺 a batch: its origin, completeness, rejections and commitment',
    )
    .argument('<batch>')
    .option('--hotel <code>', '酒店代码 hotel code of the person who signs in')
    .action(async (batchId: string, raw: unknown, command: Command) => {
      const { hotel } = parseOptions(z.object({ hotel: z.string().optional() }), raw);
      const { console, languages, say, api: signIn } = contextOf(command);
      const api = await signIn(hotel === undefined ? { role: 'it-ops' } : { role: 'it-ops', hotel });
      const result = await inTermsOf(
        ofOptions({}),
        api.get(`/batches/${encodeURIComponent(batchId)}`, batchSchema),
      );
      console.result({ ...result, explained: explainedReasons(result) }, [
        named(say, BATCH_STATE_LABELS, result.state),
        ...originLines(result, languages),
        ...batchLines(result, languages),
      ]);
    });
}
