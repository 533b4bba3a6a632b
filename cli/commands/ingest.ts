import type { Command } from 'commander';
import { z } from 'zod';
import { CATEGORIES, SOURCES } from '../../shared/domain/record.ts';
import { importProfileSchema } from '../../shared/sources/import-profile.ts';
import { companionOf } from '../companion-file.ts';
import { contextOf } from '../context.ts';
import { BadInputError, EXIT } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { measureExport, uploadExport } from '../upload-export.ts';

const options = z.object({
  source: z.enum(SOURCES, { error: `must be one of ${SOURCES.join(', ')}` }),
  hotel: z.string(),
  category: z.enum(CATEGORIES, { error: `must be one of ${CATEGORIES.join(', ')}` }).optional(),
  timezone: z.string().optional(),
  map: z.string().optional(),
  media: z.string().optional(),
});

const LINES_SHOWN = 20;

export function registerIngest(program: Command): void {
  program
    .command('ingest')
    .description('导入平台导出的记录 bring an export into custody')
    .argument('<file>')
    .requiredOption('--source <source>', '来源平台 source platform')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .option('--category <category>', '记录类别 record category where the source has none')
    .option('--timezone <zone>', '无时区时间的时区 zone of times without one')
    .option(
      '--map <file>',
      '文件说明(列名对应等) what the file’s columns and names mean (JSON: docs/sources.md)',
    )
    .option('--media <dir>', '媒体文件夹 folder of the media that the records refer to')
    .action(async (file: string, raw: unknown, command: Command) => {
      const parsed = options.safeParse(raw);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new BadInputError(
          issue?.message ?? 'bad option',
          `--${issue?.path.join('.') ?? ''}`,
          'correct the option',
        );
      }
      const { source, hotel, category, timezone, map, media } = parsed.data;
      const { console, api: signIn } = contextOf(command);
      const exported = await measureExport(file);
      const profile = map === undefined ? null : await readInputFile(map, importProfileSchema);
      const companion =
        map === undefined && media === undefined ? null : await companionOf(profile, media ?? null, file);
      const api = await signIn({ role: 'it-ops', hotel });
      const origin = { source, hotel, category, timezone };
      const result = await uploadExport(api, exported, origin, console.progress, companion);
      console.result(result, [
        `批次 batch ${result.batchId}`,
        `  接受 accepted ${result.accepted} · 重复 duplicates ${result.duplicates} · 内容冲突 conflicts ${result.conflicts} · 拒收 rejected ${result.rejectedLines}`,
        `  会话 conversations ${result.conversations} · 客人 guests ${result.guests}`,
        ...result.rejected.slice(0, LINES_SHOWN).map(({ line, reason }) => `  行 line ${line}: ${reason}`),
        ...(result.rejectedLines > LINES_SHOWN
          ? [`  … 另有 and ${result.rejectedLines - LINES_SHOWN} 行 more (--json)`]
          : []),
      ]);
      // Nothing in it could be read: the wrong file, source or encoding rather than a few bad lines.
      if (result.accepted + result.duplicates === 0 && result.rejectedLines > 0)
        process.exitCode = EXIT.badInput;
    });
}
