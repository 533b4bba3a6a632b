import { z } from 'zod';
import { LIMITS } from '../shared/domain/limits.ts';
import type { StaffFormat } from '../shared/domain/staff-import.ts';
import { verdictSchema } from '../shared/domain/verdict.ts';
import type { Words } from '../shared/domain/words.ts';
import type { Api } from './api.ts';
import { BadInputError, FailedError, RefusedError } from './failure.ts';
import { poll } from './poll.ts';
import { measureExport } from './upload-export.ts';

/** Somebody of whom nothing was written, and why. */
export const failedPerson = z.object({
  personId: z.string(),
  username: z.string(),
  field: z.string(),
  code: z.string(),
  zh: z.string(),
  en: z.string(),
});
const begun = z.object({ importId: z.string(), uploadId: z.string(), url: z.string() });
export const shownImport = z.object({
  importId: z.string(),
  state: z.string(),
  people: z.number(),
  added: z.number(),
  done: z.number(),
  changed: z.number(),
  waiting: z.number(),
  failed: z.array(failedPerson),
  changes: z.array(z.string()),
  faults: z.array(
    z.object({
      line: z.number(),
      field: z.string().nullable(),
      code: z.string(),
      zh: z.string(),
      en: z.string(),
    }),
  ),
  verdict: verdictSchema.nullable(),
});
export type StaffImportResult = z.infer<typeof shownImport>;

/**
 * Uploads a directory file and waits until the deployed function has read it whole and put it through, or refused it whole.
 * Nothing of it is read here. Throws BadInputError with file, line and reason, and RefusedError.
 */
export async function importStaff(
  api: Api,
  file: string,
  format: StaffFormat,
  progress: (text: Words) => void,
): Promise<StaffImportResult> {
  const { bytes, sha256, read } = await measureExport(file);
  if (bytes > LIMITS.staffFileBytes) {
    throw new BadInputError(
      {
        zh: `文件过大,最多 ${LIMITS.staffFileBytes} 字节`,
        en: `a directory file has at most ${LIMITS.staffFileBytes} bytes`,
      },
      file,
      { zh: '请分成多个文件', en: 'split it: what was imported stays' },
    );
  }
  const { importId, uploadId, url } = await api.post('/staff/imports', { format, bytes, sha256 }, begun);
  const response = await fetch(url, { method: 'PUT', body: new Uint8Array(await read(0, bytes)) });
  const etag = response.headers.get('etag');
  if (!response.ok || etag === null) {
    throw new FailedError({
      zh: `文件未被接收(${response.status}):请重新运行命令`,
      en: `the file was not taken (${response.status}): run the command again`,
    });
  }
  await api.post(`/staff/imports/${importId}/complete`, { uploadId, etag }, z.object({}));
  let told = -1;
  const result = await poll(
    async () => {
      const now = await api.get(`/staff/imports/${importId}`, shownImport);
      if (now.state === 'planned' && now.done !== told) {
        told = now.done;
        progress({ zh: `已处理 ${now.done} / ${now.people}`, en: `put through ${now.done} / ${now.people}` });
      }
      return now;
    },
    ({ state }) => state === 'done' || state === 'refused',
    { minutes: 60, what: { zh: `导入 ${importId}`, en: `import ${importId}` } },
  );
  if (result.verdict !== null && result.verdict.outcome === 'deny') throw new RefusedError(result.verdict);
  if (result.state === 'refused') {
    const places = result.faults.map(
      ({ line, field }) => `${file}:${line}${field === null ? '' : ` ${field}`}`,
    );
    throw new BadInputError(
      {
        zh: result.faults.map(({ zh }, at) => `${places[at]}: ${zh}`).join('; '),
        en: result.faults.map(({ en }, at) => `${places[at]}: ${en}`).join('; '),
      },
      places.join(', '),
      {
        zh: '整个文件未导入,现行目录不变;更正后重新导入',
        en: 'nothing of the file was taken, what was in force stays; correct it and import it again',
      },
    );
  }
  return result;
}
