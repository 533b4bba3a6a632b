import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { PROVIDER_STATE_LABELS } from '../../shared/domain/labels.ts';
import { LIMITS } from '../../shared/domain/limits.ts';
import { CATEGORIES, SOURCES } from '../../shared/domain/record.ts';
import type { Languages } from '../../shared/domain/words.ts';
import { importProfileSchema } from '../../shared/sources/import-profile.ts';
import { companionOf } from '../companion-file.ts';
import { contextOf } from '../context.ts';
import { BadInputError, FailedError } from '../failure.ts';
import { readInputFile } from '../input-file.ts';
import { keepAnswer } from '../keep-answer.ts';
import { named, type Say } from '../language.ts';
import { parseOptions } from '../parse-options.ts';
import { providerRequest } from '../shown-provider-request.ts';
import { type Batch, measureExport, uploadExport } from '../upload-export.ts';

/** Who acts where nobody is named, on a local deployment. */
const LEGAL = { role: 'legal' };

const letter = z.object({
  providerRequestId: z.string(),
  letterNumber: z.string(),
  issue: z.number(),
  state: z.string(),
  answerBy: z.string(),
  digest: z.string(),
  keyFingerprint: z.string(),
  text: z.string(),
  signature: z.string(),
  html: z.string(),
});

