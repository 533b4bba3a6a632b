import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { type Digest, sha256 } from '../../shared/domain/digest.ts';
import { isSignedBy, parseNote, signNote } from '../../shared/package/signed-note.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { Signer } from '../../shared/ports/signer.ts';
import { type Archive, archiveSchema, isSameArchive } from './archive-document.ts';

/** The object that is there under this request's name is no archive, or another one's, or states something else. */
export class ArchiveConflictError extends Error {
  override name = 'ArchiveConflictError';
}

export type SealDependencies = { evidence: ObjectStore; signer: Signer };

/** Where the archive of a request lies in the evidence bucket, and its signature beside it. */
export const archiveKeys = {
  archive: (requestId: string): string => `archives/${requestId}.json`,
  signature: (requestId: string): string => `archives/${requestId}.json.sig`,
};

/** What the signature signs: the archive by its digest. */
export function archiveNote(requestId: string, digest: Digest): string {
  return ['dualkey archive v1', `request ${requestId}`, `archive ${digest}`, ''].join('\n');
}

/**
 * Puts an archive and its signature into the evidence bucket, each once; Object Lock is the bucket's default. Where an
 * earlier run wrote the archive already, that one stands, provided that it states the same.
 * Throws ArchiveConflictError.
 */
export async function sealArchive(
  archive: Archive,
  evidenceKey: Uint8Array | null,
  { evidence, signer }: SealDependencies,
): Promise<{ key: string; digest: Digest }> {
  const { requestId, region } = archive;
  const key = archiveKeys.archive(requestId);
  const own = Buffer.from(canonicalJson(archive));
  const written = (await evidence.putOnce(key, own, { contentType: 'application/json' })) === 'written';
  const bytes = written ? own : await accepted(await evidence.get(key), archive, evidenceKey);
  const digest = sha256(bytes);

  const signatureKey = archiveKeys.signature(requestId);
  const text = archiveNote(requestId, digest);
  const keyName = `dualkey/${region}`;
  const note = await signNote(text, keyName, signer);
  const signed = await evidence.putOnce(signatureKey, Buffer.from(note), { contentType: 'text/plain' });
  if (signed === 'exists') await checkSignature(signatureKey, text, keyName, { evidence, signer });
  return { key, digest };
}

function accepted(there: Uint8Array | null, archive: Archive, evidenceKey: Uint8Array | null): Uint8Array {
  const parsed = archiveSchema.safeParse(json(there));
  if (there === null || !parsed.success || !isSameArchive(parsed.data, archive, evidenceKey)) {
    throw new ArchiveConflictError(`Request ${archive.requestId} has an archive that states something else`);
  }
  return there;
}

async function checkSignature(
  signatureKey: string,
  text: string,
  keyName: string,
  { evidence, signer }: SealDependencies,
): Promise<void> {
  const [there, { spki }] = await Promise.all([evidence.get(signatureKey), signer.publicKey()]);
  const note = parseNote(Buffer.from(there ?? []).toString('utf8'));
  if (note?.text !== text || !isSignedBy(note, keyName, spki)) {
    throw new ArchiveConflictError('The archive has a signature that is not of this key over this archive');
  }
}

function json(bytes: Uint8Array | null): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString('utf8'));
  } catch {
    return null;
  }
}
