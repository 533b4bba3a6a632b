import { describe, expect, it } from '@jest/globals';
import { weibo } from '../../../../shared/sources/weibo/weibo.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const HOTEL = '1902538057';
const FAN = '2489518277';

function push(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'text',
    receiver_id: Number(HOTEL),
    sender_id: Number(FAN),
    created_at: 'Mon Jul 16 18:09:20 +0800 2012',
    text: '私信或留言内容',
    data: {},
    ...changes,
  });
}

async function only(text: string, options: Parameters<typeof readAll>[2] = {}) {
  const [record] = recordsOf(await readAll(weibo, text, options));
  if (record === undefined) throw new Error('There is no record');
  return record;
}

describe('private messages that Weibo pushed', () => {
  it('give the fan’s words with time, author and own bytes; they have no id', async () => {
    const record = await only(` ${push()}\n`);
    expect(record).toMatchObject({
      sourceMessageId: null,
      placements: [
        { conversation: JSON.stringify([FAN, HOTEL]), identifiers: [{ kind: 'weibo', value: FAN }] },
      ],
      staff: [`weibo:${HOTEL}`],
      at: new Date('2012-07-16T10:09:20Z'),
      from: { role: 'guest', id: FAN, name: null },
      text: '私信或留言内容',
      attachments: [],
      sourceType: 'text',
      typeKnown: true,
    });
    expect(Buffer.from(record.original).toString()).toBe(push());
  });

  it('keep no word where two of the hotel’s accounts talk, or where nobody can tell who does (R7)', async () => {
    const options = { ownNames: [HOTEL, '111'] };
    const between = push({ sender_id: 111, type: undefined, created_at: 'yesterday' });
    for (const [text, reason] of [
      [between, 'no-guest'],
      [push().slice(0, -1), 'not-json'],
      [push({ sender_id: 111, receiver_id: undefined }), 'missing-field:receiver_id'],
    ] as const) {
      const items = await readAll(weibo, text, options);
      expect(items.find(({ kind }) => kind === 'rejected')).toMatchObject({ reason, withheld: true });
    }
    const own = push({ created_at: 'yesterday' });
    const [item] = await readAll(weibo, own, options);
    expect(item).toMatchObject({ kind: 'rejected', original: Buffer.from(own) });
  });

  it('are the same when they are pushed again', async () => {
    const [first, again] = recordsOf(
      await readAll(weibo, `${push()}\n${JSON.stringify(JSON.parse(push()))}`),
    );
    expect(first?.content).toBe(again?.content);
  });

  it('give ids beyond 2^53 exactly', async () => {
    const record = await only(push().replace(`:${FAN},`, ':9007199254740993,'));
    expect(record.placements[0].identifiers).toEqual([{ kind: 'weibo', value: '9007199254740993' }]);
    const image = push({ type: 'image', data: { vfid: 0, tovfid: 1 } }).replace(
      '"vfid":0',
      '"vfid":9223372036854775807',
    );
    expect((await only(image)).attachments[0]?.refs).toEqual(['9223372036854775807', '1']);
  });

  it.each([{ ownNames: [HOTEL] }, { profile: { ownNames: [HOTEL] } }])(
    'are told apart by the hotel’s ids where both directions stand in a file: %j',
    async (options) => {
      const sent = push({ receiver_id: Number(FAN), sender_id: Number(HOTEL), text: '您好' });
      const [record] = recordsOf(await readAll(weibo, sent, options));
      expect(record).toMatchObject({
        placements: [
          { conversation: JSON.stringify([FAN, HOTEL]), identifiers: [{ kind: 'weibo', value: FAN }] },
        ],
        staff: [`weibo:${HOTEL}`],
        from: { role: 'staff', id: HOTEL, name: null },
        text: '您好',
      });
      const between = push({ sender_id: HOTEL });
      expect(rejectionsOf(await readAll(weibo, between, options)).map(({ reason }) => reason)).toEqual([
        'no-guest',
      ]);
    },
  );

  it.each([
    [
      'position',
      '我发送了一个位置',
      { longitude: '116.308586', latitude: '39.982525' },
      '[位置 location] 我发送了一个位置 (39.982525, 116.308586)',
      [],
    ],
    [
      'voice',
      '发了一个语音消息',
      { vfid: 821804459, tovfid: 821804469 },
      '[语音 voice] 发了一个语音消息',
      [{ name: null, mediaType: 'audio/*', bytes: null, digest: null, refs: ['821804459', '821804469'] }],
    ],
    [
      'image',
      '发了一张图片',
      { vfid: 1, tovfid: 2 },
      '[图片 image] 发了一张图片',
      [{ name: null, mediaType: 'image/*', bytes: null, digest: null, refs: ['1', '2'] }],
    ],
    ['mention', '@某酒店 几点入住', { subtype: 'status', key: '3456' }, '@某酒店 几点入住', []],
    [
      'event',
      '自定义菜单事件',
      { subtype: 'click', key: '联系前台' },
      '[点击菜单 menu entry chosen] 联系前台',
      [],
    ],
    ['event', 'dy', { subtype: 'subscribe' }, 'dy', []],
  ])('are readable: a %s with %j', async (type, text, data, expected, attachments) => {
    expect(await only(push({ type, text, data }))).toMatchObject({
      text: expected,
      attachments,
      sourceType: type,
      typeKnown: true,
    });
  });

  it('are skipped where they are events or mentions without words', async () => {
    const items = await readAll(
      weibo,
      [
        push({ type: 'event', text: '关注事件消息', data: { subtype: 'follow' } }),
        push({ type: 'event', text: '订阅事件消息', data: { subtype: 'subscribe' } }),
        push({ type: 'event', text: '扫描二维码', data: { subtype: 'scan_follow', key: '1', ticket: 't' } }),
        push({ type: 'mention', text: '' }),
      ].join('\n'),
    );
    expect(items.map(({ kind }) => kind)).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
  });

  it('are kept whole where their type is unknown', async () => {
    const record = await only(push({ type: 'hologram', data: { x: [1] } }));
    expect(record).toMatchObject({ typeKnown: false, sourceType: 'hologram' });
    expect(record.text).toBe('[hologram 未知类型 unknown type]\ntext: 私信或留言内容\ndata.x[1]: 1');
  });

  it.each([
    ['Tue Jan 03 00:00:00 +0000 2023', '2023-01-03T00:00:00Z'],
    // A weekday that is none of this date.
    ['Fri Jan  3 00:00:00 -0330 2023', '2023-01-03T03:30:00Z'],
    [1700000000, '2023-11-14T22:13:20Z'],
  ])('have a time: %j', async (created_at, expected) => {
    expect((await only(push({ created_at }))).at).toEqual(new Date(expected));
  });

  it.each([
    [push({ type: undefined }), 'missing-field:type'],
    [push({ sender_id: undefined }), 'missing-field:sender_id'],
    [push({ receiver_id: {} }), 'missing-field:receiver_id'],
    [push({ sender_id: 'a\u0000' }), 'invalid-field:sender_id'],
    [push({ created_at: undefined }), 'missing-field:created_at'],
    [push({ created_at: 'Mon Foo 16 18:09:20 +0800 2012' }), 'invalid-field:created_at'],
    [push({ text: undefined }), 'missing-field:text'],
    ['{"error":"expired_token","error_code":21327,"request":"/2/x"}', 'platform-error:21327'],
    ['7', 'not-an-object'],
    [push().replace('"type"', '"type":"image","type"'), 'duplicate-key'],
  ])('are rejected with a reason: %.60j → %s', async (text, reason) => {
    expect(rejectionsOf(await readAll(weibo, `${text}\n`)).map((one) => one.reason)).toEqual([reason]);
  });

  it('are kept with a NUL, and with a lone surrogate replaced in what is read', async () => {
    expect((await only(push().replace('私信', 'a\\u0000\\udc00'))).text).toBe('a\0\uFFFD或留言内容');
  });

  it('give every word of a dialogue', async () => {
    for (const turns of dialogues()) {
      const text = turns
        .map((turn, index) =>
          push({
            ...(turn.role === 'guest' ? {} : { sender_id: Number(HOTEL), receiver_id: Number(FAN) }),
            created_at: `Mon Jul 16 18:${String(10 + index).padStart(2, '0')}:20 +0800 2012`,
            text: turn.text,
          }),
        )
        .join('\n');
      const records = recordsOf(await readAll(weibo, text, { ownNames: [HOTEL] }));
      expect(records.map(({ from, text: said }) => [from.role, said])).toEqual(
        turns.map(({ role, text: said }) => [role === 'guest' ? 'guest' : 'staff', said]),
      );
      expect(new Set(records.map(({ placements }) => placements[0].conversation)).size).toBe(1);
    }
  });

  it('go on after any item as if it had never stopped', async () => {
    const lines = [
      push(),
      push({ type: 'event' }),
      '{',
      push({ sender_id: null }),
      push({ text: '二' }),
      '{"a',
    ];
    await expectGoesOnAnywhere(weibo, lines.join('\n'));
    await expectGoesOnAnywhere(
      weibo,
      JSON.stringify([JSON.parse(push()), JSON.parse(push({ text: '二' }))], null, 1),
    );
  });

  it('never throw, whatever the bytes and however they are cut', async () => {
    await expectUnbreakable(weibo, [
      push(),
      push({ type: 'image', data: { vfid: 1, tovfid: 2 } }),
      push({ type: 'event', data: { subtype: 'click', key: 'k' } }),
    ]);
  });
});
