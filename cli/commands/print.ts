import type { Command } from 'commander';
import { z } from 'zod';
import { PRINT_STATE_LABELS } from '../../shared/domain/labels.ts';
import { aligned, minuteOf } from '../aligned.ts';
import { contextOf } from '../context.ts';
import { BadInputError } from '../failure.ts';
import { named, type Say } from '../language.ts';

const shownPrint = z.looseObject({
  number: z.number(),
  seal: z.string(),
  state: z.string(),
  by: z.string(),
  at: z.string(),
  ended: z.looseObject({ by: z.string(), at: z.string() }).nullable(),
});
type ShownPrint = z.infer<typeof shownPrint>;

const HEAD = (say: Say) => [
  say('编号', 'no.'),
  say('防撕条', 'seal'),
  say('状态', 'state'),
  say('打印', 'printed'),
  say('由', 'by'),
  say('结束', 'ended'),
];
const row =
  (say: Say) =>
  ({ number, seal, state, at, by, ended }: ShownPrint): string[] => [
    String(number),
    seal,
    named(say, PRINT_STATE_LABELS, state),
    minuteOf(at),
    by,
    ended === null ? '—' : minuteOf(ended.at),
  ];

export function registerPrint(program: Command): void {
  const print = program.command('print').description('打印件 prints of an opened copy (R13)');

  print
    .command('add')
    .description('登记打印件与防撕条编号 put a print and the number of its seal on record')
    .argument('<id>')
    .requiredOption('--seal <seal>', '防撕条编号 number of the seal')
    .action(async (id: string, { seal }: { seal: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const added = await (await api()).post(`${pathOf(id)}`, { seal }, shownPrint);
      console.result(added, aligned(HEAD(say), [row(say)(added)]));
    });

  for (const [name, ending, description] of [
    ['return', 'returned', '登记收回 record that a print came back'],
    ['destroy', 'destroyed', '登记销毁 record that a print was destroyed'],
  ] as const) {
    print
      .command(name)
      .description(description)
      .argument('<id>')
      .argument('<number>')
      .requiredOption('--reason <reason>', '理由 reason')
      .action(async (id: string, number: string, { reason }: { reason: string }, command: Command) => {
        const { console, say, api } = contextOf(command);
        const body = { number: numberOf(number), ending, reason };
        const ended = await (await api()).post(`${pathOf(id)}/end`, body, shownPrint);
        console.result(ended, aligned(HEAD(say), [row(say)(ended)]));
      });
  }

  print
    .command('list')
    .description('列出打印件 the prints of a request')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const listed = await (await api()).get(
        pathOf(id),
        z.looseObject({ out: z.number(), prints: z.array(shownPrint) }),
      );
      console.result(listed, [
        `${say('在外', 'out')}: ${listed.out}`,
        ...(listed.prints.length === 0
          ? [say('没有打印件', 'no prints')]
          : aligned(HEAD(say), listed.prints.map(row(say)))),
      ]);
    });
}

function pathOf(id: string): string {
  return `/requests/${encodeURIComponent(id)}/prints`;
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) {
    throw new BadInputError({ zh: '不是打印件编号', en: 'not a print’s number' }, 'number', {
      zh: '写 `print list` 所列的编号',
      en: 'give the number that `print list` shows',
    });
  }
  return Number(text);
}
