import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Unfinished uploads of these buckets; the lifecycle rules that abort them too are the backstop. */
export function staleUploads(buckets: string[], s3: S3Client) {
  async function listed(bucket: string): Promise<NonNullable<ListMultipartUploadsCommandOutput['Uploads']>> {
    const uploads: NonNullable<ListMultipartUploadsCommandOutput['Uploads']> = [];
    let page: ListMultipartUploadsCommandOutput | undefined;
    do {
      page = await s3.send(
        new ListMultipartUploadsCommand({
          Bucket: bucket,
          KeyMarker: page?.NextKeyMarker,
          UploadIdMarker: page?.NextUploadIdMarker,
        }),
      );
      uploads.push(...(page.Uploads ?? []));
    } while (page.IsTruncated === true);
    return uploads;
  }

  return {
    /** Aborts what began before `begun`; answers how many. */
    async abortOlderThan(begun: Date): Promise<number> {
      let aborted = 0;
      for (const bucket of buckets) {
        for (const { Key, UploadId, Initiated } of await listed(bucket)) {
          if (Initiated === undefined || Initiated >= begun) continue;
          await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
          aborted += 1;
        }
      }
      return aborted;
    },
  };
}
