import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { guestOf } from '../guest-option.ts';

export function registerIdentity(program: Command): void {
  const identity = program.command('identity').description('身份关联 which identifiers are one guest');

  identity
    .command('unlink')
    .description('解除错误的关联 take an identifier from a guest to whom it was linked wrongly')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .requiredOption(
      '--identifier <kind:value>',
      '标识 identifier, such as phone:+8613800138000; booking@ctrip:36912345 where several systems gave the number',
    )
    .requiredOption('--reference <number>', '工单编号 number of the ticket that says why')
    .action(
      async (
        { hotel, identifier, reference }: { hotel: string; identifier: string; reference: string },
        command: Command,
      ) => {
        const { console, say, api } = contextOf(command);
        const signedIn = await api({ role: 'privacy-officer', hotel });
        const result = await signedIn.post(
          '/identities/unlink',
          { hotel, identifier: guestOf(identifier, '--identifier'), reference },
          z.object({ unlinked: z.boolean() }),
        );
        console.result(result, [
          result.unlinked
            ? say('已解除,不再自动关联', 'taken apart for good')
            : say('没有可解除的关联', 'nothing is linked'),
        ]);
      },
    );
}
