import { bringUp } from './bring-up.ts';
import { main } from './main.ts';
import { filesOf } from './outputs.ts';
import { terminalProgress } from './progress.ts';
import { readSettings } from './settings.ts';

await main('up', async () => {
  const settings = readSettings();
  const progress = terminalProgress();
  const outputs = await bringUp(settings, progress, { fresh: process.argv.includes('--fresh') });
  const files = filesOf(settings);
  progress.say(`就绪 ready: ${outputs.apiUrl}`);
  progress.say(`  输出 outputs ${files.outputs}`);
  progress.say(`  人员 people  ${files.users}`);
  progress.say(`  公钥 keys    ${files.keys}`);
});
