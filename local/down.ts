import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { rootClients } from './aws-clients.ts';
import { discardEmbeddedAws, stopEmbeddedAws } from './embedded-aws.ts';
import { readJsonFile } from './json-file.ts';
import { underLock } from './lock.ts';
import { main } from './main.ts';
import { filesOf, outputsSchema } from './outputs.ts';
import { terminalProgress } from './progress.ts';
import { readSettings, type Settings } from './settings.ts';

await main('down', async () => {
  const settings = readSettings();
  const progress = terminalProgress();
  await underLock(settings.directory, async () => {
    if (process.argv.includes('--forget')) {
      await progress.step('停止并清除本地 AWS stopping the embedded AWS and removing all that it holds', () =>
        discardEmbeddedAws(settings),
      );
      progress.say('已清除 removed: state, key material, passwords and sessions; logs stay');
      return;
    }
    const waiting = await retrievalsUnderWay(settings);
    const result = await progress.step('停止本地 AWS stopping the embedded AWS', () =>
      stopEmbeddedAws(settings),
    );
    if (result === 'not-running') {
      progress.say('没有在运行 nothing was running');
      return;
    }
    progress.say('已停止 stopped; what it holds is kept for the next `npm run up`');
    if (waiting > 0) {
      progress.say(
        `  ${waiting} 个调阅未完成 retrievals were under way: the embedded AWS ends executions when it stops, so make these requests again`,
      );
    }
  });
});

/** The embedded AWS, unlike the real one, doesn't carry executions over a restart: whoever stops it should know. */
async function retrievalsUnderWay(settings: Settings): Promise<number> {
  const outputs = await readJsonFile(filesOf(settings).outputs, outputsSchema);
  if (outputs === null) return 0;
  const { states } = rootClients({ endpoint: outputs.endpointUrl, region: outputs.region });
  const running = await states
    .send(new ListExecutionsCommand({ stateMachineArn: outputs.stateMachineArn, statusFilter: 'RUNNING' }))
    .catch(() => null);
  return running?.executions?.length ?? 0;
}
