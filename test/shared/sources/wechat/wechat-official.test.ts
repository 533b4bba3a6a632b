import { describe, expect, it } from '@jest/globals';
import { miniprogram } from '../../../../shared/sources/wechat/miniprogram.ts';
import { wechatOfficial } from '../../../../shared/sources/wechat/wechat-official.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const GUEST = 'oDF3iY9WMaswOPWjCIp_f3Bnpljk';
const PLACEMENT = {
  conversation: JSON.stringify([GUEST, 'gh_demo']),
  identifiers: [{ kind: 'wechat', value: GUEST }],
};

function row(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    openid: GUEST,
    opercode: 2002,
    text: '您好,客服小李为您服务。',
    time: 1400563710,
    worker: 'xiaoli@gh_demo',
    ...changes,
  };
}

function page(...rows: unknown[]): string {
  return JSON.stringify({ recordlist: rows, number: rows.length, msgid: 20165267 });
}

function push(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    ToUserName: 'gh_demo',
    FromUserName: GUEST,
    CreateTime: 1700000000,
    MsgType: 'text',
    Content: '有停车场吗',
    MsgId: 23456789,
    ...changes,
  });
}

const XML = `<xml><ToUserName><![CDATA[gh_demo]]></ToUserName><FromUserName><![CDATA[${GUEST}]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[有停车场吗 <b> & "引号"
第二行]]></Content><MsgId>9007199254740993</MsgId></xml>`;

async function only(text: string, importer = wechatOfficial) {
  const [record] = recordsOf(await readAll(importer, text));
  if (record === undefined) throw new Error('There is no record');
  return record;
}

describe('chat records of a WeChat official account (getmsglist)', () => {
  it('give each row with its words, time, author and own bytes', async () => {
    const rows = [row(), row({ opercode: 2003, text: '有停车场吗', time: 1400563711 })];
    const records = recordsOf(await readAll(wechatOfficial, page(...rows)));
    expect(records.map(({ original }) => JSON.parse(Buffer.from(original).toString()))).toEqual(rows);
    expect(records).toMatchObject([
      {
        sourceMessageId: null,
        placements: [PLACEMENT],
        staff: ['wechat-official:xiaoli'],
        at: new Date(1400563710_000),
        timeKnown: true,
        from: { role: 'staff', id: 'xiaoli', name: null },
        text: '您好,客服小李为您服务。',
        sourceType: 'text',
        typeKnown: true,
        recalls: null,
        category: null,
      },
      {
        staff: ['wechat-official:xiaoli'],
        from: { role: 'guest', id: GUEST, name: null },
        at: new Date(1400563711_000),
        text: '有停车场吗',
      },
    ]);
  });

  it('are the same record in whatever page a row comes, since rows have no id', async () => {
    const [first, again] = recordsOf(
      await readAll(wechatOfficial, `${page(row(), row({ text: '再见' }))}\n${page(row())}`),
    ).filter(({ text }) => text !== '再见');
    expect(first?.content).toBe(again?.content);
  });

  it('may stand one page on a line, in one array, pretty-printed, or as rows alone', async () => {
    for (const text of [
      `${page(row())}\n${page(row())}\n`,
      `[${page(row())},${page(row())}]`,
      JSON.stringify(JSON.parse(page(row(), row())), null, 2),
      `${JSON.stringify(row())}\n${JSON.stringify(row())}`,
    ]) {
      expect(recordsOf(await readAll(wechatOfficial, text))).toHaveLength(2);
    }
  });

  it.each([
    ['[image]', 'image', 'image/*'],
    ['[voice]', 'voice', 'audio/*'],
    ['[video]', 'video', 'video/*'],
  ])(
    'state a medium that stands as %s, which nothing says where to find',
    async (text, sourceType, mediaType) => {
      expect(await only(page(row({ text })))).toMatchObject({
        text,
        sourceType,
        attachments: [{ name: null, mediaType, bytes: null, digest: null, refs: [] }],
      });
    },
  );

  it('skip the sessions of the older interface, and keep what it calls received by the account', async () => {
    const items = await readAll(
      wechatOfficial,
      page(
        ...[1000, 1001, 1002, 1003, 1004, 1005].map((opercode) => row({ opercode })),
        row({ opercode: 2001 }),
      ),
    );
    expect(items.map(({ kind }) => kind)).toEqual([...Array.from({ length: 6 }, () => 'skipped'), 'record']);
    expect(recordsOf(items)[0]?.from.role).toBe('guest');
  });

  it('keep a row of an unknown kind whole', async () => {
    const record = await only(page(row({ opercode: 3001, extra: { x: 1 } })));
    expect(record).toMatchObject({ typeKnown: false, sourceType: 'opercode-3001', from: { role: 'system' } });
    expect(record.text).toContain('extra.x: 1');
    expect(record.text).toContain('客服小李');
  });

  it('skip a page without rows, and an answer that all went well', async () => {
    const items = await readAll(wechatOfficial, `${page()}\n{"errcode":0,"errmsg":"ok"}`);
    expect(items.map(({ kind }) => kind)).toEqual(['skipped', 'skipped']);
  });

  it.each([
    ['{"errcode":45009,"errmsg":"reach max api daily quota limit hint: [secret]"}', 'platform-error:45009'],
    ['{"errcode":-1,"errmsg":"system error"}', 'platform-error:1'],
    ['{"recordlist":{"openid":"o"}}', 'invalid-field:recordlist'],
    [page(row({ openid: undefined })), 'missing-field:openid'],
    [page(row({ openid: 'o\0' })), 'invalid-field:openid'],
    [page(row({ time: undefined })), 'missing-field:time'],
    [page(row({ time: 'yesterday' })), 'invalid-field:time'],
    [page(row({ text: undefined })), 'missing-field:text'],
    [page(7), 'not-an-object'],
    ['{"hello":1}', 'unknown-shape'],
    [
      `{"recordlist":[{"openid":"a","openid":"b","opercode":2003,"text":"x","time":1400563710}]}`,
      'duplicate-key',
    ],
  ])('reject %.60j: %s', async (text, reason) => {
    expect(rejectionsOf(await readAll(wechatOfficial, `${text}\n`)).map((one) => one.reason)).toEqual([
      reason,
    ]);
  });

  it('read milliseconds as such, and a time left out as unknown', async () => {
    expect((await only(page(row({ time: 1400563710123 })))).at).toEqual(new Date(1400563710123));
    expect(await only(page(row({ time: 0 })))).toMatchObject({ at: new Date(0), timeKnown: false });
  });
});

