import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { BadInputError, FailedError, RefusedError } from '../failure.ts';
import { poll } from '../poll.ts';
import { show } from './request.ts';

const opening = z.union([
  z.object({ url: z.string(), expiresAt: z.string(), opensLeft: z.number(), openingId: z.string() }),
  z.object({ state: z.literal('preparing'), openingId: z.string() }),
]);

export function registerOpen(program: Command): void {
  program
    .command('open')
    .description('打开调阅许可 open a grant: one counted link of at most five minutes')
    .argument('<id>')
    .option('--out <file>', '存为文件 save the package here')
    .option('--force', '覆盖已有文件 overwrite the file where it is there already', false)
    .option('--key <key>', '幂等键 idempotency key: the same key is the same opening')
    .action(async (id: string, options: { out?: string; key?: string; force: boolean }, command: Command) => {
      const { console, say, api: signIn } = contextOf(command);
      // Looked at first: an opening is counted whether its package could be saved or not.
      if (options.out !== undefined) await mustBeWritable(options.out, options.force);
      const api = await signIn();
      const key = options.key ?? randomUUID();
      // Provisioning follows the last approval within seconds; an opening asked for meanwhile waits for it.
      const { requestDigest } = await poll(
        () => show(api, id),
        ({ state }) => state !== 'provisioning',
        { minutes: 10, what: { zh: `${id} 的准备`, en: `provisioning of ${id}` } },
      );
      const stepUp = await api.stepUp({
        action: 'open',
        subject: id,
        digest: requestDigest ?? '',
        reason: null,
      });
      let told = false;
      const tellKey = () => {
        if (told) return;
        told = true;
        console.progress(
          `${say('幂等键', 'idempotency key')} ${key}: --key ${say('可重取本次打开', 'fetches this opening again')}`,
        );
      };
      const opened = await poll(
        () =>
          api
            .post(`/requests/${encodeURIComponent(id)}/openings`, { key, stepUp }, opening)
            .then((answer) => {
              tellKey();
              return answer;
            })
            .catch((error: unknown) => {
              // Of what was refused there is nothing to fetch; what broke off may have been counted.
              if (!(error instanceof RefusedError || error instanceof BadInputError)) tellKey();
              throw error;
            }),
        (answer) => 'url' in answer,
        {
          minutes: 15,
          what: {
            zh: `${id} 的副本(幂等键 ${key})`,
            en: `the copy of ${id} (idempotency key ${key})`,
          },
        },
      );
      if (!('url' in opened))
        throw new FailedError({
          zh: `${id} 的副本仍在准备中:请以 --key ${key} 重试`,
          en: `the copy of ${id} is still being prepared: use --key ${key} again`,
        });
      if (options.out !== undefined) await download(opened.url, options.out);
      console.result(opened, [
        `${say('打开', 'opening')} ${opened.openingId}`,
        ...(options.out === undefined
          ? [`  ${say('链接', 'link')} ${opened.url}`]
          : [`  ${say('已存', 'saved')} ${options.out}`]),
        `  ${say('有效至', 'valid until')} ${opened.expiresAt} · ${say('剩余次数', 'openings left')} ${opened.opensLeft}`,
      ]);
    });
}

async function mustBeWritable(file: string, force: boolean): Promise<void> {
  const there = await stat(file).catch(() => null);
  if (there?.isDirectory()) {
    throw new BadInputError({ zh: '这是文件夹,不是文件', en: 'this is a folder' }, file, {
      zh: '写明文件名',
      en: 'name a file in it, such as package.zip',
    });
  }
  if (there !== null && !force) {
    throw new BadInputError(
      { zh: '文件已存在,未打开、未计次', en: 'the file is there already; nothing was opened or counted' },
      file,
      { zh: '换一个文件名,或加 --force 覆盖', en: 'name another file, or overwrite it with --force' },
    );
  }
  try {
    await access(dirname(resolve(file)), constants.W_OK);
    if (there !== null) await access(file, constants.W_OK);
  } catch (error) {
    throw cannotBeWritten(file, error);
  }
}

function cannotBeWritten(file: string, cause: unknown): BadInputError {
  return new BadInputError(
    { zh: '文件无法写入', en: 'the file can’t be written' },
    file,
    { zh: '检查文件夹与权限', en: 'check its folder and rights' },
    { cause },
  );
}

/** The file is there whole or not at all. */
async function download(url: string, file: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new FailedError({
      zh: `链接答复 ${response.status}:可能已失效,请重新打开`,
      en: `the link answered ${response.status}: it may have expired; open again`,
    });
  }
  const unfinished = `${file}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw cannotBeWritten(file, error);
  }
}
