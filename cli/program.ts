import { Command, Option } from 'commander';
import type { Languages } from '../shared/domain/words.ts';
import { registerBatch } from './commands/batch.ts';
import { registerCase } from './commands/case.ts';
import { registerChannel } from './commands/channel.ts';
import { registerConsent } from './commands/consent.ts';
import { registerDecide } from './commands/decide.ts';
import { registerDevice } from './commands/device.ts';
import { registerEmergency } from './commands/emergency.ts';
import { registerEnd } from './commands/end.ts';
import { registerHold } from './commands/hold.ts';
import { registerIdentity } from './commands/identity.ts';
import { registerIngest } from './commands/ingest.ts';
import { registerOpen } from './commands/open.ts';
import { registerPrint } from './commands/print.ts';
import { registerProviderRequest } from './commands/provider-request.ts';
import { registerQuarantine } from './commands/quarantine.ts';
import { registerRequest } from './commands/request.ts';
import { registerRetention } from './commands/retention.ts';
import { registerRules } from './commands/rules.ts';
import { registerStaff } from './commands/staff.ts';
import { registerUnlock } from './commands/unlock.ts';
import { registerVerify } from './commands/verify.ts';
import { registerView } from './commands/view.ts';
import { badInputLines } from './console.ts';
import { helpIn } from './help-in.ts';
import { usageFault } from './usage-fault.ts';

/** The whole command line; `languages` are known before the rest of it is read. */
export function dualkeyProgram(languages: () => Languages): Command {
  const program = new Command('dualkey')
    .description('双钥 Dualkey: 依法、双人审批、限时调阅客服记录 lawful retrieval of guests’ records')
    .option('--json', '以 JSON 输出 one JSON document on standard output')
    .option('--as <user>', '以此用户登录 sign in as this user')
    .option('--lang <zh|en>', '语言 language; otherwise LANG, otherwise both')
    .configureHelp(helpIn(languages))
    .configureOutput({
      outputError: (said, write) =>
        write(`${badInputLines(usageFault(said).toldIn(languages()), languages()).join('\n')}\n`),
    })
    .helpOption('-h, --help', '用法 how a command is used')
    .helpCommand('help [command]', '某命令的用法 how that command is used')
    .exitOverride();

  registerIngest(program);
  registerBatch(program);
  registerQuarantine(program);
  registerRequest(program);
  registerDecide(program);
  registerOpen(program);
  registerEnd(program);
  registerEmergency(program);
  registerDevice(program);
  registerVerify(program);
  registerView(program);
  registerHold(program);
  registerCase(program);
  registerConsent(program);
  registerIdentity(program);
  registerProviderRequest(program);
  registerRetention(program);
  registerRules(program);
  registerStaff(program);
  registerUnlock(program);
  registerPrint(program);
  registerChannel(program);

  for (const command of everyCommand(program)) {
    // Options of the whole program are understood after the command's name too, as people type them.
    command.exitOverride().showHelpAfterError();
    if (command === program) continue;
    for (const flags of ['--json', '--as <user>', '--lang <zh|en>']) {
      command.addOption(new Option(flags).hideHelp());
    }
  }
  return program;
}

/** A command with all that stand under it. */
export function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
