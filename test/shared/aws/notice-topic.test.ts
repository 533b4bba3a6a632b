import { SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { noticeTopic } from '../../../shared/aws/notice-topic.ts';
import { derivedId } from '../../../shared/domain/identifiers.ts';
import { NOTICE_KINDS, type Notice, noticeSchema } from '../../../shared/domain/notice.ts';

const NOTICE: Notice = {
  version: 1,
  kind: 'approval-reminder',
  requestId: derivedId('req', 'one'),
  hotels: ['SHA01', 'BJS02'],
  roles: ['privacy-officer', 'legal'],
  deadline: '2026-06-16T12:00:00.000Z',
  at: '2026-06-15T12:00:00.000Z',
};
const bodies = z.object({ default: z.string(), email: z.string() });
const published = z.looseObject({ text: z.object({ zh: z.string(), en: z.string() }) });

const input = z.object({
  TopicArn: z.string(),
  Subject: z.string(),
  Message: z.string(),
  MessageStructure: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string() })),
});

/** What is sent of a notice. */
async function sent(notice: Notice): Promise<z.infer<typeof input>> {
  const sns = new SNSClient({ region: 'cn-north-1' });
  const inputs: unknown[] = [];
  sns.middlewareStack.add(
    () => async (args) => {
      inputs.push(args.input);
      return { output: { $metadata: {} }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  await noticeTopic(sns, 'the-topic').tell(notice);
  expect(inputs).toHaveLength(1);
  return input.parse(inputs[0]);
}

describe('the topic of notices', () => {
  it('gets the notice with what filter policies ask for: its kind, its roles, its hotels', async () => {
    const { TopicArn, MessageAttributes } = await sent(NOTICE);
    expect(TopicArn).toBe('the-topic');
    expect(MessageAttributes).toEqual({
      kind: { DataType: 'String', StringValue: 'approval-reminder' },
      roles: { DataType: 'String.Array', StringValue: '["privacy-officer","legal"]' },
      hotels: { DataType: 'String.Array', StringValue: '["SHA01","BJS02"]' },
    });
  });

  it.each(NOTICE_KINDS)(
    'gets %s as JSON for programs and as lines for people, in both languages',
    async (kind) => {
      const notice: Notice = { ...NOTICE, kind };
      const { Subject, Message, MessageStructure } = await sent(notice);
      // SNS takes subjects of under 100 characters on one line.
      expect(Subject.length).toBeLessThan(100);
      expect(Subject).toMatch(/^双钥 Dualkey: [\u4e00-\u9fff]+ [a-z -]+ req_[0-9a-f]{32}$/);
      expect(MessageStructure).toBe('json');
      const { default: json, email } = bodies.parse(JSON.parse(Message));
      const { text, ...rest } = published.parse(JSON.parse(json));
      expect(noticeSchema.strict().parse(rest)).toEqual(notice);
      expect(text.zh).toMatch(/[\u4e00-\u9fff]{6}/);
      expect(text.en).toMatch(/^[\x20-\x7e]+$/);
      for (const line of [
        text.zh,
        text.en,
        notice.requestId,
        '个人信息保护负责人 privacy officer',
        'SHA01, BJS02',
      ]) {
        expect(email).toContain(line);
      }
      expect(email).toContain('2026-06-16T12:00:00.000Z');
    },
  );
});
