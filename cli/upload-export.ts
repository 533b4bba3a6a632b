import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { LIMITS } from '../shared/domain/limits.ts';
import type { Api } from './api.ts';
import { BadInputError, FailedError } from './failure.ts';
import { poll } from './poll.ts';

const begun = z.object({
  batchId: z.string(),
  partBytes: z.number(),
  parts: z.array(z.object({ number: z.number(), url: z.string() })),
});
/** What became of a batch (CONTRACT `ingest`). */
const batch = z.object({
  batchId: z.string(),
  state: z.string(),
  accepted: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  rejected: z.array(z.object({ line: z.number(), reason: z.string() })),
  /** All rejected lines; `rejected` lists the first of them. */
  rejectedLines: z.number(),
  conversations: z.number(),
  guests: z.number(),
});

export type Batch = z.infer<typeof batch>;

export type Origin = {
  source: string;
  hotel: string;
  category?: string | undefined;
  timezone?: string | undefined;
};

/**
 * Uploads an export to the inbox in parts and waits until the deployed functions have taken it into custody. Nothing is
 * encrypted or read here. Throws FailedError where the batch failed.
 */
export async function uploadExport(
  api: Api,
  { file, bytes, sha256 }: ExportFile,
  origin: Origin,
  progress: (text: string) => void,
): Promise<Batch> {
  const { batchId, parts, partBytes } = await api.post(
    '/batches',
    { ...origin, bytes, sha256, parts: Math.max(1, Math.ceil(bytes / LIMITS.uploadPartBytes)) },
    begun,
  );
  const etags = await upload(file, parts, partBytes, (done) =>
    progress(`上传 uploaded ${done} / ${parts.length}`),
  );
  await api.post(`/batches/${batchId}/complete`, { parts: etags }, z.object({}));
  progress(`批次 batch ${batchId}: 处理中 on its way into custody…`);
  const result = await poll(
    () => api.get(`/batches/${batchId}`, batch),
    ({ state }) => state === 'committed' || state === 'failed',
    { minutes: 60, what: `batch ${batchId}` },
  );
  if (result.state === 'failed') throw new FailedError(`batch ${batchId} failed: nothing of it was kept`);
  return result;
}

/** An export as it lies on disk. */
export type ExportFile = { file: string; bytes: number; sha256: string };

/** Size and digest of an export. Throws BadInputError for one that is unreadable, empty or too large. */
export async function measureExport(file: string): Promise<ExportFile> {
  try {
    const { size } = await stat(file);
    if (size === 0) throw new BadInputError('the file is empty', file, 'export it again');
    if (size > LIMITS.uploadBytes) {
      throw new BadInputError(`the file is larger than ${LIMITS.uploadBytes} bytes`, file, 'split it');
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    return { file, bytes: size, sha256: hash.digest('hex') };
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    throw new BadInputError('the file can’t be read', file, 'check its path and rights', { cause: error });
  }
}

/** S3 answers a link that has expired with `AccessDenied`, one whose signer's session has ended with `ExpiredToken`. */
const ENDED = ['AccessDenied', 'ExpiredToken'];

async function whyNot(answer: Response): Promise<string> {
  const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? '';
  return ENDED.includes(code) ? 'the links of this upload have ended' : `${answer.status} ${code}`.trim();
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
        throw new FailedError(
          `part ${number} was not taken (${await whyNot(response)}): run the command again, nothing is taken twice`,
        );
      }
      etags.push({ number, etag });
      uploaded(etags.length);
    }
    return etags;
  } finally {
    await handle.close();
  }
}
