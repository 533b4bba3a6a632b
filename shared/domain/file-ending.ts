/** Endings of files that nothing runs when they are opened. */
export const FILE_ENDINGS = [
  ...['jpg', 'jpeg', 'png', 'gif', 'webp', 'bmp', 'heic', 'tif', 'tiff'],
  ...['mp4', 'mov', 'm4v', 'avi', '3gp', 'webm', 'mkv'],
  ...['mp3', 'wav', 'amr', 'm4a', 'aac', 'ogg', 'opus', 'silk', 'flac'],
  ...['pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'txt', 'csv', 'json', 'zip', 'eml'],
] as const;
export type FileEnding = (typeof FILE_ENDINGS)[number];

/** The usual ending of a file's name; null where it has another or none. */
export function endingOfName(name: string): FileEnding | null {
  const own = /\.([a-z0-9]{1,5})$/.exec(name.toLowerCase())?.[1];
  return FILE_ENDINGS.find((ending) => ending === own) ?? null;
}

/** Bytes of a file by which `endingOfBytes` tells it, at most. */
export const ENDING_BYTES = 4096;

const BEGINNINGS: readonly [bytes: string, ending: FileEnding][] = [
  ['\xff\xd8\xff', 'jpg'],
  ['\x89PNG\r\n\x1a\n', 'png'],
  ['GIF87a', 'gif'],
  ['GIF89a', 'gif'],
  ['%PDF-', 'pdf'],
  // RFC 4867.
  ['#!AMR', 'amr'],
  ['\x02#!SILK', 'silk'],
  ['#!SILK', 'silk'],
  ['OggS', 'ogg'],
  ['fLaC', 'flac'],
  ['ID3', 'mp3'],
];
/** Parts of Office documents (ECMA-376), which are ZIPs. */
const OFFICE: readonly [part: string, ending: FileEnding][] = [
  ['word/', 'docx'],
  ['xl/', 'xlsx'],
  ['ppt/', 'pptx'],
];

/** What a file is by its first bytes, in the usual ending; null where they don't say. */
export function endingOfBytes(bytes: Uint8Array): FileEnding | null {
  const head = Buffer.from(bytes.subarray(0, ENDING_BYTES)).toString('latin1');
  const known = BEGINNINGS.find(([beginning]) => head.startsWith(beginning));
  if (known !== undefined) return known[1];
  if (/^RIFF.{4}WAVE/s.test(head)) return 'wav';
  if (/^RIFF.{4}WEBP/s.test(head)) return 'webp';
  // The first box of ISO/IEC 14496-12 names the brand.
  const brand = /^.{4}ftyp(.{4})/s.exec(head)?.[1];
  if (brand !== undefined) return ofBrand(brand);
  if (head.startsWith('PK\x03\x04')) return OFFICE.find(([part]) => head.includes(part))?.[1] ?? 'zip';
  // A frame of MPEG audio, layer III, without tags before it.
  return /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/.test(head) ? 'mp3' : null;
}

function ofBrand(brand: string): FileEnding {
  if (brand.startsWith('M4A')) return 'm4a';
  if (brand === 'qt  ') return 'mov';
  if (brand.startsWith('3g')) return '3gp';
  return /^(?:heic|heix|mif1)$/.test(brand) ? 'heic' : 'mp4';
}
