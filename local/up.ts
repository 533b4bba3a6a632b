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
  progress.say(`ready: ${outputs.apiUrl}`);
  progress.say(`  outputs ${files.outputs}`);
  progress.say(`  people  ${files.users}`);
  progress.say(`  keys    ${files.keys}`);
});
