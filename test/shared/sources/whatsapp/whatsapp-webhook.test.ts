import { describe, expect, it } from '@jest/globals';
import { whatsapp } from '../../../../shared/sources/whatsapp/whatsapp.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const NUMBER = '8613800138000';

function message(type: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { from: NUMBER, id: 'wamid.HBgM1', timestamp: '1700000000', type, ...changes };
}

function hook(value: Record<string, unknown>): string {
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '1',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '8610', phone_number_id: '2' },
              contacts: [{ wa_id: NUMBER, profile: { name: '王伟' } }],
              ...value,
            },
          },
        ],
      },
    ],
  });
}

const messages = (...list: unknown[]) => hook({ messages: list });

async function only(text: string) {
  const items = await readAll(whatsapp, text);
  const [record] = recordsOf(items);
  if (record === undefined) throw new Error(`No record: ${JSON.stringify(rejectionsOf(items))}`);
  return record;
}

describe('webhooks of the WhatsApp Cloud API', () => {
  it('give each message with its words, time, author, number and original bytes', async () => {
    const text = message('text', { text: { body: '有停车场吗?' } });
    const record = await only(messages(text));
    expect(record).toMatchObject({
      sourceMessageId: 'wamid.HBgM1',
      placements: [{ conversation: `+${NUMBER}`, identifiers: [{ kind: 'phone', value: `+${NUMBER}` }] }],
      at: new Date(1700000000000),
      from: { role: 'guest', id: NUMBER, name: '王伟' },
      text: '有停车场吗?',
      typeKnown: true,
    });
    expect(Buffer.from(record.original).toString()).toBe(JSON.stringify(text));
  });

  it.each([
    [
      'image',
      {
        image: {
          id: '77',
          mime_type: 'image/jpeg',
          sha256: Buffer.alloc(32, 1).toString('base64'),
          caption: '房间',
        },
      },
      '[图片 image]\n房间',
    ],
    [
      'document',
      { document: { id: '78', filename: '发票.pdf', mime_type: 'application/pdf' } },
      '[文件 document] 发票.pdf',
    ],
    ['audio', { audio: { id: '79', voice: true } }, '[语音 audio]'],
    [
      'location',
      { location: { latitude: 39.9, longitude: 116.5, name: '酒店' } },
      '[位置 location] 酒店 (39.9, 116.5)',
    ],
    ['button', { button: { text: '是', payload: 'yes' } }, '是'],
    [
      'interactive',
      {
        interactive: { type: 'list_reply', list_reply: { id: '1', title: '延迟退房', description: '14:00' } },
      },
      '延迟退房\n14:00',
    ],
    [
      'interactive',
      { interactive: { type: 'nfm_reply', nfm_reply: { response_json: '{}' } } },
      'response_json: {}',
    ],
    ['contacts', { contacts: [{ name: { formatted_name: '李雷' } }] }, '李雷'],
    ['reaction', { reaction: { message_id: 'w', emoji: '👍' } }, '👍'],
    ['unsupported', { errors: [{ code: 131051 }] }, 'code: 131051'],
    ['sticker', { sticker: { id: '80' } }, '[表情 sticker]'],
    ['hologram', { hologram: { beam: 'blue' } }, 'hologram.beam: blue'],
  ])('make %s readable', async (type, body, words) => {
    const record = await only(messages(message(type, body)));
    expect(record.text).toContain(words);
    expect(record.typeKnown).toBe(type !== 'hologram');
  });

  it('name a medium, what it is, and its digest in hexadecimal', async () => {
    const image = { id: '77', mime_type: 'image/jpeg', sha256: Buffer.alloc(32, 1).toString('base64') };
    expect((await only(messages(message('image', { image })))).attachments).toEqual([
      { name: null, mediaType: 'image/jpeg', bytes: null, digest: `sha256:${'01'.repeat(32)}`, refs: ['77'] },
    ]);
  });

  it('tie recalls and edits to the message that they are about', async () => {
    const revoke = message('revoke', { id: 'w2', revoke: { original_message_id: 'w1' } });
    const edit = message('edit', {
      id: 'w3',
      edit: { original_message_id: 'w1', message: { type: 'text', text: { body: '改后' } } },
    });
    expect(recordsOf(await readAll(whatsapp, messages(revoke, edit)))).toMatchObject([
      { sourceMessageId: 'w2', recalls: 'w1', edits: null },
      { sourceMessageId: 'w3', recalls: null, edits: 'w1', edited: true, text: '改后' },
    ]);
  });

  it('say that a message answers another', async () => {
    const record = await only(
      messages(message('text', { text: { body: '好' }, context: { from: '1', id: 'w0' } })),
    );
    expect(record.text).toBe('[回复 reply to w0]\n好');
  });

  it('know a user without a number by the business’s own id', async () => {
    const { from: _, ...anonymous } = message('text', { text: { body: '你好' }, from_user_id: 'CN.1349' });
    const record = await only(
      hook({ contacts: [{ user_id: 'CN.1349', profile: { username: 'wei' } }], messages: [anonymous] }),
    );
    expect(record.placements).toEqual([{ conversation: 'CN.1349', identifiers: [] }]);
    expect(record.from).toEqual({ role: 'guest', id: 'CN.1349', name: 'wei' });
  });

  it('take what the hotel wrote in its app for the hotel’s, in the guest’s conversation', async () => {
    const echo = { ...message('text', { text: { body: '您好' } }), from: '8610', to: NUMBER };
    expect(await only(hook({ contacts: undefined, message_echoes: [echo] }))).toMatchObject({
      from: { role: 'staff', id: '8610', name: null },
      placements: [{ conversation: `+${NUMBER}` }],
    });
  });

  it.each([
    [hook({ statuses: [{ id: 'w', status: 'read', timestamp: '1', recipient_id: NUMBER }] }), []],
    [hook({}), []],
    ['{"object":"whatsapp_business_account"}', ['missing-field:entry']],
    [messages('x'), ['not-an-object']],
    [messages(message('text', { id: null })), ['missing-field:id']],
    [messages(message('text', { timestamp: 'x' })), ['invalid-field:timestamp']],
    [messages(message('text', { timestamp: undefined })), ['missing-field:timestamp']],
    [messages(message('')), ['missing-field:type']],
    [messages(message('revoke')), ['missing-field:revoke.original_message_id']],
    [hook({ contacts: [], messages: [message('text', { from: undefined })] }), ['no-guest']],
    ['{"entry":[],"entry":[]}', ['duplicate-key']],
  ])('name what is wrong: %#', async (text, reasons) => {
    const items = await readAll(whatsapp, text);
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(reasons);
    expect(recordsOf(items)).toEqual([]);
  });

  it('are read on after any item, in whatever pieces the bytes come', async () => {
    const one = message('text', { text: { body: 'a' } });
    await expectGoesOnAnywhere(whatsapp, [messages(one, 5, one), hook({}), messages(one)].join('\n'));
  });

  it('never throw, whatever the bytes', async () => {
    await expectUnbreakable(whatsapp, []);
    await expectUnbreakable(whatsapp, [
      messages(
        message('text', { text: { body: '你好' } }),
        message('edit', { edit: { original_message_id: 'x' } }),
      ),
    ]);
  });
});
