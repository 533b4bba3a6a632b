import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { localFolder } from '../../../cli/deployment.ts';
import { s3, sqs, stack } from './stack.ts';

export async function keysIn(bucket: keyof typeof stack.buckets, prefix = ''): Promise<string[]> {
  const { Contents } = await s3.send(
    new ListObjectsV2Command({ Bucket: stack.buckets[bucket], Prefix: prefix }),
  );
  return (Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
}

async function uploadsIn(bucket: keyof typeof stack.buckets): Promise<string[]> {
  const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: stack.buckets[bucket] }));
  return (Uploads ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
}

/** Messages in every dead-letter queue of the account, by queue. */
export async function deadLetters(): Promise<Record<string, number>> {
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}));
  const counts: Record<string, number> = {};
  for (const url of QueueUrls ?? []) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    const count = Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
    if (count > 0) counts[url] = count;
  }
  return counts;
}

/** Everything that could hold plaintext after its use: all of it must be empty once a retrieval has ended. */
export async function leftovers(requestId: string) {
  return {
    inbox: await keysIn('inbox'),
    uploads: [...(await uploadsIn('inbox')), ...(await uploadsIn('delivery'))],
    staged: await keysIn('delivery', `staged/${requestId}`),
    copies: await keysIn('delivery', `copies/${requestId}`),
    temporaryFiles: temporaryFiles(),
  };
}

export const NOTHING_LEFT = { inbox: [], uploads: [], staged: [], copies: [], temporaryFiles: [] };

/** What functions left in their `/tmp`, which locally is the deployment's `tmp` beside the embedded AWS's own files. */
function temporaryFiles(): string[] {
  const own = /^(ministack-|package\.json$)/;
  return readdirSync(resolve(localFolder(), 'tmp')).filter((name) => !own.test(name));
}
