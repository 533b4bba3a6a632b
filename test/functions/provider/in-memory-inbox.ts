import { createHash } from 'node:crypto';
import { type Inbox, UploadMissingError } from '../../../shared/aws/inbox.ts';

/** The inbox in memory: uploads of one part, and the objects that they become. */
export function inMemoryInbox(): Pick<Inbox, 'begin' | 'complete' | 'size' | 'read' | 'delete'> & {
  objects: Map<string, Uint8Array>;
  /** What a holder of the link does; answers the part's etag. */
  put(uploadId: string, bytes: Uint8Array): string;
} {
  const objects = new Map<string, Uint8Array>();
  const uploads = new Map<string, { key: string; bytes: Uint8Array }>();
  const etagOf = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
  return {
    objects,
    put(uploadId, bytes) {
      const upload = uploads.get(uploadId);
      if (upload !== undefined) upload.bytes = bytes;
      return etagOf(bytes);
    },
    async size(key) {
      return objects.get(key)?.length ?? null;
    },
    async begin(key) {
      const uploadId = `upload-${uploads.size + 1}`;
      uploads.set(uploadId, { key, bytes: new Uint8Array() });
      return uploadId;
    },
    async complete(key, uploadId, [part]) {
      const upload = uploads.get(uploadId);
      if (upload === undefined) return objects.has(key) ? 'completed' : 'bad-parts';
      if (upload.key !== key || part?.etag !== etagOf(upload.bytes)) return 'bad-parts';
      objects.set(key, upload.bytes);
      uploads.delete(uploadId);
      return 'completed';
    },
    async *read(key, from, length) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new UploadMissingError('The upload is gone');
      yield bytes.subarray(from, length);
    },
    async delete(key) {
      objects.delete(key);
    },
  };
}