describe('messages that WeChat pushed', () => {
  it('are read from XML, ids exactly, words as they were typed', async () => {
    const record = await only(XML);
    expect(record).toMatchObject({
      sourceMessageId: '9007199254740993',
      placements: [PLACEMENT],
      staff: [],
      at: new Date(1700000000_000),
      from: { role: 'guest', id: GUEST, name: null },
      text: '有停车场吗 <b> & "引号"\n第二行',
      sourceType: 'text',
      typeKnown: true,
    });
    expect(Buffer.from(record.original).toString()).toBe(XML);
  });

  it('are the same in XML and in JSON', async () => {
    const json = push({ MsgId: 9007199254740993n.toString() }).replace(
      '"9007199254740993"',
      '9007199254740993',
    );
    const record = await only(json);
    expect(record.sourceMessageId).toBe('9007199254740993');
    const xml = await only(XML.replace(/<Content>[\s\S]*<\/Content>/, '<Content>有停车场吗</Content>'));
    expect(xml).toMatchObject({ content: record.content, placements: record.placements, text: record.text });
  });

  it('may come one after the other, with a declaration, pretty-printed, behind a byte order mark', async () => {
    const other = `<?xml version="1.0"?>\n<xml>\n  <ToUserName>gh_demo</ToUserName>\n  <FromUserName>${GUEST}</FromUserName>\n  <CreateTime>1700000001</CreateTime>\n  <MsgType>text</MsgType>\n  <Content>谢谢</Content>\n</xml>`;
    const records = recordsOf(await readAll(wechatOfficial, `\uFEFF${XML}\n${other}${XML}`));
    expect(records.map(({ text }) => text.slice(0, 2))).toEqual(['有停', '谢谢', '有停']);
    expect(records[1]?.sourceMessageId).toBeNull();
  });

  it.each([
    [
      { MsgType: 'image', PicUrl: 'https://example.com/p', MediaId: 'm1' },
      '[图片 image]',
      [
        {
          name: null,
          mediaType: 'image/*',
          bytes: null,
          digest: null,
          refs: ['m1', 'https://example.com/p'],
        },
      ],
    ],
    [
      { MsgType: 'voice', MediaId: 'm2', Format: 'amr', Recognition: '两个人' },
      '[语音 voice] 两个人',
      [{ name: null, mediaType: 'audio/amr', bytes: null, digest: null, refs: ['m2'] }],
    ],
    [
      { MsgType: 'video', MediaId: 'm3', ThumbMediaId: 't' },
      '[视频 video]',
      [{ name: null, mediaType: 'video/*', bytes: null, digest: null, refs: ['m3'] }],
    ],
    [
      {
        MsgType: 'file',
        Title: '发票.pdf',
        FileKey: 'k',
        FileMd5: 'd41d8cd98f00b204e9800998ecf8427e',
        FileTotalLen: '12',
      },
      '[文件 file] 发票.pdf',
      [
        {
          name: '发票.pdf',
          mediaType: null,
          bytes: 12,
          digest: 'md5:d41d8cd98f00b204e9800998ecf8427e',
          refs: ['k', '发票.pdf'],
        },
      ],
    ],
    [
      { MsgType: 'location', Location_X: 23.134521, Location_Y: 113.358803, Scale: 20, Label: '天河路' },
      '[位置 location] 天河路 (23.134521, 113.358803)',
      [],
    ],
    [
      { MsgType: 'link', Title: '攻略', Description: '周边', Url: 'https://example.com/a' },
      '[链接 link]\nTitle: 攻略\nDescription: 周边\nUrl: https://example.com/a',
      [],
    ],
    [
      {
        MsgType: 'miniprogrampage',
        Title: '订房',
        AppId: 'wx1',
        PagePath: 'pages/index',
        ThumbUrl: 'u',
        ThumbMediaId: 't',
      },
      '[小程序卡片 mini program]\nTitle: 订房\nAppId: wx1\nPagePath: pages/index',
      [],
    ],
  ])('are readable whatever their type: %j', async (changes, text, attachments) => {
    expect(await only(push({ Content: undefined, ...changes }))).toMatchObject({
      text,
      attachments,
      sourceType: changes.MsgType,
      typeKnown: true,
    });
  });

  it('are kept whole where their type is unknown', async () => {
    const record = await only(
      XML.replace('[text]', '[hologram]').replace(
        '<MsgId>',
        '<Parts><item>一</item><item>二</item></Parts><MsgId>',
      ),
    );
    expect(record).toMatchObject({
      typeKnown: false,
      sourceType: 'hologram',
      sourceMessageId: '9007199254740993',
    });
    expect(record.text).toContain('未知类型');
    expect(record.text).toContain('Parts.item[2]: 二');
    expect(record.text).toContain('有停车场吗');
  });

  it('are skipped where they are events that say nothing; a chosen entry of the menu is kept', async () => {
    const event = { MsgType: 'event', Content: undefined, MsgId: undefined };
    for (const changes of [
      { Event: 'subscribe' },
      { Event: 'LOCATION', Latitude: '23.1', Longitude: '113.3' },
      { Event: 'user_enter_tempsession', SessionFrom: 'x' },
      { Event: 'TEMPLATESENDJOBFINISH', MsgID: 1, Status: 'success' },
    ]) {
      const items = await readAll(wechatOfficial, push({ ...event, ...changes }));
      expect(items.map(({ kind }) => kind)).toEqual(['skipped']);
    }
    expect(await only(push({ ...event, Event: 'CLICK', EventKey: '联系前台' }))).toMatchObject({
      text: '[点击菜单 menu entry chosen] 联系前台',
      sourceMessageId: null,
      typeKnown: true,
    });
  });

  it.each([
    [XML.replace('<MsgId>', '<MsgType>image</MsgType><MsgId>'), 'duplicate-key'],
    [push().replace('"MsgType"', '"MsgType":"image","MsgType"'), 'duplicate-key'],
    ['<xml><ToUserName>gh_demo</ToUserName><Encrypt>abcd</Encrypt></xml>', 'encrypted-message'],
    ['{"ToUserName":"gh_demo","Encrypt":"abcd"}', 'encrypted-message'],
    [push({ FromUserName: undefined }), 'missing-field:FromUserName'],
    [push({ ToUserName: '' }), 'missing-field:ToUserName'],
    [push({ CreateTime: undefined }), 'missing-field:CreateTime'],
    [push({ CreateTime: 'x' }), 'invalid-field:CreateTime'],
    [push({ Content: undefined }), 'missing-field:Content'],
    ['<xml><MsgType>text</MsgType></xml>', 'missing-field:FromUserName'],
    ['<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xml><Content>&b;</Content></xml>', 'xml-doctype'],
    [XML.replace('有', '\0'), 'xml-invalid-character'],
  ])('are rejected with a reason: %.70j → %s', async (text, reason) => {
    expect(rejectionsOf(await readAll(wechatOfficial, text)).map((one) => one.reason)).toEqual([reason]);
  });

  it('are kept with a NUL, and with a lone surrogate replaced in what is read', async () => {
    const record = await only(push().replace('有停车场吗', 'a\\u0000b\\ud800c'));
    expect(record.text).toBe('a\0b\uFFFDc');
    expect(Buffer.from(record.original).toString()).toContain('\\ud800');
  });

  it('differ in nothing where the encrypted form stands beside the plain one', async () => {
    const plain = await only(XML);
    expect((await only(XML.replace('<MsgId>', '<Encrypt>xyz</Encrypt><MsgId>'))).content).toBe(plain.content);
  });
});

