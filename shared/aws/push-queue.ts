import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The queue of pushes on their way to be gathered. */
export function pushQueue(sqs: SQSClient, queueUrl: string) {
  return {
    async send(message: string): Promise<void> {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: message }));
    },
  };
}
export type PushQueue = ReturnType<typeof pushQueue>;
