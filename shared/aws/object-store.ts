import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { ObjectStore } from '../ports/objects.ts';

const ATTEMPTS = 5;

/** Objects of one bucket. Encryption at rest is the bucket's own default (SSE-KMS, or SSE-S3 for evidence). */
export function objectStore(bucket: string, s3: S3Client): ObjectStore {
  return {
    async get(key: string): Promise<Uint8Array | null> {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body === undefined ? null : await Body.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },

    async put(key, body, options): Promise<void> {
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: options?.contentType }),
      );
    },

    async putOnce(key, body, options): Promise<'written' | 'exists'> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await s3.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: body,
              ContentType: options?.contentType,
              IfNoneMatch: '*',
            }),
          );
          return 'written';
        } catch (error) {
          if (!(error instanceof S3ServiceException)) throw error;
          if (error.$metadata.httpStatusCode === 412) return 'exists';
          // 409: another write of the same key is on its way; S3 asks to try again.
          if (error.$metadata.httpStatusCode !== 409 || attempt === ATTEMPTS) throw error;
        }
      }
    },

    async delete(key: string): Promise<void> {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },

    async list(prefix: string): Promise<string[]> {
      const keys: string[] = [];
      let next: string | undefined;
      do {
        const page = await s3.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next }),
        );
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
        next = page.NextContinuationToken;
      } while (next !== undefined);
      return keys;
    },
  };
}
