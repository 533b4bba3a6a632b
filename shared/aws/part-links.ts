import { type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Links by which the parts of an upload may be put, each for so many seconds. `s3` is a `uploadSigningClient`. */
export function partLinks(bucket: string, s3: S3Client) {
  return (key: string, uploadId: string, parts: number, seconds: number) =>
    Promise.all(
      Array.from({ length: parts }, async (_, index) => ({
        number: index + 1,
        url: await getSignedUrl(
          s3,
          new UploadPartCommand({ Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: index + 1 }),
          { expiresIn: seconds },
        ),
      })),
    );
}
export type PartLinks = ReturnType<typeof partLinks>;
