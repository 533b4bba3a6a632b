import type { Command } from 'commander';
import { z } from 'zod';
import { lockDigest } from '../../shared/domain/step-up.ts';
import { minuteOf } from '../aligned.ts';
import { contextOf } from '../context.ts';

const person = z.looseObject({
  personId: z.string(),
  lock: z.looseObject({ sessionUntil: z.string().nullable(), account: z.boolean() }),
});
const unlocked = z.looseObject({ person: z.string(), username: z.string(), account: z.string() });

export function registerUnlock(program: Command): void {
  program
    .command('unlock')
    .description('解锁因误操作被锁定的账号 open an account that misoperations locked (R9)')
    .argument('<user>', '用户名或人员编号 username or person id')
    .requiredOption('--reason <reason>', '理由 reason')
    .action(async (user: string, { reason }: { reason: string }, command: Command) => {
      const { console, say, api: signIn } = contextOf(command);
      const api = await signIn();
      const { personId, lock } = await api.get(
        `/staff/people?user=${encodeURIComponent(user)}&to=unlock`,
        person,
      );
      const until =
        lock.sessionUntil === null
          ? ''
          : ` · ${say('会话至', 'session until')} ${minuteOf(lock.sessionUntil)}`;
      console.progress(
        `${user}: ${lock.account ? say('账号已锁定', 'the account is locked') : say('账号未锁定', 'the account is open')}${until}`,
      );
      const stepUp = await api.stepUp({
        action: 'unlock',
        subject: personId,
        digest: lockDigest({ personId, lock }),
        reason,
      });
      const result = await api.post('/accounts/unlock', { person: personId, reason, stepUp }, unlocked);
      console.result(result, [`${result.username}: ${say('账号已解锁', 'the account is open again')}`]);
    });
}
