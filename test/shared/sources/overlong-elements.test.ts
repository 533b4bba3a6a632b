import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../shared/domain/limits.ts';
import { crmZendesk } from '../../../shared/sources/crm/crm-zendesk.ts';
import { BEGINNING, type Importer, type Item } from '../../../shared/sources/importer.ts';
import { internal } from '../../../shared/sources/internal/internal.ts';
import { wechatOfficial } from '../../../shared/sources/wechat/wechat-official.ts';
import { wecom } from '../../../shared/sources/wecom/wecom.ts';
import { NOTHING_TOLD, recordsOf, rejectionsOf } from './support/read-all.ts';

const LONG_BYTES = 100 * 1024 ** 2;
const FILLING = Buffer.alloc(64 * 1024, 'x');

type Long = {
  format: string;
  importer: Importer;
  head: string;
  /** A whole element in whose words a mark stands, at which it is filled up. */
  element: (id: number) => string;
  separator: string;
  tail: string;
  reason: string;
  /** On which line the long one is. */
  line: number;
};

const MARK = '<<words>>';

const formats: Long[] = [
  {
    ...{ format: 'lines', importer: wecom, head: '', separator: '\n', tail: '\n' },
    ...{ reason: 'line-too-long', line: 2 },
    element: (id) =>
      JSON.stringify({
        ...{ msgid: `m${id}`, action: 'send', from: 'wmDkYaGAAAp3Rt7nQx0ZsVb2Lh9MeWcA' },
        ...{ tolist: ['frontdesk01'], roomid: '', msgtime: 1_777_600_000_000 + id, msgtype: 'text' },
        text: { content: MARK },
      }),
  },
  {
    ...{ format: 'JSON', importer: crmZendesk, head: '', separator: '\n', tail: '\n' },
    ...{ reason: 'document-too-large', line: 2 },
    element: (id) =>
      JSON.stringify({
        ...{ id, subject: MARK, requester_id: 9, submitter_id: 9, status: 'open' },
        ...{ created_at: '2026-05-01T01:30:00Z', comments: [] },
        users: [{ id: 9, name: '王芳', email: 'wang@example.cn', role: 'end-user' }],
      }),
  },
  {
    ...{ format: 'CSV', importer: internal, separator: '\r\n', tail: '\r\n' },
    ...{ reason: 'row-too-long', line: 3 },
    head: 'message_id,at,conversation,from_role,text,phone\r\n',
    element: (id) => `m${id},2026-05-01T09:30:00+08:00,c1,guest,"${MARK}",+86 138 0013 8000`,
  },
  {
    ...{ format: 'XML', importer: wechatOfficial, head: '', separator: '\n', tail: '\n' },
    ...{ reason: 'document-too-large', line: 2 },
    element: (id) =>
      `<xml><ToUserName>gh_demo</ToUserName><FromUserName>oDF3iY9WMaswOPWjCIp_f3Bnpljk</FromUserName><CreateTime>1700000000</CreateTime><MsgType>text</MsgType><Content>${MARK}</Content><MsgId>${id}</MsgId></xml>`,
  },
];

async function* fileOf({ head, element, separator, tail }: Long): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head + element(1).replace(MARK, '第一句') + separator);
  const [before = '', after = ''] = element(2).split(MARK);
  yield Buffer.from(before);
  for (let sent = 0; sent < LONG_BYTES; sent += FILLING.length) yield FILLING;
  yield Buffer.from(after + separator + element(3).replace(MARK, '第三句') + tail);
}

describe.each(formats.map((one) => [one.format, one] as const))('an element of 100 MB in %s', (_, long) => {
  it('is named with its reason, kept no longer than a line may be, and stops none of those around it', async () => {
    const options = { ...NOTHING_TOLD };
    const state = (await long.importer.survey?.(fileOf(long), options)) ?? null;
    const items: Item[] = [];
    for await (const item of long.importer.read(fileOf(long), { ...BEGINNING, state }, options)) {
      items.push(item);
    }
    expect(rejectionsOf(items)).toEqual([{ line: long.line, reason: long.reason }]);
    for (const item of items) {
      if (item.kind !== 'rejected') continue;
      expect(item.bytes).toBeGreaterThanOrEqual(LONG_BYTES);
      expect(item.original.length).toBeLessThanOrEqual(LIMITS.lineBytes);
    }
    const words = recordsOf(items).map(({ text }) => text);
    expect(words).toHaveLength(2);
    expect(words[0]).toContain('第一句');
    expect(words[1]).toContain('第三句');
  });
});
