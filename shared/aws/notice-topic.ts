import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../domain/notice.ts';
import { noticeMail, noticeText } from '../domain/notice-text.ts';
import type { Notices } from '../ports/notices.ts';

/** Notices come last in a sweep: a topic that doesn't answer mustn't keep it from finishing. */
const PATIENCE_MS = 5_000;

/**
 * Publishes notices to a topic. Queues, functions and bridges get JSON, mail gets lines to read. The attributes `kind`,
 * `roles` and `hotels` are there for filter policies: who subscribes says of which roles, at which hotels (docs/operations.md).
 */
export function noticeTopic(sns: SNSClient, topicArn: string): Notices {
  return {
    async tell(notice: Notice): Promise<void> {
      const { subject, zh, en } = noticeText(notice);
      await sns.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: subject,
          MessageStructure: 'json',
          Message: JSON.stringify({
            default: JSON.stringify({ ...notice, text: { zh, en } }),
            email: noticeMail(notice),
          }),
          MessageAttributes: {
            kind: { DataType: 'String', StringValue: notice.kind },
            roles: { DataType: 'String.Array', StringValue: JSON.stringify(notice.roles) },
            hotels: { DataType: 'String.Array', StringValue: JSON.stringify(notice.hotels) },
          },
        }),
        { abortSignal: AbortSignal.timeout(PATIENCE_MS) },
      );
    },
  };
}
