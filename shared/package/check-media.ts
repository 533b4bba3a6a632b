import { createHash } from 'node:crypto';
import { ATTACHMENTS } from './attachment-file.ts';
import type { Manifest, PackageRecord } from './manifest.ts';
import { PackageFault } from './package-fault.ts';

/** The media are those that the records name, each in its place, and what the platform declared of them where it did. */
export function checkMedia(
  { entries, request }: Manifest,
  records: readonly PackageRecord[],
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  const named: string[] = [];
  for (const { recordId, attachments } of records) {
    for (const [position, attachment] of attachments.entries()) {
      const { state, file, digest, bytes } = attachment;
      checkCommitted(recordId, attachment);
      const sealed = state === 'present' || state === 'damaged';
      if ((file !== null) !== (sealed && request.masking === 'named')) {
        throw new PackageFault({
          zh: `记录 ${recordId} 的附件与遮盖级别不符`,
          en: `an attachment of record ${recordId} is there, or isn’t, against its state and the masking`,
        });
      }
      if (file === null) continue;
      if (!file.startsWith(`${ATTACHMENTS}${recordId}-${position + 1}.`)) {
        throw new PackageFault({
          zh: `记录 ${recordId} 的附件名称不符`,
          en: `an attachment of record ${recordId} has another record’s name`,
        });
      }
      const content = contents.get(file);
      const declared = content === undefined || digest === null ? null : declaredDigest(content, digest);
      const differs = declared !== digest || (bytes !== null && content?.length !== bytes);
      if (content === undefined || (state === 'present' && differs)) {
        throw new PackageFault({
          zh: `附件 ${file} 与记录不符`,
          en: `${file} is not the medium that its record names`,
        });
      }
      named.push(file);
    }
  }
  const listed = entries.map(({ name }) => name).filter((name) => name.startsWith(ATTACHMENTS));
  if (listed.join('\n') !== named.join('\n')) {
    throw new PackageFault({
      zh: '附件不是记录所列的附件',
      en: 'the media are not those that the records name',
    });
  }
}

/** A medium is what its commitment says of it: there is one for each that was in custody, and none for any other. */
function checkCommitted(recordId: string, { state, commitment }: PackageRecord['attachments'][number]): void {
  if (commitment === undefined) return;
  if ((commitment !== null) !== (state === 'present' || state === 'damaged')) {
    throw new PackageFault({
      zh: `记录 ${recordId} 的附件与其承诺不符`,
      en: `an attachment of record ${recordId} has a commitment, or has none, against its state`,
    });
  }
}

/** The digest of the content by the algorithm of a declared one; of an unknown algorithm, what was declared. */
function declaredDigest(content: Uint8Array, declared: string): string {
  const [algorithm = ''] = declared.split(':');
  if (algorithm !== 'md5' && algorithm !== 'sha256') return declared;
  const own = createHash(algorithm).update(content).digest('hex');
  return declared.toLowerCase() === `${algorithm}:${own}` ? declared : `${algorithm}:${own}`;
}
