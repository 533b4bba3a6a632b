import type { Command } from 'commander';
import { z } from 'zod';
import { PLATFORM_LABELS, REQUEST_STATE_LABELS, SPEAKER_LABELS } from '../../shared/domain/labels.ts';
import { visibleText } from '../../shared/domain/visible-text.ts';
import { contextOf } from '../context.ts';
import { inTermsOf, ofOptions } from '../in-terms-of.ts';
import { named, type Say } from '../language.ts';
import { show } from './request.ts';

const viewed = z.looseObject({
  requestId: z.string(),
  viewId: z.string(),
  views: z.number(),
  records: z.array(
    z.looseObject({
      at: z.string(),
      timeKnown: z.boolean(),
      platform: z.string(),
      from: z.looseObject({ role: z.string(), name: z.string().nullable() }),
      text: z.string(),
    }),
  ),
  more: z.boolean(),
  atMost: z.number(),
  windowEnds: z.string(),
  watermark: z.looseObject({ text: z.string() }),
});
const formed = z.looseObject({
  requestId: z.string(),
  state: z.string(),
  followedUp: z.boolean(),
  deadline: z.string().nullable(),
});

/** No `--out`, no package, no link: what break-glass shows is for the starter's screen alone (L5). */
export function registerEmergency(program: Command): void {
  const emergency = program.command('emergency').description('紧急调阅 break-glass (L5)');

  emergency
    .command('view')
    .description(
      '在屏幕上查看脱敏记录,每次由本人设备签署 see the masked records on screen: the own device signs each look',
    )
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, say, api: signIn } = contextOf(command);
      const api = await signIn();
      const { requestDigest } = await show(api, id);
      const stepUp = await api.stepUp({
        action: 'view-emergency',
        subject: id,
        digest: requestDigest ?? '',
        reason: null,
      });
      const path = `/emergencies/${encodeURIComponent(id)}/view`;
      const result = await api.post(path, { stepUp }, viewed);
      console.result(result, viewLines(result, say));
    });

  emergency
    .command('form')
    .description('补交纸质表单编号 bring the paper form’s number')
    .argument('<id>')
    .requiredOption('--number <number>', '纸质表单编号 the number of the paper form')
    .action(async (id: string, { number }: { number: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const path = `/emergencies/${encodeURIComponent(id)}/form`;
      const result = await inTermsOf(
        ofOptions({ number: '--number' }),
        (await api()).post(path, { number }, formed),
      );
      console.result(result, [
        `${say('紧急调阅', 'break-glass')} ${result.requestId}: ${named(say, REQUEST_STATE_LABELS, result.state)}`,
        result.followedUp
          ? `  ${say('补充审批与表单已齐', 'the further approvals and the form are there')}`
          : `  ${say('补充审批须于此前完成', 'the further approvals are due by')} ${result.deadline ?? '—'}`,
      ]);
    });
}

/** The watermark stands at the head and at the foot. */
function viewLines(
  { records, more, atMost, windowEnds, watermark }: z.infer<typeof viewed>,
  say: Say,
): string[] {
  const none = records.length === 0 ? [say('没有可查看的记录', 'nothing to be seen')] : [];
  return [
    watermark.text,
    '',
    ...none,
    ...records.flatMap(({ at, timeKnown, platform, from, text }) => [
      [
        timeKnown ? at : say('时间不详', 'time unknown'),
        named(say, PLATFORM_LABELS, platform),
        named(say, SPEAKER_LABELS, from.role),
        from.name ?? '',
      ].join(' · '),
      `  ${visibleText(text)}`,
    ]),
    ...(more ? [say(`仅显示最新 ${atMost} 条`, `only the newest ${atMost} are shown`)] : []),
    `${say('可查看至', 'may be seen until')} ${windowEnds}`,
    '',
    watermark.text,
  ];
}