export function registerProviderRequest(program: Command): void {
  const root = program
    .command('provider-request')
    .description('联系服务提供商 letters to providers for records that the hotel does not hold');

  root
    .command('create')
    .description('依已批准的申请起草调取函 draft a letter on an approved request')
    .argument('<requestId>')
    .requiredOption('--provider <name>', '服务提供商名称 the provider’s name')
    .requiredOption('--platform <source>', '平台 platform')
    .requiredOption('--due-days <days>', '答复期限(天) days to answer from the letter’s date')
    .option('--address <text>', '提供商地址 the provider’s address')
    .option('--reply-to <text>', '答复寄往 where the answer goes')
    .option('--hotel <code...>', '涉及的酒店 hotels; all of the request’s where absent')
    .option('--category <category...>', '涉及的记录类别 categories; all of the request’s where absent')
    .action(async (requestId: string, raw: unknown, command: Command) => {
      const options = parseOptions(draftOptions, raw);
      const { console, say, api } = contextOf(command);
      const result = await (await api(LEGAL)).post(
        `/requests/${encodeURIComponent(requestId)}/provider-requests`,
        {
          provider: options.provider,
          platform: options.platform,
          dueDays: options.dueDays,
          ...given('address', options.address),
          ...given('replyTo', options.replyTo),
          ...given('hotels', options.hotel),
          ...given('categories', options.category),
        },
        providerRequest,
      );
      console.result(result, [standing(result, say)]);
    });

  root
    .command('letter')
    .description('出具函件 issue the letter: it names the guest, and each issue is recorded')
    .argument('<id>')
    .requiredOption('--out <dir>', '输出文件夹 folder for letter.html, letter.txt, letter.txt.sig')
    .action(async (id: string, { out }: { out: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const { html, text, signature, ...issued } = await (await api(LEGAL)).post(
        `${route(id)}/letter`,
        {},
        letter,
      );
      const name = `${issued.letterNumber}-${issued.issue}`;
      const files = [
        { file: path.join(out, `${name}.html`), content: html },
        { file: path.join(out, `${name}.txt`), content: text },
        { file: path.join(out, `${name}.txt.sig`), content: signature },
      ];
      try {
        await mkdir(out, { recursive: true });
        for (const { file, content } of files) await writeFile(file, content, { mode: 0o600 });
      } catch (error) {
        throw new FailedError(
          {
            zh: `函件已出具,但无法写入 ${out}:请重新出具`,
            en: `the letter was issued and can’t be written to ${out}: issue it again`,
          },
          { cause: error },
        );
      }
      console.result({ ...issued, files: files.map(({ file }) => file) }, [
        `${say('函件', 'letter')} ${issued.letterNumber} (${issued.issue})`,
        `  ${say('答复期限', 'answer by')} ${issued.answerBy}`,
        `  ${say('摘要', 'digest')} ${issued.digest}`,
        `  ${say('密钥指纹', 'key')} ${issued.keyFingerprint}`,
        ...files.map(({ file }) => `  ${file}`),
        `  ${say('函件含客人标识,请按敏感文件保管', 'it names the guest: keep it as such')}`,
      ]);
    });

  root
    .command('sent')
    .description('登记已寄出 record that the letter was sent')
    .argument('<id>')
    .requiredOption('--reference <number>', '运单号或受理号 number of the carrier or the provider’s desk')
    .option('--at <time>', '寄出时间 when (ISO 8601 with a zone); now where absent')
    .action(async (id: string, options: { reference: string; at?: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const body = { reference: options.reference, ...given('at', options.at) };
      const result = await (await api(LEGAL)).post(`${route(id)}/sent`, body, providerRequest);
      console.result(result, [standing(result, say)]);
    });

  root
    .command('refuse')
    .description('登记提供商拒绝 record that the provider refuses')
    .argument('<id>')
    .requiredOption('--reason <reason>', '理由 its reason (sealed)')
    .option('--reference <number>', '对方文号 the provider’s own number')
    .option('--at <time>', '拒绝时间 when (ISO 8601 with a zone); now where absent')
    .action(
      async (id: string, options: { reason: string; reference?: string; at?: string }, command: Command) => {
        const { console, say, api } = contextOf(command);
        const result = await (await api(LEGAL)).post(
          `${route(id)}/refused`,
          { reason: options.reason, ...given('reference', options.reference), ...given('at', options.at) },
          providerRequest,
        );
        console.result(result, [standing(result, say)]);
      },
    );

  root
    .command('withdraw')
    .description('撤回 withdraw: nothing is asked any more')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api(LEGAL)).post(`${route(id)}/withdraw`, {}, providerRequest);
      console.result(result, [standing(result, say)]);
    });

  root
    .command('list')
    .description('列出某申请的调取函 list the letters of a request')
    .argument('<requestId>')
    .action(async (requestId: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api(LEGAL)).get(
        `/requests/${encodeURIComponent(requestId)}/provider-requests`,
        z.object({ providerRequests: z.array(providerRequest) }),
      );
      console.result(
        result,
        result.providerRequests.length === 0
          ? [say('没有调取函', 'no provider requests')]
          : result.providerRequests.map((one) => standing(one, say)),
      );
    });

  root
    .command('answer')
    .description(
      '保存提供商的答复 keep the provider’s answer as evidence; with --source, bring its records in',
    )
    .argument('<id>')
    .argument('<file>')
    .option('--at <time>', '收到时间 when it came (ISO 8601 with a zone); now where absent')
    .option('--reference <number>', '对方文号 the provider’s own number')
    .option('--source <source>', '来源平台 source whose format the file has')
    .option('--hotel <code>', '酒店代码 hotel code, where the letter is about several')
    .option('--category <category>', '记录类别 record category where the source has none')
    .option('--timezone <zone>', '无时区时间的时区 zone of times without one')
    .option('--map <file>', '文件说明 what the file’s columns and names mean (JSON: docs/sources.md)')
    .option('--media <dir>', '媒体文件夹 folder of the media that the records refer to')
    .action(async (id: string, file: string, raw: unknown, command: Command) => {
      const options = parseOptions(answerOptions, raw);
      const { console, languages, tell, say, api: signIn } = contextOf(command);
      const { source, map, media } = options;
      if (source === undefined && (map ?? media ?? options.timezone ?? options.category) !== undefined) {
        throw new BadInputError(
          { zh: '这些选项说明如何读取记录', en: 'these options say how records are read' },
          '--source',
          {
            zh: '写明来源,或去掉 --map、--media、--timezone 与 --category',
            en: 'name the source, or leave --map, --media, --timezone and --category out',
          },
        );
      }
      const exported = await measureExport(file);
      if (exported.bytes > LIMITS.providerAnswerBytes) {
        throw new BadInputError(
          {
            zh: `答复的文件最多 ${LIMITS.providerAnswerBytes} 字节`,
            en: `a file of an answer has at most ${LIMITS.providerAnswerBytes} bytes`,
          },
          file,
          { zh: '请拆分:一份答复可分为多个文件', en: 'split it: an answer may come in several files' },
        );
      }
      const profile = map === undefined ? null : await readInputFile(map, importProfileSchema);
      const companion =
        map === undefined && media === undefined ? null : await companionOf(profile, media ?? null, file);
      const api = await signIn(LEGAL);
      const answer = { at: options.at, reference: options.reference };
      const kept = await keepAnswer(api, id, exported, answer);
      const hotel = options.hotel ?? (kept.hotels.length === 1 ? kept.hotels[0] : undefined);
      if (source !== undefined && hotel === undefined) {
        throw new BadInputError(
          { zh: '文件已保存;该函件涉及多家酒店', en: 'the file is kept; the letter is about several hotels' },
          '--hotel',
          {
            zh: '写明这些记录属于哪家酒店,再运行一次:不会重复保存',
            en: 'name the hotel whose records these are, and run again: nothing is kept twice',
          },
        );
      }
      let batch: Batch | null = null;
      if (source !== undefined && hotel !== undefined) {
        const { category, timezone } = options;
        const origin = { source, hotel, category, timezone, providerRequest: id };
        batch = await uploadExport(api, exported, origin, tell, companion);
      }
      const digest = `sha256:${exported.sha256}`;
      console.result({ ...kept, kept: digest, batch, ...(batch === null ? {} : { notice: NEWER }) }, [
        standing(kept, say),
        `  ${say('原件已保存', 'kept whole')}: ${digest} (${exported.bytes} ${say('字节', 'bytes')})`,
        ...inEach(READING, languages),
        ...(batch === null
          ? []
          : [
              `  ${say('批次', 'batch')} ${batch.batchId}: ${say('接受', 'accepted')} ${batch.accepted} · ${say('重复', 'duplicates')} ${batch.duplicates} · ${say('拒收', 'rejected')} ${batch.rejectedLines}`,
              ...inEach(NEWER, languages),
            ]),
      ]);
    });
}

