import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { type Notice, noticeSchema } from '../../../shared/domain/notice.ts';
import { sns, sqs, stack } from './stack.ts';

const delivered = z.object({
  Subject: z.string(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ Type: z.string(), Value: z.string() })),
});

/** A notice as a subscriber gets it: what it says, and the whole of what came, subject and attributes included. */
export type Delivered = { notice: Notice; everything: string };

/** A queue of a hotel's own that is subscribed to the topic of notices for one role, as docs/operations.md says. */
export async function subscribed(role: string) {
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: `notices-${role}-${Date.now()}` }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const Resource = Attributes?.['QueueArn'] ?? '';
  await sqs.send(
    new SetQueueAttributesCommand({
      QueueUrl,
      Attributes: {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource,
              Condition: { ArnEquals: { 'aws:SourceArn': stack.noticesTopicArn } },
            },
          ],
        }),
      },
    }),
  );
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: stack.noticesTopicArn,
      Protocol: 'sqs',
      Endpoint: Resource,
      Attributes: { FilterPolicy: JSON.stringify({ roles: [role], hotels: ['SHA01'] }) },
      ReturnSubscriptionArn: true,
    }),
  );
  const received: Delivered[] = [];

  return {
    /** What has come of this request until now, in order. */
    async of(requestId: string): Promise<Delivered[]> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { Body = '', ReceiptHandle } of Messages) {
        const { Message } = delivered.parse(JSON.parse(Body));
        received.push({ notice: noticeSchema.parse(JSON.parse(Message)), everything: Body });
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return received.filter(({ notice }) => notice.requestId === requestId);
    },
    async end(): Promise<void> {
      await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}
export type Subscription = Awaited<ReturnType<typeof subscribed>>;
