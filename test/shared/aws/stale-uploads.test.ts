import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { staleUploads } from '../../../shared/aws/stale-uploads.ts';
import { type EmbeddedAwsOfTest, embeddedAwsOfTest } from '../../support/embedded-aws-of-test.ts';

let aws: EmbeddedAwsOfTest;
beforeAll(async () => {
  aws = await embeddedAwsOfTest();
}, 300_000);
afterAll(() => aws.stop());

it('aborts unfinished uploads that began before a time, in every bucket, and no later ones', async () => {
  const buckets = [await aws.bucket(), await aws.bucket()];
  for (const Bucket of buckets) {
    await aws.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'SHA01/wecom/bat_1' }));
  }
  const uploads = staleUploads(buckets, aws.s3);
  const hour = 3_600_000;
  expect(await uploads.abortOlderThan(new Date(Date.now() - hour))).toBe(0);
  expect(await uploads.abortOlderThan(new Date(Date.now() + hour))).toBe(2);
  for (const Bucket of buckets) {
    const { Uploads } = await aws.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads ?? []).toEqual([]);
  }
});
