import { endingOfName, type FileEnding } from '../domain/file-ending.ts';

/** Entries of the package's media. */
export const ATTACHMENTS = 'attachments/';

const OF_TYPE: Readonly<Record<string, FileEnding>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
};

/**
 * The name of a medium in the package: its record and its place among the record's attachments, never what somebody called
 * it; of the file's own name its ending alone is taken, where it is a usual one; else that of the file that was brought, or
 * what its first bytes or its media type say.
 */
export function attachmentFile(
  recordId: string,
  position: number,
  {
    name,
    mediaType,
    ending = null,
  }: { name: string | null; mediaType: string | null; ending?: FileEnding | null | undefined },
): string {
  const typed = OF_TYPE[mediaType?.toLowerCase().split(';')[0]?.trim() ?? ''];
  const shown = endingOfName(name ?? '') ?? ending ?? typed ?? 'bin';
  return `${ATTACHMENTS}${recordId}-${position + 1}.${shown}`;
}
