import { type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/**
 * Links by which the parts of an upload may be put, each for so many seconds at most and of exactly so many bytes: the
 * length is signed, so that S3 refuses any other. A link ends with the session that signed it, however long it was signed
 * for (S3 user guide, "Expiration time for presigned URLs"): `sessionEnds` is when, where the session says so; a
 * function's own doesn't. `s3` is a `uploadSigningClient`.
 */
export function partLinks(bucket: string, s3: S3Client) {
  return async (key: string, uploadId: string, sizes: readonly number[], seconds: number) => {
    const parts = await Promise.all(
      sizes.map(async (bytes, index) => ({
        number: index + 1,
        bytes,
        url: await getSignedUrl(
          s3,
          new UploadPartCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            PartNumber: index + 1,
            ContentLength: bytes,
          }),
          { expiresIn: seconds },
        ),
      })),
    );
    const { expiration } = await s3.config.credentials();
    return { parts, sessionEnds: expiration ?? null };
  };
}
export type PartLinks = ReturnType<typeof partLinks>;
