/** Entries of the package's media. */
export const ATTACHMENTS = 'attachments/';

/** Endings of files that nothing runs when they are opened. */
const ENDINGS = [
  ...['jpg', 'jpeg', 'png', 'gif', 'webp', 'bmp', 'heic', 'tif', 'tiff'],
  ...['mp4', 'mov', 'm4v', 'avi', '3gp', 'webm', 'mkv'],
  ...['mp3', 'wav', 'amr', 'm4a', 'aac', 'ogg', 'opus', 'silk', 'flac'],
  ...['pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'txt', 'csv', 'json', 'zip', 'eml'],
];
const OF_TYPE: Readonly<Record<string, string>> = {
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
 * it; of the file's own name its ending alone is taken, where it is a usual one.
 */
export function attachmentFile(
  recordId: string,
  position: number,
  { name, mediaType }: { name: string | null; mediaType: string | null },
): string {
  const own = /\.([a-z0-9]{1,5})$/.exec(name?.toLowerCase() ?? '')?.[1] ?? '';
  const typed = OF_TYPE[mediaType?.toLowerCase().split(';')[0]?.trim() ?? ''];
  const ending = ENDINGS.includes(own) ? own : (typed ?? 'bin');
  return `${ATTACHMENTS}${recordId}-${position + 1}.${ending}`;
}
