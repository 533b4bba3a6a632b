import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { batchCompletenessSchema } from '../shared/domain/batch.ts';
import { LIMITS } from '../shared/domain/limits.ts';
import type { Words } from '../shared/domain/words.ts';
import type { Api } from './api.ts';
import type { Companion } from './companion-file.ts';
import { BadInputError, FailedError } from './failure.ts';
import { poll } from './poll.ts';

const links = z.array(z.object({ number: z.number(), url: z.string() }));
const begun = z.object({
  batchId: z.string(),
  partBytes: z.number(),
  parts: links,
  companion: z.object({ parts: links }).optional(),
});
/** What became of a batch, as `dualkey ingest` says it. */
export const batchSchema = z.object({
  batchId: z.string(),
  state: z.string(),
  hotel: z.string(),
  source: z.string(),
  category: z.string(),
  accepted: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  rejected: z.array(z.object({ line: z.number(), reason: z.string() })),
  /** All rejected lines; `rejected` lists the first of them. */
  rejectedLines: z.number(),
  conversations: z.number(),
  guests: z.number(),
  completeness: batchCompletenessSchema,
  /** Digest of what the batch committed to. */
  commitment: z.string().nullable(),
  quarantined: z.number(),
  failure: z.string().nullable(),
  /** SHA-256 of what arrived; null until it was read. */
  digest: z.string().nullable(),
  blocks: z.number(),
  bytes: z.number(),
  /** Who brought it: a person or a function. */
  by: z.string(),
  createdAt: z.string(),
  receivedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Digest of what `--map` said. */
  profile: z.string().nullable(),
  timezone: z.string().nullable(),
  rerunOf: z.string().nullable(),
  providerRequest: z.string().optional(),
});

export type Batch = z.infer<typeof batchSchema>;

export type Origin = {
  source: string;
  hotel: string;
  category?: string | undefined;
  timezone?: string | undefined;
  /** The provider request whose answer it is. */
  providerRequest?: string;
};

const tooLarge: Words = {
  zh: `文件大于 ${LIMITS.uploadBytes} 字节`,
  en: `the export is larger than ${LIMITS.uploadBytes} bytes`,
};

/**
 * Uploads an export, and what goes beside it, to the inbox in parts and waits until the deployed functions have taken it
 * into custody. Nothing is encrypted or read here. Throws FailedError where the batch failed.
 */
export async function uploadExport(
  api: Api,
  { bytes, sha256, read }: ExportFile,
  origin: Origin,
  progress: (text: Words) => void,
  companion: Companion | null = null,
): Promise<Batch> {
  const partsOf = (size: number) => Math.max(1, Math.ceil(size / LIMITS.uploadPartBytes));
  const beside =
    companion === null
      ? {}
      : {
          companion: { bytes: companion.bytes, sha256: companion.sha256, parts: partsOf(companion.bytes) },
        };
  const opened = await api.post(
    '/batches',
    { ...origin, bytes, sha256, parts: partsOf(bytes), ...beside },
    begun,
  );
  const { batchId, partBytes } = opened;
  const besideParts = opened.companion?.parts ?? [];
  const all = opened.parts.length + besideParts.length;
  let put = 0;
  const uploaded = () => {
    put += 1;
    progress({ zh: `上传 ${put} / ${all}`, en: `uploaded ${put} / ${all}` });
  };
  const parts = await upload(read, opened.parts, partBytes, uploaded);
  const companionParts =
    companion === null ? null : await upload(companion.read, besideParts, partBytes, uploaded);
  const completion = companionParts === null ? { parts } : { parts, companion: { parts: companionParts } };
  await api.post(`/batches/${batchId}/complete`, completion, z.object({}));
  progress({ zh: `批次 ${batchId}: 处理中…`, en: `batch ${batchId}: on its way into custody…` });
  return awaitBatch(api, batchId);
}

/** What became of a batch, once it is in custody. Throws FailedError where it failed. */
export async function awaitBatch(api: Api, batchId: string): Promise<Batch> {
  const result = await poll(
    () => api.get(`/batches/${batchId}`, batchSchema),
    ({ state }) => state === 'committed' || state === 'failed',
    { minutes: 60, what: { zh: `批次 ${batchId}`, en: `batch ${batchId}` } },
  );
  if (result.state === 'failed') {
    throw new FailedError({
      zh: `批次 ${batchId} 失败:未留存任何内容`,
      en: `batch ${batchId} failed: nothing of it was kept`,
    });
  }
  return result;
}

