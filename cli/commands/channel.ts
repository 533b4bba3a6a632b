import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { BadInputError } from '../failure.ts';

const channel = z.looseObject({
  channel: z.string(),
  account: z.string(),
  hotel: z.string(),
  path: z.string(),
  versions: z.array(z.looseObject({ version: z.number(), addedAt: z.string() })),
});
const secretsSchema = z.record(z.string(), z.string());

export function registerChannel(program: Command): void {
  const channels = program.command('channel').description('推送渠道 channels by which platforms push');

  channels
    .command('add <channel> <account>')
    .description(
      '新增渠道；密钥以 JSON 从标准输入或文件读取 add one; its secrets, as JSON, from standard input or a file',
    )
    .requiredOption('--hotel <code>', '酒店 hotel')
    .option('--category <category>', '类别 category of its messages')
    .option('--timezone <zone>', '时区 zone of times that have none')
    .option('--secrets <file>', '密钥文件 file with its secrets; standard input where absent')
    .action(
      async (
        name: string,
        account: string,
        options: { hotel: string; category?: string; timezone?: string; secrets?: string },
        command: Command,
      ) => {
        const { console, say, api } = contextOf(command);
        const { hotel, category, timezone } = options;
        const secrets = await readSecrets(options.secrets);
        const added = await (await api({ role: 'it-ops', hotel })).post(
          '/channels',
          { channel: name, account, hotel, category, timezone, secrets },
          channel,
        );
        console.result(added, [`${say('已新增', 'added')}: POST ${added.path}`]);
      },
    );

  channels
    .command('list')
    .description('渠道列表 list')
    .action(async (_options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'it-ops' })).get(
        '/channels',
        z.looseObject({ channels: z.array(channel) }),
      );
      console.result(
        result,
        result.channels.map(
          ({ path, hotel, versions }) =>
            `${hotel} ${path} ${say('密钥版本', 'versions')} ${versions.map(({ version }) => version).join(', ')}`,
        ),
      );
    });

  channels
    .command('rotate <channel> <account>')
    .description('换密钥;新旧并用直至 --finish · new secrets beside the present ones, until --finish')
    .option('--secrets <file>', '密钥文件 file with the new secrets; standard input where absent')
    .option('--finish', '停用旧密钥 the older ones go', false)
    .action(
      async (
        name: string,
        account: string,
        { secrets, finish }: { secrets?: string; finish: boolean },
        command: Command,
      ) => {
        const { console, say, api } = contextOf(command);
        const change = finish ? { finish } : { secrets: await readSecrets(secrets) };
        const rotated = await (await api({ role: 'it-ops' })).post(
          '/channels/rotate',
          { channel: name, account, ...change },
          channel,
        );
        console.result(rotated, [
          `${say('密钥版本', 'versions')} ${rotated.versions.map(({ version }) => version).join(', ')}`,
        ]);
      },
    );

  channels
    .command('remove <channel> <account>')
    .description('移除渠道 remove')
    .action(async (name: string, account: string, _options: unknown, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'it-ops' })).post(
        '/channels/remove',
        { channel: name, account },
        z.looseObject({ state: z.string() }),
      );
      console.result(result, [say('已移除', 'removed')]);
    });

  channels
    .command('read-again')
    .description('重读未能读取的推送 have pushes that could not be read tried again')
    .requiredOption('--hotel <code>', '酒店 hotel')
    .action(async ({ hotel }: { hotel: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'it-ops', hotel })).post(
        '/channels/read-again',
        { hotel },
        z.looseObject({ state: z.string() }),
      );
      console.result(result, [`${hotel}: ${say('已开始', 'started')}`]);
    });

  program
    .command('merge')
    .description('合并小块 merging of small blocks')
    .command('run')
    .description('立即合并某酒店 merge a hotel’s now')
    .requiredOption('--hotel <code>', '酒店 hotel')
    .action(async ({ hotel }: { hotel: string }, command: Command) => {
      const { console, say, api } = contextOf(command);
      const result = await (await api({ role: 'it-ops', hotel })).post(
        '/merges',
        { hotel },
        z.looseObject({ state: z.string() }),
      );
      console.result(result, [`${hotel}: ${say('已开始', 'started')}`]);
    });
}

const ONE_OBJECT = { zh: '给出一个 JSON 对象,值为文字', en: 'give one JSON object of texts' };

/** Never from an argument, which other users of the machine can see. */
async function readSecrets(file: string | undefined): Promise<Record<string, string>> {
  const where = file ?? 'stdin';
  let content: string;
  try {
    content = file === undefined ? await text(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new BadInputError(
      { zh: '密钥无法读取', en: 'the secrets can’t be read' },
      where,
      { zh: '检查路径与权限', en: 'check the path and its rights' },
      { cause },
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    // The parser's own message would repeat a part of them.
    throw new BadInputError({ zh: '密钥不是 JSON', en: 'the secrets are not JSON' }, where, ONE_OBJECT);
  }
  const secrets = secretsSchema.safeParse(json);
  if (!secrets.success) {
    throw new BadInputError(
      { zh: '密钥须按名称写成文字', en: 'the secrets are not texts by name' },
      where,
      ONE_OBJECT,
    );
  }
  return secrets.data;
}
