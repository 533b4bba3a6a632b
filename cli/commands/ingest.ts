import type { Command } from 'commander';
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { CATEGORIES, SOURCES } from '../../shared/domain/record.ts';
import type { Words } from '../../shared/domain/words.ts';
import { batchLines, explainedReasons, mediaUnused } from '../batch-lines.ts';
import { companionOf } from '../companion-file.ts';
import { contextOf } from '../context.ts';
import { BadInputError, EXIT } from '../failure.ts';
import { readImportProfile } from '../import-profile-file.ts';
import { inTermsOf, ofOptions } from '../in-terms-of.ts';
import { parseOptions } from '../parse-options.ts';
import { type ExportFile, measureExport, measureStream, uploadExport } from '../upload-export.ts';
import { decryptWecomArchive, readWecomKeys } from '../wecom-archive.ts';

const options = z.object({
  source: z.enum(SOURCES, {
    error: `must be one of ${SOURCES.join(', ')} · 须为下列之一:${SOURCES.join(', ')}`,
  }),
  hotel: z.string(),
  category: z
    .enum(CATEGORIES, {
      error: `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`,
    })
    .optional(),
  timezone: z
    .string()
    .refine(
      (zone) => IANAZone.isValidZone(zone),
      'this is no time zone; such as Asia/Shanghai · 不是时区;如 Asia/Shanghai',
    )
    .optional(),
  map: z.string().optional(),
  media: z.string().optional(),
  wecomKeys: z.string().optional(),
  wecomDecrypt: z.string().optional(),
});

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
    .option(
      '--wecom-keys <dir>',
      '会话存档私钥文件夹 folder of private keys <publickey_ver>.pem, for encrypted WeCom pages',
    )
    .option(
      '--wecom-decrypt <command>',
      '企业微信解密命令 command that does the vendor’s decryption step (docs/sources.md)',
    )
    .action(async (file: string, raw: unknown, command: Command) => {
      const given = parseOptions(options, raw);
      const { source, hotel, category, timezone, map, media } = given;
      const { console, languages, tell, api: signIn } = contextOf(command);
      const profile = map === undefined ? null : await readImportProfile(map, source);
      const exported = await exportOf(file, given, tell);
      const companion =
        map === undefined && media === undefined ? null : await companionOf(profile, media ?? null, file);
      const api = await signIn({ role: 'it-ops', hotel });
      const origin = { source, hotel, category, timezone };
      const result = await inTermsOf(
        ofOptions({ '': file, bytes: file, parts: file }),
        uploadExport(api, exported, origin, tell, companion),
      );
      console.result({ ...result, explained: explainedReasons(result) }, [
        ...batchLines(result, languages),
        ...(media === undefined ? [] : mediaUnused(result, companion?.media ?? 0, languages)),
      ]);
      // Nothing in it could be read: the wrong file, source or encoding rather than a few bad lines.
      if (result.accepted + result.duplicates === 0 && result.rejectedLines > 0)
        process.exitCode = EXIT.badInput;
    });
}

/** The file as it is, or as it is decrypted. */
async function exportOf(
  file: string,
  { source, wecomKeys, wecomDecrypt }: z.infer<typeof options>,
  tell: (text: Words) => void,
): Promise<ExportFile> {
  const own = await measureExport(file);
  if (wecomKeys === undefined && wecomDecrypt === undefined) return own;
  if (source !== 'wecom' || wecomKeys === undefined || wecomDecrypt === undefined) {
    throw new BadInputError(
      {
        zh: '加密存档只有企业微信有,须同时给出私钥与解密命令',
        en: 'an encrypted archive is one of WeCom, with its keys and the command that decrypts',
      },
      '--wecom-keys, --wecom-decrypt',
      { zh: '两者都给出,且 --source wecom', en: 'give both, with --source wecom' },
    );
  }
  const keys = await readWecomKeys(wecomKeys);
  const first = decryptWecomArchive(file, keys, wecomDecrypt);
  let measured = false;
  const decrypted = await measureStream(file, () => {
    if (measured) return decryptWecomArchive(file, keys, wecomDecrypt).bytes;
    measured = true;
    return first.bytes;
  });
  for (const [reason, count] of first.unopened) {
    tell({ zh: `未能解密: ${count} (${reason})`, en: `not decrypted: ${count} (${reason})` });
  }
  return decrypted;
}
