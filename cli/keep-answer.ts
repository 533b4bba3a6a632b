import { z } from 'zod';
import type { Api } from './api.ts';
import { FailedError } from './failure.ts';
import { providerRequest, type ShownProviderRequest } from './shown-provider-request.ts';
import type { ExportFile } from './upload-export.ts';

/** Either a link to put the file to, or the request as it stands where this file is kept already. */
const begun = z.union([z.object({ uploadId: z.string(), url: z.string() }), providerRequest]);

/**
 * Uploads a file of a provider's answer and has the deployed function keep it whole, sealed, under Object Lock. A file
 * that is kept already is answered as it is. Throws FailedError where the upload isn't taken.
 */
export async function keepAnswer(
  api: Api,
  providerRequestId: string,
  { bytes, sha256, read }: ExportFile,
  answer: { at?: string | undefined; reference?: string | undefined },
): Promise<ShownProviderRequest> {
  const route = `/provider-requests/${encodeURIComponent(providerRequestId)}/answers`;
  const upload = await api.post(route, { bytes, sha256 }, begun);
  if (!('url' in upload) || typeof upload.url !== 'string') return providerRequest.parse(upload);
  const response = await fetch(upload.url, { method: 'PUT', body: new Uint8Array(await read(0, bytes)) });
  const etag = response.headers.get('etag');
  if (!response.ok || etag === null) {
    throw new FailedError({
      zh: `文件未被接收(${response.status}):请重新运行命令,不会重复保存`,
      en: `the file was not taken (${response.status}): run the command again, nothing is kept twice`,
    });
  }
  return api.post(
    `${route}/keep`,
    { bytes, sha256, uploadId: upload.uploadId, etag, ...answer },
    providerRequest,
  );
}
