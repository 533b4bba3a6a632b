import { InvokeCommand } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { functionName, lambda, sqs } from './support/stack.ts';

/** Takes dead letters out of the queue, those of this function alone. */
async function taken(name: string): Promise<string[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const bodies: string[] = [];
  for (const QueueUrl of QueueUrls) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    for (const { Body = '', ReceiptHandle } of Messages) {
      if (!Body.includes(`:function:${functionName(name)}`)) continue;
      bodies.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  return bodies;
}

describe('what nobody waits for', () => {
  it.each(['ingest', 'gather', 'merge', 'render', 'archive', 'reconcile', 'retain'])(
    'becomes a dead letter where %s fails at it for good',
    async (name) => {
      // Not what any of them takes, so that each try fails at the edge and nothing is done.
      const Payload = Buffer.from(JSON.stringify({ asOf: { not: 'a time' }, version: 'none' }));
      const { StatusCode } = await lambda.send(
        new InvokeCommand({ FunctionName: functionName(name), InvocationType: 'Event', Payload }),
      );
      expect(StatusCode).toBe(202);
      const [letter] = await eventually(
        () => taken(name),
        (letters) => letters.length > 0,
      );
      expect(JSON.parse(letter ?? '')).toMatchObject({
        requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      });
    },
  );
});
