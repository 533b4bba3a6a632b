import type { Command } from 'commander';
import { z } from 'zod';
import { HOLD_STATE_LABELS, SUBJECT_LABELS } from '../../shared/domain/labels.ts';
import { holdDigest } from '../../shared/domain/step-up.ts';
import { aligned, minuteOf } from '../aligned.ts';
import type { Api } from '../api.ts';
import { contextOf } from '../context.ts';
import { guestOf } from '../guest-option.ts';
import { inTermsOf, ofOptions } from '../in-terms-of.ts';
import { named, type Say } from '../language.ts';

const held = z.looseObject({ holdId: z.string() });
const by = z.looseObject({ by: z.string(), at: z.string() });
const listed = held.extend({
  matter: z.string(),
  hotel: z.string(),
  subjectKind: z.string(),
  guests: z.number(),
  state: z.string(),
  placed: by,
  released: by.nullable(),
});

const LIST_HEAD = (say: Say) => [
  say('保留', 'hold'),
  say('状态', 'state'),
  say('案号', 'matter'),
  say('酒店', 'hotel'),
  say('对象', 'subject'),
  say('客人', 'guests'),
  say('设置', 'placed'),
  say('设置人', 'by'),
  say('解除', 'released'),
];

const listing = z.object({ holds: z.array(listed) });

/** Releases a hold, signed by the own device: over the hold as it is listed. One that isn't listed is for the API to refuse. */
export async function releaseHold(api: Api, id: string, reason: string): Promise<z.infer<typeof held>> {
  const { holds } = await api.get('/holds', listing);
  const hold = holds.find(({ holdId }) => holdId === id);
  const stepUp =
    hold === undefined
      ? undefined
      : await api.stepUp({ action: 'release', subject: id, digest: holdDigest(hold), reason });
  const body = { reason, ...(stepUp === undefined ? {} : { stepUp }) };
  return api.post(`/holds/${encodeURIComponent(id)}/release`, body, held);
}

export function registerHold(program: Command): void {
  const hold = program.command('hold').description('诉讼保留 legal holds');

  hold
    .command('place')
    .description('设置保留 stop the deletion of a guest’s records for a matter')
    .requiredOption('--matter <matter>', '案号 matter')
    .requiredOption('--guest <kind:value>', '客人 guest, such as phone:+8613800138000')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .action(async (options: { matter: string; guest: string; hotel: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const subject = guestOf(options.guest);
      const signedIn = await api({ role: 'legal' });
      const result = await inTermsOf(
        ofOptions({ 'subject.kind': '--guest', 'subject.value': '--guest' }),
        signedIn.post('/holds', { matter: options.matter, hotel: options.hotel, subject }, held),
      );
      console.result(result, [`${say('保留', 'hold')} ${result.holdId}`]);
    });

  hold
    .command('release')
    .description('解除保留 release a hold')
    .argument('<id>')
    .requiredOption('--reason <reason>', '理由 reason')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await releaseHold(await api({ role: 'legal' }), id, reason);
      console.result(result, [`${say('已解除', 'released')} ${result.holdId}`]);
    });

  hold
    .command('list')
    .description('列出保留 list holds')
    .action(async (_options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'legal' })).get('/holds', listing);
      console.result(
        result,
        result.holds.length === 0
          ? [say('没有保留', 'no holds')]
          : aligned(
              LIST_HEAD(say),
              result.holds.map(({ holdId, state, matter, hotel, subjectKind, guests, placed, released }) => [
                holdId,
                named(say, HOLD_STATE_LABELS, state),
                matter,
                hotel,
                named(say, SUBJECT_LABELS, subjectKind),
                String(guests),
                minuteOf(placed.at),
                placed.by,
                minuteOf(released?.at ?? null),
              ]),
            ),
      );
    });
}
