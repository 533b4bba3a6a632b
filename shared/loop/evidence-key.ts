import type { RequestKeys } from '../ports/keys.ts';

/** The request's evidence key is gone: what was sealed under it can't be read, and nothing more can be added. */
export class EvidenceKeyGoneError extends Error {
  override name = 'EvidenceKeyGoneError';
}

export async function evidenceKeyOf(keys: Pick<RequestKeys, 'read'>, requestId: string): Promise<Uint8Array> {
  const key = await keys.read('evidence', requestId);
  if (key === null) throw new EvidenceKeyGoneError(`The evidence key of ${requestId} is gone`);
  return key;
}