/** How what was kept is read (docs/formats/provider-answer.md). */
const READING = {
  zh: '保存的原件目前不能通过本产品读出:请保留本文件,以上述摘要核对;其中的记录用 --source 入库后另行申请调阅。',
  en: 'The product doesn’t give a kept answer out yet: keep this file, and compare it by this digest; bring its records in with --source and make a new request to read them.',
};

/** A7: what comes after the approvals is out of their scope. */
const NEWER = {
  rule: 'A7',
  zh: '这些记录在审批之后入库,不在本次调阅许可的范围内;如需查阅,须另行提交申请并审批。',
  en: 'These records came into custody after the approvals and are out of this grant’s scope: to read them, make a new request.',
};

const draftOptions = z.object({
  provider: z.string(),
  platform: z.enum(SOURCES, {
    error: `must be one of ${SOURCES.join(', ')} · 须为下列之一:${SOURCES.join(', ')}`,
  }),
  dueDays: z.coerce
    .number({ error: 'must be a number of days · 须为天数' })
    .int('must be whole days · 须为整天数')
    .min(1, 'at least one day · 至少一天')
    .max(
      LIMITS.providerDueDays,
      `at most ${LIMITS.providerDueDays} days · 最多 ${LIMITS.providerDueDays} 天`,
    ),
  address: z.string().optional(),
  replyTo: z.string().optional(),
  hotel: z.array(z.string()).optional(),
  category: z
    .array(
      z.enum(CATEGORIES, {
        error: `must be one of ${CATEGORIES.join(', ')} · 须为下列之一:${CATEGORIES.join(', ')}`,
      }),
    )
    .optional(),
});

const answerOptions = z.object({
  at: z.string().optional(),
  reference: z.string().optional(),
  source: z
    .enum(SOURCES, { error: `must be one of ${SOURCES.join(', ')} · 须为下列之一:${SOURCES.join(', ')}` })
    .optional(),
  hotel: z.string().optional(),
  category: z.string().optional(),
  timezone: z.string().optional(),
  map: z.string().optional(),
  media: z.string().optional(),
});

function given<Value>(name: string, value: Value | undefined): Record<string, Value> {
  return value === undefined ? {} : { [name]: value };
}

function route(id: string): string {
  return `/provider-requests/${encodeURIComponent(id)}`;
}

function standing(
  { providerRequestId, letterNumber, state, answerBy }: z.infer<typeof providerRequest>,
  say: Say,
): string {
  const by = answerBy === null ? '' : ` · ${say('期限', 'by')} ${answerBy}`;
  return `${say('调取函', 'provider request')} ${providerRequestId} (${letterNumber}): ${named(say, PROVIDER_STATE_LABELS, state)}${by}`;
}

/** Each language on a line of its own. */
function inEach({ zh, en }: { zh: string; en: string }, languages: Languages): string[] {
  return [...(languages === 'en' ? [] : [`  ${zh}`]), ...(languages === 'zh' ? [] : [`  ${en}`])];
}
