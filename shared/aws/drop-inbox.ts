import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** Files that systems of the hotel dropped into the inbox bucket. */
export function dropInbox(bucket: string, s3: S3Client) {
  return {
    /** What S3 knows the object's present bytes by; null where there is none. */
    async etag(key: string): Promise<string | null> {
      const { Contents } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }),
      );
      // Without the quotes that HTTP puts around it; S3's announcements have none.
      return Contents?.find(({ Key }) => Key === key)?.ETag?.replaceAll('"', '') ?? null;
    },

    /** Copies an object if it still has these bytes (`etag`); `changed` where it hasn't, or is gone. */
    async copy(from: string, etag: string, to: string): Promise<'copied' | 'changed'> {
      try {
        await s3.send(
          new CopyObjectCommand({
            Bucket: bucket,
            Key: to,
            CopySource: `${bucket}/${encodeURI(from)}`,
            CopySourceIfMatch: `"${etag}"`,
          }),
        );
        return 'copied';
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        if (error.name === 'PreconditionFailed' || error.name === 'NoSuchKey') return 'changed';
        throw error;
      }
    },

    async delete(key: string): Promise<void> {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}
export type DropInbox = ReturnType<typeof dropInbox>;
