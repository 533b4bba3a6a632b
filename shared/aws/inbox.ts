import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** Bytes of one ranged read: each is read to its end at once, so that no connection waits while a segment is sealed. */
const READ_BYTES = 8 * 1024 ** 2;

/** S3 gave no answer of the form that it promises. */
export class InboxError extends Error {
  override name = 'InboxError';
}

/** The object isn't in the inbox any more. */
export class UploadMissingError extends Error {
  override name = 'UploadMissingError';
}

/** What S3 says of parts that don't make up the upload: the uploader's mistake, not ours. */
const BAD_PARTS = ['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'MalformedXML', 'InvalidRequest'];

/** The inbox bucket: uploads in parts, read in ranges, deleted when they are in custody. */
export function inboxBucket(bucket: string, s3: S3Client) {
  async function size(key: string): Promise<number | null> {
    // By listing and not by HEAD, which takes the right to read: who only receives uploads never reads one.
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
    const found = Contents?.find(({ Key }) => Key === key);
    return found === undefined ? null : (found.Size ?? 0);
  }

  return {
    /** Length in bytes; null where there is no such object. */
    size,

    async begin(key: string): Promise<string> {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
      if (UploadId === undefined) throw new InboxError('S3 began an upload without an id');
      return UploadId;
    },

    /** `bad-parts`: they are not the ones that were put. Completing what is complete already is harmless. */
    async complete(
      key: string,
      uploadId: string,
      parts: readonly { number: number; etag: string }[],
    ): Promise<'completed' | 'bad-parts'> {
      try {
        await s3.send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            MultipartUpload: {
              Parts: parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })),
            },
          }),
        );
        return 'completed';
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        if (BAD_PARTS.includes(error.name)) return 'bad-parts';
        if (error.name !== 'NoSuchUpload') throw error;
        return (await size(key)) === null ? 'bad-parts' : 'completed';
      }
    },

    /** The object's bytes from an offset on. Throws UploadMissingError. */
    async *read(key: string, from: number, length: number): AsyncGenerator<Uint8Array> {
      for (let at = from; at < length; at += READ_BYTES) {
        const last = Math.min(at + READ_BYTES, length) - 1;
        yield await range(key, at, last);
      }
    },

    async delete(key: string): Promise<void> {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };

  async function range(key: string, first: number, last: number): Promise<Uint8Array> {
    try {
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${first}-${last}` }),
      );
      if (Body === undefined) throw new InboxError('S3 answered without the bytes that were asked for');
      return await Body.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) throw new UploadMissingError('The upload is gone', { cause: error });
      throw error;
    }
  }
}
export type Inbox = ReturnType<typeof inboxBucket>;
