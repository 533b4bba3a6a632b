import { stopEmbeddedAws } from './embedded-aws.ts';
import { underLock } from './lock.ts';
import { main } from './main.ts';
import { terminalProgress } from './progress.ts';
import { readSettings } from './settings.ts';

await main('down', async () => {
  const settings = readSettings();
  const progress = terminalProgress();
  await underLock(settings.directory, async () => {
    const result = await progress.step('停止本地 AWS stopping the embedded AWS', () =>
      stopEmbeddedAws(settings),
    );
    if (result === 'not-running') progress.say('没有在运行 nothing was running');
    else progress.say('已停止 stopped; what it holds is kept for the next `npm run up`');
  });
});
