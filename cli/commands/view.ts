import type { Command } from 'commander';
import { z } from 'zod';
import { CATEGORY_LABELS, PLATFORM_LABELS, SPEAKER_LABELS } from '../../shared/domain/labels.ts';
import { visibleText } from '../../shared/domain/visible-text.ts';
import { aligned } from '../aligned.ts';
import { contextOf } from '../context.ts';
import { BadInputError } from '../failure.ts';
import { guestOf } from '../guest-option.ts';
import { inTermsOf, ofOptions } from '../in-terms-of.ts';
import { named, type Say } from '../language.ts';

const watermark = z.looseObject({ text: z.string() });
const shown = z.looseObject({
  viewId: z.string(),
  records: z.array(
    z.looseObject({
      at: z.string(),
      timeKnown: z.boolean(),
      platform: z.string(),
      category: z.string(),
      from: z.looseObject({ role: z.string(), name: z.string().nullable() }),
      text: z.string(),
      attachments: z.array(z.looseObject({ name: z.string().nullable() })),
      edited: z.boolean(),
      recalled: z.boolean(),
    }),
  ),
  more: z.boolean(),
  openUntil: z.string(),
  watermark,
});
const counted = z.looseObject({
  viewId: z.string(),
  counts: z.array(z.object({ day: z.string(), category: z.string(), records: z.number() })),
  watermark,
});

const answer = z.union([shown, counted]);
type Answer = z.infer<typeof answer>;

type Options = {
  guest?: string;
  ticket?: string;
  hotel?: string;
  shared?: string;
  system?: boolean;
  simulated?: boolean;
  counts?: string;
};

/** What may stand alone; a ticket may have a guest beside it. */
const KINDS = ['guest', 'ticket', 'system', 'simulated', 'shared', 'counts'] as const;

/** No `--out`: what a view shows is for the screen alone. */
export function registerView(program: Command): void {
  program
    .command('view')
    .description('日常查询:脱敏,仅限屏幕 a routine view: masked, on screen only')
    .option('--guest <kind:value>', '客人 guest, such as phone:+8613800138000')
    .option('--ticket <number>', '工单 ticket: the own (T15), or handed over to this shift (T1)')
    .option('--hotel <code>', '酒店代码,默认本人酒店 hotel code; the own where absent')
    .option('--system', '系统日志 system logs (T4)')
    .option('--simulated', '模拟会话 simulated conversations (T10)')
    .option('--shared <view>', '带教人已打开的查询 the mentor’s open view (T10)')
    .option('--counts <from..to>', '评价与异常工单数量 ratings and abnormal tickets by day (T2)')
    .action(async (options: Options, command: Command) => {
      const { console, say, api } = contextOf(command);
      const { path, body } = callOf(options);
      const signedIn = await api({
        role: 'front-desk',
        ...(options.hotel === undefined ? {} : { hotel: options.hotel }),
      });
      const result = await inTermsOf(
        ofOptions({
          ...{ 'guest.kind': '--guest', 'guest.value': '--guest', guest: '--guest' },
          ...{ view: '--shared', from: '--counts', to: '--counts' },
        }),
        signedIn.post(path, body, answer),
      );
      console.result(result, linesOf(result, say));
    });
}

function callOf(options: Options): { path: string; body: object } {
  const given = KINDS.filter((kind) => options[kind] !== undefined);
  const [kind] = given;
  const ofTicket = options.ticket !== undefined && given.every((one) => ['ticket', 'guest'].includes(one));
  if (kind === undefined || (given.length > 1 && !ofTicket)) {
    throw new BadInputError(
      { zh: '查询什么?', en: 'look at what?' },
      KINDS.map((one) => `--${one}`).join(' '),
      { zh: '选择其一', en: 'give one of them; --ticket may have --guest beside it' },
    );
  }
  const { hotel, ticket, shared, counts } = options;
  const guest = options.guest === undefined ? {} : { guest: guestOf(options.guest) };
  if (counts !== undefined) {
    return { path: '/views/aggregates', body: { hotel, ...daysOf(counts) } };
  }
  const path = '/views';
  if (shared !== undefined) return { path, body: { kind: 'shared', view: shared } };
  if (ticket !== undefined) return { path, body: { kind: 'ticket', hotel, ticket, ...guest } };
  return { path, body: { kind, hotel, ...guest } };
}

/** `FROM..TO`, or one day alone. */
function daysOf(counts: string): { from: string; to: string } {
  const [, from, to] = /^(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?$/.exec(counts) ?? [];
  if (from !== undefined) return { from, to: to ?? from };
  throw new BadInputError(
    { zh: '这不是日期或起止日期', en: 'this is neither a day nor a first and a last one' },
    '--counts',
    {
      zh: '写作 起日..止日,如 2026-05-01..2026-05-31;一天则只写该日',
      en: 'write FROM..TO, such as 2026-05-01..2026-05-31, or one day alone',
    },
  );
}

/** The watermark stands at the head and at the foot. */
function linesOf(result: Answer, say: Say): string[] {
  const { text } = result.watermark;
  const content = shown.safeParse(result);
  const lines = content.success ? recordLines(content.data, say) : countLines(counted.parse(result), say);
  return [text, '', ...lines, '', text];
}

function recordLines({ records, more, viewId, openUntil }: z.infer<typeof shown>, say: Say): string[] {
  if (records.length === 0) return [say('没有可查看的记录', 'nothing to be seen')];
  return [
    ...records.flatMap(({ at, timeKnown, platform, category, from, text, attachments, edited, recalled }) => [
      [
        timeKnown ? at : say('时间不详', 'time unknown'),
        named(say, PLATFORM_LABELS, platform),
        named(say, CATEGORY_LABELS, category),
        visibleText(from.name ?? named(say, SPEAKER_LABELS, from.role)),
        ...(edited ? [say('已编辑', 'edited')] : []),
        ...(recalled ? [say('已撤回', 'recalled')] : []),
      ].join('  '),
      `  ${visibleText(text)}`,
      ...attachments.map(
        ({ name }) => `  ${say('附件(不显示)', 'attachment, not shown')}: ${visibleText(name ?? '—')}`,
      ),
    ]),
    ...(more ? ['', say('仅显示最新部分', 'the newest only: there are more')] : []),
    ...[
      '',
      `${say('查询', 'view')} ${viewId} · ${say('新员工可查看至', 'open to the viewer’s trainee until')} ${openUntil}`,
    ],
  ];
}

function countLines({ counts }: z.infer<typeof counted>, say: Say): string[] {
  if (counts.length === 0) return [say('没有记录', 'none')];
  return aligned(
    [say('日期', 'day'), say('类别', 'category'), say('数量', 'records')],
    counts.map(({ day, category, records }) => [day, named(say, CATEGORY_LABELS, category), String(records)]),
  );
}