describe('a mini program', () => {
  it('has the same forms, as a source of its own', async () => {
    expect(await only(XML, miniprogram)).toMatchObject({
      sourceMessageId: '9007199254740993',
      placements: [PLACEMENT],
    });
    expect((await only(page(row()), miniprogram)).staff).toEqual(['miniprogram:xiaoli']);
    expect([wechatOfficial.source, miniprogram.source]).toEqual(['wechat-official', 'miniprogram']);
  });
});

describe('a file of WeChat messages', () => {
  const PAGES = [
    page(row(), row({ opercode: 1001 }), row({ time: 'x' })),
    '{"errcode":45009}',
    page(),
    page(row()),
    '{"recordlist":[{',
  ];

  it('goes on after any item as if it had never stopped', async () => {
    await expectGoesOnAnywhere(wechatOfficial, PAGES.join('\n'));
    await expectGoesOnAnywhere(wechatOfficial, `${XML}\n<xml><Encrypt/></xml>\n${XML}<xml><a`);
  });

  it('gives every word of a dialogue, whichever form it has', async () => {
    const cdata = (text: string) => `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    for (const turns of dialogues()) {
      const rows = turns.map(({ role, text }, index) =>
        row({ opercode: role === 'guest' ? 2003 : 2002, text, time: 1700000000 + index }),
      );
      expect(
        recordsOf(await readAll(wechatOfficial, page(...rows))).map(({ from, text }) => [from.role, text]),
      ).toEqual(turns.map(({ role, text }) => [role === 'guest' ? 'guest' : 'staff', text]));
      const pushed = turns.map(({ text }, index) =>
        XML.replace(
          /<Content>[\s\S]*<\/MsgId>/,
          () => `<Content>${cdata(text)}</Content><MsgId>${index}1</MsgId>`,
        ),
      );
      expect(
        recordsOf(await readAll(miniprogram, pushed.join(''))).map(({ sourceMessageId, text }) => [
          sourceMessageId,
          text,
        ]),
      ).toEqual(turns.map(({ text }, index) => [`${index}1`, text]));
    }
  });

  it('never throws, whatever the bytes and however they are cut', async () => {
    await expectUnbreakable(wechatOfficial, [
      page(row(), row({ opercode: 3001 })),
      push(),
      XML,
      `${XML}\n${XML}`,
    ]);
  });
});