/** An export as it is uploaded. Its parts are read once each, in their order. */
export type ExportFile = { bytes: number; sha256: string; read: Reader };

/** Size and digest of an export. Throws BadInputError for one that is unreadable, empty or too large. */
export async function measureExport(file: string): Promise<ExportFile> {
  try {
    const { size } = await stat(file);
    if (size === 0)
      throw new BadInputError({ zh: '文件是空的', en: 'the file is empty' }, file, {
        zh: '重新导出',
        en: 'export it again',
      });
    if (size > LIMITS.uploadBytes) {
      throw new BadInputError(tooLarge, file, { zh: '请拆分', en: 'split it' });
    }
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    return { bytes: size, sha256: hash.digest('hex'), read: fileReader(file) };
  } catch (error) {
    if (error instanceof BadInputError) throw error;
    throw new BadInputError(
      { zh: '文件无法读取', en: 'the file can’t be read' },
      file,
      { zh: '检查路径与权限', en: 'check its path and rights' },
      { cause: error },
    );
  }
}

/**
 * Size and digest of an export that is made as it is read, such as by decryption: it is made twice, once to be measured
 * and once to be sent, so that nothing of it waits on a disk. Throws BadInputError for one that is empty or too large.
 */
export async function measureStream(
  name: string,
  make: () => AsyncGenerator<Uint8Array>,
): Promise<ExportFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of make()) {
    hash.update(chunk);
    bytes += chunk.length;
    if (bytes > LIMITS.uploadBytes) {
      throw new BadInputError(tooLarge, name, { zh: '请拆分', en: 'split it' });
    }
  }
  if (bytes === 0)
    throw new BadInputError({ zh: '文件是空的', en: 'nothing is in the file' }, name, {
      zh: '重新导出',
      en: 'export it again',
    });
  return { bytes, sha256: hash.digest('hex'), read: sequentialReader(make) };
}

/** Reads a stream in pieces that follow each other. */
function sequentialReader(make: () => AsyncGenerator<Uint8Array>): Reader {
  let stream: AsyncGenerator<Uint8Array> | null = null;
  let rest: Uint8Array = new Uint8Array(0);
  let at = 0;
  return async (offset, length) => {
    if (offset !== at) throw new RangeError('The parts of a stream are read in their order');
    stream ??= make();
    const piece = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      if (rest.length === 0) {
        const next = await stream.next();
        if (next.done === true) break;
        rest = next.value;
      }
      const taken = rest.subarray(0, length - filled);
      piece.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
    }
    at += filled;
    return piece.subarray(0, filled);
  };
}

/** S3 answers a link that has expired with `AccessDenied`, one whose signer's session has ended with `ExpiredToken`. */
const ENDED = ['AccessDenied', 'ExpiredToken'];

async function whyNot(answer: Response): Promise<Words> {
  const code = /<Code>(\w+)<\/Code>/.exec(await answer.text())?.[1] ?? '';
  if (ENDED.includes(code)) return { zh: '此次上传的链接已失效', en: 'the links of this upload have ended' };
  const status = `${answer.status} ${code}`.trim();
  return { zh: status, en: status };
}

/** Bytes from an offset on, as many as there are up to `length`. */
type Reader = (offset: number, length: number) => Promise<Uint8Array>;

function fileReader(file: string): Reader {
  return async (offset, length) => {
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  };
}

async function upload(
  read: Reader,
  parts: { number: number; url: string }[],
  partBytes: number,
  uploaded: () => void,
): Promise<{ number: number; etag: string }[]> {
  const etags: { number: number; etag: string }[] = [];
  for (const { number, url } of parts) {
    const body = new Uint8Array(await read((number - 1) * partBytes, partBytes));
    const response = await fetch(url, { method: 'PUT', body });
    const etag = response.headers.get('etag');
    if (!response.ok || etag === null) {
      const { zh, en } = await whyNot(response);
      throw new FailedError({
        zh: `第 ${number} 段未被接收(${zh}):请重新运行命令,不会重复接收`,
        en: `part ${number} was not taken (${en}): run the command again, nothing is taken twice`,
      });
    }
    etags.push({ number, etag });
    uploaded();
  }
  return etags;
}
