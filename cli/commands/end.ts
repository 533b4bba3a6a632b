import type { Command } from 'commander';
import { z } from 'zod';
import { REQUEST_STATE_LABELS } from '../../shared/domain/labels.ts';
import { contextOf } from '../context.ts';
import { named } from '../language.ts';

const ended = z.object({ state: z.string() });

export function registerEnd(program: Command): void {
  program
    .command('close')
    .description('结束调阅 close a grant that is no longer needed')
    .argument('<id>')
    .action(async (id: string, _options: unknown, command: Command) => {
      await end(command, id, 'close', {});
    });

  program
    .command('revoke')
    .description('撤销许可 revoke a grant at once')
    .argument('<id>')
    .requiredOption('--reason <reason>', '理由 reason')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      await end(command, id, 'revoke', { reason });
    });
}

async function end(command: Command, id: string, ending: 'close' | 'revoke', body: object): Promise<void> {
  const { console, say, api } = contextOf(command);
  const result = await (await api()).post(`/requests/${encodeURIComponent(id)}/${ending}`, body, ended);
  console.result(result, [
    `${say('申请', 'request')} ${id}: ${named(say, REQUEST_STATE_LABELS, result.state)}`,
  ]);
}
