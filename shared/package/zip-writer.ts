import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

export type ZipEntry = { name: string; bytes: Uint8Array };

// ZIP times have no zone and yazl takes the machine's: a fixed local time makes the same bytes everywhere. When the
// package was made stands in its manifest.
const MTIME = new Date(1980, 0, 1);

/** A ZIP of these entries in this order: deflated, without comments or extra fields; the same input gives the same bytes. */
export async function writeZip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const zip = new ZipFile();
  const written = buffer(zip.outputStream);
  const failed = new Promise<never>((_, reject) => zip.on('error', reject));
  for (const { name, bytes } of entries) {
    const options = { mtime: MTIME, mode: 0o100600, forceDosTimestamp: true };
    zip.addBuffer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), name, options);
  }
  zip.end();
  return Promise.race([written, failed]);
}
