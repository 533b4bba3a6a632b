import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { LIMITS } from '../../shared/domain/limits.ts';
import { CATEGORIES, SOURCES } from '../../shared/domain/record.ts';
import { contextOf } from '../context.ts';
import { BadInputError, FailedError } from '../failure.ts';
import { poll } from '../poll.ts';

const begun = z.object({
  batchId: z.string(),
  partBytes: z.number(),
  parts: z.array(z.object({ number: z.number(), url: z.string() })),
});
const batch = z.object({
  batchId: z.string(),
  state: z.string(),
  accepted: z.number(),
  duplicates: z.number(),
  rejected: z.array(z.object({ line: z.number(), reason: z.string() })),
  conversations: z.number(),
  guests: z.number(),
});

const options = z.object({
  source: z.enum(SOURCES, { error: `must be one of ${SOURCES.join(', ')}` }),
  hotel: z.string(),
  category: z.enum(CATEGORIES, { error: `must be one of ${CATEGORIES.join(', ')}` }).optional(),
  timezone: z.string().optional(),
});

export function registerIngest(program: Command): void {
  program
    .command('ingest')
    .description('导入平台导出的记录 bring an export into custody')
    .argument('<file>')
    .requiredOption('--source <source>', '来源平台 source platform')
    .requiredOption('--hotel <code>', '酒店代码 hotel code')
    .option('--category <category>', '记录类别 record category where the source has none')
    .option('--timezone <zone>', '无时区时间的时区 zone of times without one')
    .action(async (file: string, raw: unknown, command: Command) => {
      const parsed = options.safeParse(raw);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new BadInputError(
          issue?.message ?? 'bad option',
          `--${issue?.path.join('.') ?? ''}`,
          'correct the option',
        );
      }
      const { source, hotel, category, timezone } = parsed.data;
      const { console, api: signIn } = contextOf(command);
      const { bytes, sha256 } = await measured(file);
      const api = await signIn({ role: 'it-ops', hotel });
      const { batchId, parts, partBytes } = await api.post(
        '/batches',
        {
          source,
          hotel,
          category,
          timezone,
          bytes,
          sha256,
          parts: Math.max(1, Math.ceil(bytes / LIMITS.uploadPartBytes)),
        },
        begun,
      );
      const etags = await upload(file, parts, partBytes, (done) =>
        console.progress(`上传 uploaded ${done} / ${parts.length}`),
      );
      await api.post(`/batches/${batchId}/complete`, { parts: etags }, z.object({}));
      console.progress(`批次 batch ${batchId}: 处理中 in custody soon…`);
      const result = await poll(
        () => api.get(`/batches/${batchId}`, batch),
        ({ state }) => state === 'committed' || state === 'failed',
        { minutes: 60, what: `batch ${batchId}` },
      );
      if (result.state === 'failed') throw new FailedError(`batch ${batchId} failed: nothing of it was kept`);
      console.result(result, [
        `批次 batch ${batchId}`,
        `  接受 accepted ${result.accepted} · 重复 duplicates ${result.duplicates} · 拒收 rejected ${result.rejected.length}`,
        `  会话 conversations ${result.conversations} · 客人 guests ${result.guests}`,
        ...result.rejected.slice(0, 20).map(({ line, reason }) => `  行 line ${line}: ${reason}`),
      ]);
    });
}

async function measured(file: string): Promise<{ bytes: number; sha256: string }> {
  try {
    const { size } = await stat(file);
    if (size === 0) throw new BadInputError('the file is empty', file, 'export it again');
    if (size > LIMITS.uploadBytes) {
      throw new BadInputError(`the file is larger than ${LIMITS.uploadBytes} bytes`, file, 'split it');
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    return { bytes: size, sha256: hash.digest('hex') };
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    throw new BadInputError('the file can’t be read', file, 'check its path and rights', { cause: error });
  }
}

async function upload(
  file: string,
  parts: { number: number; url: string }[],
  partBytes: number,
  uploaded: (done: number) => void,
): Promise<{ number: number; etag: string }[]> {
  const handle = await open(file, 'r');
  try {
    const etags: { number: number; etag: string }[] = [];
    for (const { number, url } of parts) {
      const buffer = Buffer.alloc(partBytes);
      const { bytesRead } = await handle.read(buffer, 0, partBytes, (number - 1) * partBytes);
      const response = await fetch(url, { method: 'PUT', body: buffer.subarray(0, bytesRead) });
      const etag = response.headers.get('etag');
      if (!response.ok || etag === null) {
        throw new FailedError(`part ${number} was not taken (${response.status}): run the command again`);
      }
      etags.push({ number, etag });
      uploaded(etags.length);
    }
    return etags;
  } finally {
    await handle.close();
  }
}
