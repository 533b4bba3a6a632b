import { describe, expect, it } from '@jest/globals';
import { wechatKf } from '../../../../shared/sources/wechat/wechat-kf.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const GUEST = 'wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw';
const ACCOUNT = 'wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q';

function message(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    msgid: 'from_msgid_4622416642169452483',
    open_kfid: ACCOUNT,
    external_userid: GUEST,
    send_time: 1615478585,
    origin: 3,
    msgtype: 'text',
    text: { content: '请问几点退房?' },
    ...changes,
  };
}

function event(
  body: Record<string, unknown>,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return { send_time: 1615478590, origin: 4, msgtype: 'event', event: body, ...changes };
}

function page(...messages: unknown[]): string {
  return JSON.stringify({
    errcode: 0,
    errmsg: 'ok',
    next_cursor: '4gw7MepFLfgF2VC5npN',
    has_more: 1,
    msg_list: messages,
  });
}

async function only(text: string) {
  const [record] = recordsOf(await readAll(wechatKf, text));
  if (record === undefined) throw new Error('There is no record');
  return record;
}

describe('a page of 微信客服 (sync_msg)', () => {
  it('gives what the guest wrote with its words, time, author and own bytes', async () => {
    const record = await only(page(message({ servicer_userid: 'lily' })));
    expect(record).toMatchObject({
      line: 1,
      sourceMessageId: 'from_msgid_4622416642169452483',
      recalls: null,
      placements: [
        { conversation: JSON.stringify([GUEST, ACCOUNT]), identifiers: [{ kind: 'wecom', value: GUEST }] },
      ],
      staff: ['wechat-kf:lily', 'wecom:lily'],
      at: new Date(1615478585_000),
      timeKnown: true,
      from: { role: 'guest', id: GUEST, name: null },
      text: '请问几点退房?',
      attachments: [],
      sourceType: 'text',
      typeKnown: true,
    });
    expect(JSON.parse(Buffer.from(record.original).toString())).toEqual(message({ servicer_userid: 'lily' }));
  });

  it.each([
    [3, { role: 'guest', id: GUEST, name: null }, true],
    [5, { role: 'staff', id: 'lily', name: null }, true],
    [4, { role: 'system', id: null, name: null }, true],
    [9, { role: 'system', id: null, name: null }, false],
  ])('knows by origin %d who wrote', async (origin, from, typeKnown) => {
    expect(await only(page(message({ origin, servicer_userid: 'lily' })))).toMatchObject({ from, typeKnown });
  });

  it.each([
    ['user_recall_msg', { role: 'guest', id: GUEST, name: null }, {}],
    ['servicer_recall_msg', { role: 'staff', id: 'lily', name: null }, { servicer_userid: 'lily' }],
  ])('ties a recall to the message that it takes back: %s', async (event_type, from, more) => {
    const taken = { event_type, open_kfid: ACCOUNT, external_userid: GUEST, recall_msgid: 'm1', ...more };
    for (const [changes, at, id] of [
      [{ msgid: 'e1' }, 1615478590_000, 'e1'],
      // As the platform's own example shows it: nothing but the type beside the event.
      [{ send_time: undefined, origin: undefined }, 0, null],
    ] as const) {
      expect(await only(page(event(taken, changes)))).toMatchObject({
        recalls: 'm1',
        sourceMessageId: id,
        at: new Date(at),
        timeKnown: at !== 0,
        from,
        text: '[撤回消息 message recalled]',
        placements: [{ conversation: JSON.stringify([GUEST, ACCOUNT]) }],
      });
    }
  });

  it('skips the other events, and a page without news', async () => {
    const events = [
      'enter_session',
      'msg_send_fail',
      'servicer_status_change',
      'session_status_change',
      'later',
    ].map((event_type) => event({ event_type, open_kfid: ACCOUNT, external_userid: GUEST }));
    const items = await readAll(
      wechatKf,
      `${page(...events)}\n${page()}\n{"errcode":0,"errmsg":"ok","has_more":0}`,
    );
    expect(items.map(({ kind }) => kind)).toEqual(Array.from({ length: 7 }, () => 'skipped'));
  });

  it.each([
    [
      'image',
      { media_id: 'm' },
      '[图片 image]',
      [{ name: null, mediaType: 'image/*', bytes: null, digest: null, refs: ['m'] }],
    ],
    [
      'voice',
      { media_id: 'm' },
      '[语音 voice]',
      [{ name: null, mediaType: 'audio/*', bytes: null, digest: null, refs: ['m'] }],
    ],
    [
      'video',
      { media_id: 'm' },
      '[视频 video]',
      [{ name: null, mediaType: 'video/*', bytes: null, digest: null, refs: ['m'] }],
    ],
    [
      'file',
      { media_id: 'm' },
      '[文件 file]',
      [{ name: null, mediaType: null, bytes: null, digest: null, refs: ['m'] }],
    ],
    [
      'location',
      { latitude: 23.1, longitude: 113.3, name: '酒店', address: '天河路' },
      '[位置 location] 酒店 天河路 (23.1, 113.3)',
      [],
    ],
    [
      'link',
      { title: '攻略', desc: 'd', url: 'u', pic_url: 'p' },
      '[链接 link]\ntitle: 攻略\ndesc: d\nurl: u',
      [],
    ],
    ['business_card', { userid: 'lily' }, '[名片 card]\nuserid: lily', []],
    [
      'miniprogram',
      { title: 't', appid: 'a', pagepath: 'p', thumb_media_id: 'x' },
      '[小程序 mini program]\ntitle: t\nappid: a\npagepath: p',
      [],
    ],
    [
      'msgmenu',
      { head_content: '满意吗', list: [{ type: 'click', click: { id: '101', content: '满意' } }] },
      '[菜单 menu]\nhead_content: 满意吗\nlist[1].type: click\nlist[1].click.id: 101\nlist[1].click.content: 满意',
      [],
    ],
    [
      'channels_shop_order',
      { order_id: '9007199254740993', price_wording: '¥1' },
      '[视频号订单 channels order]\norder_id: 9007199254740993\nprice_wording: ¥1',
      [],
    ],
    [
      'merged_msg',
      {
        title: '群聊的聊天记录',
        item: [
          {
            send_time: 1,
            msgtype: 'text',
            sender_name: '张三',
            msg_content: '{"msgtype":"text","text":{"content":"你好"}}',
          },
          { send_time: 2, msgtype: 'image', sender_name: '李四', msg_content: '{"image":{"media_id":"m9"}}' },
          { send_time: 3, msgtype: 'later', sender_name: '王五', msg_content: '{"a":1}' },
          { send_time: 4, msgtype: 'text', sender_name: '赵六', msg_content: 'not json' },
        ],
      },
      '[聊天记录 forwarded chat] 群聊的聊天记录\n张三: 你好\n李四: [图片 image]\n王五: [unknown 未知类型 unknown type]\na: 1\n赵六: not json',
      [{ name: null, mediaType: 'image/*', bytes: null, digest: null, refs: ['m9'] }],
    ],
  ])('makes a message of type %s readable', async (msgtype, body, text, attachments) => {
    expect(await only(page(message({ msgtype, text: undefined, [msgtype]: body })))).toMatchObject({
      text,
      attachments,
      sourceType: msgtype,
      typeKnown: true,
    });
  });

  it('keeps an unknown type whole', async () => {
    const record = await only(
      page(message({ msgtype: 'hologram', text: undefined, hologram: { x: ['一'] } })),
    );
    expect(record).toMatchObject({ typeKnown: false, sourceType: 'hologram' });
    expect(record.text).toBe('[hologram 未知类型 unknown type]\nhologram.x[1]: 一');
  });

  it('shows integers beyond 2^53 exactly', async () => {
    const text = page(message({ msgtype: 'later', later: { id: 0 } })).replace(
      '"id":0',
      '"id":9007199254740993',
    );
    expect((await only(text)).text).toContain('later.id: 9007199254740993');
  });

  it('may stand one on a line, in one array, pretty-printed, or as messages alone', async () => {
    const pages = [page(message({ msgid: '1' })), page(message({ msgid: '2' }))];
    for (const text of [
      pages.join('\n'),
      `[${pages.join(',')}]`,
      pages.map((one) => JSON.stringify(JSON.parse(one), null, 2)).join('\n'),
      ['1', '2'].map((msgid) => JSON.stringify(message({ msgid }))).join('\n'),
    ]) {
      expect(recordsOf(await readAll(wechatKf, text)).map(({ sourceMessageId }) => sourceMessageId)).toEqual([
        '1',
        '2',
      ]);
    }
  });

  it.each([
    ['{"errcode":95007,"errmsg":"invalid msgtoken"}', 'platform-error:95007'],
    ['{"errcode":0,"msg_list":{}}', 'invalid-field:msg_list'],
    [page(message({ msgid: undefined })), 'missing-field:msgid'],
    [page(message({ msgtype: undefined })), 'missing-field:msgtype'],
    [page(message({ origin: undefined })), 'missing-field:origin'],
    [page(message({ external_userid: '' })), 'missing-field:external_userid'],
    [page(message({ open_kfid: 'a\0' })), 'invalid-field:open_kfid'],
    [page(message({ send_time: 'soon' })), 'invalid-field:send_time'],
    [page(message({ text: {} })), 'missing-field:text.content'],
    [page(message({ msgtype: 'event' })), 'missing-field:event'],
    [
      page(event({ event_type: 'user_recall_msg', external_userid: GUEST, open_kfid: ACCOUNT })),
      'missing-field:recall_msgid',
    ],
    [page('x'), 'not-an-object'],
    ['{"msgid":"1","msgid":"2"}', 'duplicate-key'],
  ])('rejects %.60j: %s', async (text, reason) => {
    expect(rejectionsOf(await readAll(wechatKf, `${text}\n`)).map((one) => one.reason)).toEqual([reason]);
  });

  it('skips the push that only says there is something to pull; its sealed form is rejected', async () => {
    const items = await readAll(
      wechatKf,
      '<xml><ToUserName><![CDATA[ww1]]></ToUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token>t</Token><OpenKfId>wk</OpenKfId></xml>\n<xml><ToUserName>ww1</ToUserName><Encrypt>x</Encrypt></xml>\n<xml/>',
    );
    expect(items.map(({ kind }) => kind)).toEqual(['skipped', 'rejected', 'rejected']);
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(['encrypted-message', 'unknown-shape']);
  });

  it('gives every word of a dialogue', async () => {
    for (const turns of dialogues()) {
      const text = page(
        ...turns.map((turn, index) =>
          message({
            msgid: `m${index}`,
            send_time: 1700000000 + index,
            origin: turn.role === 'guest' ? 3 : 5,
            servicer_userid: 'lily',
            text: { content: turn.text },
          }),
        ),
      );
      expect(
        recordsOf(await readAll(wechatKf, text)).map((record) => [
          record.from.role,
          record.text,
          record.at.getTime(),
        ]),
      ).toEqual(
        turns.map((turn, index) => [
          turn.role === 'guest' ? 'guest' : 'staff',
          turn.text,
          (1700000000 + index) * 1000,
        ]),
      );
    }
  });

  it('goes on after any item as if it had never stopped', async () => {
    await expectGoesOnAnywhere(
      wechatKf,
      [
        page(message(), event({ event_type: 'enter_session' }), message({ msgid: '' })),
        '{"errcode":45009}',
        page(),
        page(message()),
        '{"msg_list":[',
      ].join('\n'),
    );
  });

  it('never throws, whatever the bytes and however they are cut', async () => {
    await expectUnbreakable(wechatKf, [
      page(
        message(),
        event({
          event_type: 'user_recall_msg',
          recall_msgid: 'm',
          open_kfid: ACCOUNT,
          external_userid: GUEST,
        }),
      ),
      page(
        message({
          msgtype: 'merged_msg',
          merged_msg: { title: 't', item: [{ msgtype: 'text', msg_content: '{"text":{"content":"x"}}' }] },
        }),
      ),
      '<xml><MsgType>event</MsgType></xml>',
    ]);
  });
});
