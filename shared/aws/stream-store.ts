import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { byteReader } from '../crypto/byte-reader.ts';
import type { StreamStore } from '../ports/objects.ts';

/** Bytes of one part or one ranged read: each is whole in memory, and no connection waits while it is worked on. */
const PART_BYTES = 8 * 1024 ** 2;

/** S3 gave no answer of the form that it promises. */
export class StreamStoreError extends Error {
  override name = 'StreamStoreError';
}

/** Objects of one bucket that are larger than memory: read in ranges, written in parts. */
export function streamStore(bucket: string, s3: S3Client): StreamStore {
  async function range(key: string, from: number): Promise<Uint8Array | null> {
    try {
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${from}-${from + PART_BYTES - 1}` }),
      );
      return Body === undefined ? new Uint8Array() : await Body.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      // The object ended with the range before.
      if (error instanceof S3ServiceException && error.name === 'InvalidRange') return new Uint8Array();
      throw error;
    }
  }

  async function inParts(key: string, first: Buffer, rest: () => Promise<Buffer>): Promise<void> {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
    if (UploadId === undefined) throw new StreamStoreError('S3 began an upload without an id');
    try {
      const parts: { PartNumber: number; ETag: string | undefined }[] = [];
      for (let body = first; body.length > 0; body = await rest()) {
        const PartNumber = parts.length + 1;
        const { ETag } = await s3.send(
          new UploadPartCommand({ Bucket: bucket, Key: key, UploadId, PartNumber, Body: body }),
        );
        parts.push({ PartNumber, ETag });
      }
      await s3.send(
        new CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId,
          MultipartUpload: { Parts: parts },
        }),
      );
    } catch (error) {
      // What broke is what is told; an upload that can't be aborted is found by the sweep of unfinished ones.
      await s3
        .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId }))
        .catch(() => undefined);
      throw error;
    }
  }

  return {
    async read(key) {
      const first = await range(key, 0);
      if (first === null) return null;
      async function* chunks(beginning: Uint8Array): AsyncGenerator<Uint8Array> {
        let chunk = beginning;
        for (let at = 0; chunk.length > 0; ) {
          yield chunk;
          if (chunk.length < PART_BYTES) return;
          at += chunk.length;
          const next = await range(key, at);
          if (next === null) throw new StreamStoreError('The object went while it was read');
          chunk = next;
        }
      }
      return chunks(first);
    },

    async write(key, body) {
      const reader = byteReader(body);
      try {
        const first = await reader.take(PART_BYTES);
        if (first.length < PART_BYTES) {
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: first }));
        } else {
          await inParts(key, first, () => reader.take(PART_BYTES));
        }
      } finally {
        await reader.close();
      }
    },
  };
}
