import type { Command } from 'commander';
import { z } from 'zod';
import { PLATFORM_LABELS } from '../../shared/domain/labels.ts';
import { CATEGORIES } from '../../shared/domain/record.ts';
import { batchLines, explainedReasons, reasonInWords } from '../batch-lines.ts';
import { contextOf } from '../context.ts';
import { EXIT } from '../failure.ts';
import { readImportProfile } from '../import-profile-file.ts';
import { inTermsOf, ofOptions } from '../in-terms-of.ts';
import { named } from '../language.ts';
import { parseOptions } from '../parse-options.ts';
import { awaitBatch } from '../upload-export.ts';

const listed = z.object({
  batches: z.array(
    z.object({
      batchId: z.string(),
      source: z.string(),
      receivedAt: z.string().nullable(),
      lines: z.number(),
      rejectedBy: z.record(z.string(), z.number()),
      until: z.string(),
      /** False where the whole file is to be ingested again. */
      rerun: z.boolean(),
      rerunOf: z.string().nullable(),
    }),
  ),
});

const rerunOptions = z.object({
  hotel: z.string().optional(),
  timezone: z.string().optional(),
  category: z
    .enum(CATEGORIES, {
      error: `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`,
    })
    .optional(),
  map: z.string().optional(),
});

export function registerQuarantine(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('拒收的行 rejected lines, kept encrypted for correction');
  quarantine
    .command('list')
    .description('列出有拒收行的批次 batches with rejected lines')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .action(async (raw: unknown, command: Command) => {
      const { hotel } = z.object({ hotel: z.string() }).parse(raw);
      const { console, languages, say, api: signIn } = contextOf(command);
      const api = await signIn({ role: 'it-ops', hotel });
      const result = await api.get(`/quarantine?hotel=${encodeURIComponent(hotel)}`, listed);
      console.result(
        result,
        result.batches.length === 0
          ? [say('没有留存的拒收行', 'no rejected lines are kept')]
          : result.batches.flatMap(({ batchId, source, lines, rejectedBy, until, rerun }) => [
              `${batchId} ${named(say, PLATFORM_LABELS, source)}: ${lines} ${say('行', 'lines')} · ${say('留存至', 'until')} ${until}`,
              ...Object.entries(rejectedBy).map(
                ([reason, count]) => `  ${count} × ${reasonInWords(reason, languages)}`,
              ),
              rerun
                ? `  dualkey quarantine rerun ${batchId}`
                : `  ${say('重新导入整份文件', 'ingest the whole file again')}: dualkey ingest FILE --map F`,
            ]),
      );
    });
  quarantine
    .command('rerun')
    .description('重新读取一批拒收的行 read the rejected lines of a batch again')
    .argument('<batch>')
    .option('--hotel <code>', '酒店代码 hotel code of the person who signs in')
    .option('--timezone <zone>', '无时区时间的时区 zone of times without one')
    .option('--category <category>', '记录类别 record category where the source has none')
    .option('--map <file>', '文件说明 what the file’s columns and names mean (JSON: docs/sources.md)')
    .action(async (batchId: string, raw: unknown, command: Command) => {
      const { hotel, timezone, category, map } = parseOptions(rerunOptions, raw);
      const profile = map === undefined ? undefined : await readImportProfile(map);
      const { console, languages, say, api: signIn } = contextOf(command);
      const api = await signIn(hotel === undefined ? { role: 'it-ops' } : { role: 'it-ops', hotel });
      const { batchId: again } = await inTermsOf(
        ofOptions({}),
        api.post(
          `/batches/${encodeURIComponent(batchId)}/rerun`,
          { timezone, category, profile },
          z.object({ batchId: z.string() }),
        ),
      );
      console.progress(
        `${say('批次', 'batch')} ${again}: ${say(`重新读取 ${batchId} 的行`, `reading the lines of ${batchId} again`)}…`,
      );
      const result = await awaitBatch(api, again);
      console.result({ ...result, explained: explainedReasons(result) }, batchLines(result, languages));
      // Nothing came in: what is wrong with the lines is still wrong.
      if (result.accepted + result.duplicates === 0) {
        console.progress(say('没有一行进入托管', 'not a line came into custody'));
        process.exitCode = EXIT.badInput;
      }
    });
}
