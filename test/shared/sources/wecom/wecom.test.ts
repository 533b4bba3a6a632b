import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../../../shared/domain/canonical-json.ts';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import type { Item } from '../../../../shared/sources/importer.ts';
import { parseJsonLine } from '../../../../shared/sources/json/json-line.ts';
import { isJsonObject, textOf } from '../../../../shared/sources/json/json-value.ts';
import { wecom } from '../../../../shared/sources/wecom/wecom.ts';
import { consentIn, isKnownType, readableWecom } from '../../../../shared/sources/wecom/wecom-text.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const GUEST = 'wmDkYaGAAAp3Rt7nQx0ZsVb2Lh9MeWcA';
const OTHER_GUEST = 'woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA';

function message(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    msgid: '7001_1700000000',
    action: 'send',
    from: GUEST,
    tolist: ['frontdesk01'],
    roomid: '',
    msgtime: 1700000000123,
    msgtype: 'text',
    text: { content: '请问几点可以入住?' },
    ...changes,
  };
}

function line(changes: Record<string, unknown> = {}): string {
  return JSON.stringify(message(changes));
}

async function only(text: string) {
  const [record] = recordsOf(await readAll(wecom, text));
  if (record === undefined) throw new Error('The line gave no record');
  return record;
}

describe('a WeCom archive', () => {
  it('gives each message with its words, time, author and original bytes', async () => {
    const text = line({ seq: 5 });
    expect(await only(`${text}\r\n`)).toEqual({
      kind: 'record',
      line: 1,
      number: 5n,
      end: { line: 1, offset: Buffer.byteLength(text) + 2, items: 0, state: '5-5' },
      sourceMessageId: '7001_1700000000',
      recalls: null,
      placements: [{ conversation: JSON.stringify([GUEST]), identifiers: [{ kind: 'wecom', value: GUEST }] }],
      staff: ['wecom:frontdesk01'],
      at: new Date(1700000000123),
      timeKnown: true,
      category: null,
      from: { role: 'guest', id: GUEST, name: null },
      text: '请问几点可以入住?',
      attachments: [],
      edited: false,
      edits: null,
      internal: false,
      typeKnown: true,
      sourceType: 'text',
      content: canonicalJson(JSON.parse(line())),
      original: Buffer.from(text),
    });
  });

  it('keeps what staff wrote to several guests of a room under each of them, what a guest wrote under that guest', async () => {
    const fromStaff = await only(
      line({ from: 'frontdesk01', tolist: [GUEST, 'lily', OTHER_GUEST], roomid: 'wr1' }),
    );
    expect(fromStaff.placements.map(({ conversation }) => conversation)).toEqual([
      JSON.stringify([GUEST, 'wr1']),
      JSON.stringify([OTHER_GUEST, 'wr1']),
    ]);
    expect(fromStaff.staff).toEqual(['wecom:frontdesk01', 'wecom:lily']);
    const fromGuest = await only(line({ tolist: ['lily', OTHER_GUEST], roomid: 'wr1' }));
    expect(fromGuest.placements.map(({ conversation }) => conversation)).toEqual([
      JSON.stringify([GUEST, 'wr1']),
    ]);
  });

  it('does not collect what employees write to each other, or the log of an employee’s switch (R7)', async () => {
    const items = await readAll(
      wecom,
      [
        line({ from: 'kenshin', tolist: ['icefog'] }),
        '{"msgid":"136170045508826641937","action":"switch","time":1777600821840,"user":"frontdesk"}',
      ].join('\n'),
    );
    expect(rejectionsOf(items)).toEqual([
      { line: 1, reason: 'no-guest' },
      { line: 2, reason: 'no-guest' },
    ]);
  });

  it('takes an employee whose user id begins like an external id for one where the directory knows the account', async () => {
    const text = [
      line({ from: 'wolfgang', tolist: ['kenshin'] }),
      line({ from: 'wmguest', tolist: ['kenshin'] }),
    ].join('\n');
    const items = await readAll(wecom, text, { staffAccounts: async () => new Set(['wecom:wolfgang']) });
    expect(rejectionsOf(items)).toEqual([{ line: 1, reason: 'no-guest' }]);
    expect(recordsOf(items).map(({ from }) => from)).toEqual([{ role: 'guest', id: 'wmguest', name: null }]);
  });

  it('takes an account that the directory knows for staff unless it is an external id in its full form, and names for staff', async () => {
    const staffAccounts = async () => new Set(['wecom:wm01', 'wecom:woLi', `wecom:${GUEST}`]);
    const ids = ['wm01', 'woLi', 'wm.chen', 'womei', 'wmGuest01', GUEST];
    const items = await readAll(wecom, ids.map((from) => line({ from, tolist: ['kenshin'] })).join('\n'), {
      staffAccounts,
    });
    expect(rejectionsOf(items).map(({ line, reason }) => [line, reason])).toEqual([
      [1, 'no-guest'],
      [2, 'no-guest'],
      [3, 'no-guest'],
      [4, 'no-guest'],
    ]);
    expect(recordsOf(items).map(({ from }) => from.id)).toEqual(['wmGuest01', GUEST]);
  });

  it.each([
    [{ msgtime: 'x' }, 'no-guest'],
    [{ msgid: '' }, 'no-guest'],
    [{ msgtype: undefined }, 'no-guest'],
    [{ action: 'switch', msgid: undefined }, 'no-guest'],
    [{ tolist: [{}, 'icefog'] }, 'invalid-field:tolist'],
    [{ from: undefined }, 'missing-field:from'],
    [{ from: undefined, encrypt_chat_msg: 'x' }, 'not-decrypted'],
  ])(
    'keeps no word of what employees write to each other, whatever else is wrong with it: %j',
    async (changes, reason) => {
      const [item] = await readAll(wecom, line({ from: 'kenshin', tolist: ['icefog'], ...changes }));
      expect(item).toMatchObject({ kind: 'rejected', reason, withheld: true, original: new Uint8Array(0) });
    },
  );

  it.each([
    ['{"msgid":"1","from":"kenshin","to', 'not-json'],
    [`{"from":"${GUEST}","from":"kenshin"}`, 'duplicate-key'],
    ['x'.repeat(LIMITS.lineBytes + 1), 'line-too-long'],
    ['[1]', 'not-an-object'],
  ])('keeps no word of a line that does not tell who takes part: %#', async (text, reason) => {
    const items = await readAll(wecom, text);
    expect(items.find(({ kind }) => kind === 'rejected')).toMatchObject({
      reason,
      bytes: text.length,
      withheld: true,
      original: new Uint8Array(0),
    });
  });

  it.each([
    { msgtime: 'x' },
    { from: 'kenshin', tolist: [GUEST, {}] },
    { from: undefined, tolist: [GUEST] },
    { msgid: undefined },
  ])('keeps a line of a guest for correction: %j', async (changes) => {
    const text = line(changes);
    const [item] = await readAll(wecom, text);
    expect(item).toMatchObject({ kind: 'rejected', original: Buffer.from(text) });
  });

  it('asks the directory only where an id’s shape does not tell', async () => {
    let asked = 0;
    await readAll(wecom, [line(), line({ from: 'kenshin', tolist: [OTHER_GUEST] })].join('\n'), {
      staffAccounts: async () => {
        asked += 1;
        return new Set();
      },
    });
    expect(asked).toBe(0);
  });

  it('marks a robot as such', async () => {
    expect((await only(line({ from: 'wbRobot01AAAA', tolist: [GUEST] }))).from.role).toBe('robot');
  });

  it('ties a recall to the message that it takes back, and keeps both', async () => {
    const record = await only(
      line({ action: 'recall', msgtype: 'revoke', revoke: { pre_msgid: '15908172640035518213_1777600800' } }),
    );
    expect(record.recalls).toBe('15908172640035518213_1777600800');
    expect(record.text).toContain('撤回');
  });

  it('shows integers beyond 2^53 exactly', async () => {
    const text = `{"msgid":"1","action":"send","from":"${GUEST}","tolist":[],"msgtime":1603877328914,"msgtype":"meeting","meeting":{"topic":"夕会","meetingid":11101571002822706744}}`;
    expect((await only(text)).text).toContain('meetingid: 11101571002822706744');
  });

  it.each([
    [{ msgtime: 0 }, { at: new Date(0), timeKnown: false }],
    [{ msgtime: 1700000000 }, { at: new Date(1700000000000), timeKnown: true }],
    [{ msgtime: '1700000000123' }, { at: new Date(1700000000123), timeKnown: true }],
  ])('reads the time of %j', async (changes, expected) => {
    expect(await only(line(changes))).toMatchObject(expected);
  });

  it.each([
    [{ msgtype: 'image', image: { md5sum: '50de', filesize: 70961, sdkfileid: 'x' } }, '[图片 image]', 70961],
    [
      { msgtype: 'voice', voice: { md5sum: '9d', voice_size: 6810, play_length: 10 } },
      '[语音 voice] 10 s',
      6810,
    ],
    [
      { msgtype: 'file', file: { md5sum: '18', filename: '资料.docx', filesize: 18181 } },
      '[文件 file] 资料.docx',
      18181,
    ],
  ])('names a medium and what it should be: %j', async (changes, text, bytes) => {
    const record = await only(line(changes));
    expect(record.text).toBe(text);
    expect(record.attachments).toMatchObject([
      { bytes, digest: expect.stringMatching(/^md5:/), refs: expect.any(Array) },
    ]);
  });

  it.each([
    ['agree', { agree: { userid: GUEST, agree_time: 1 } }, '同意会话存档'],
    ['disagree', { disagree: { userid: GUEST, disagree_time: 1 } }, '不同意会话存档'],
    [
      'location',
      { location: { longitude: 116.5, latitude: 39.9, address: '北京市', title: '中心' } },
      '中心 北京市 (39.9, 116.5)',
    ],
    ['card', { card: { corpname: '微信联系人', userid: GUEST } }, '微信联系人'],
    ['docmsg', { doc: { title: '入住须知', link_url: 'https://doc' } }, '入住须知\nhttps://doc'],
    ['markdown', { info: { content: '# 标题' } }, '# 标题'],
    ['external_redpacket', { redpacket: { wish: '恭喜发财' } }, '恭喜发财'],
    ['voiptext', { info: { callduration: 10, invitetype: 3 } }, 'callduration: 10'],
    [
      'mixed',
      {
        mixed: {
          item: [
            { type: 'text', content: '{"content":"你好"}' },
            { type: 'image', content: '{"filesize":1}' },
          ],
        },
      },
      '你好\n[图片 image]',
    ],
    [
      'chatrecord',
      {
        chatrecord: {
          title: '群聊',
          item: [
            { type: 'ChatRecordText', msgtime: 1603875610, content: '{"content":"test"}' },
            { type: 'ChatRecordText', msgtime: 1603875620, content: 'not json' },
          ],
        },
      },
      '群聊\n2020-10-28T09:00:10Z: test\n2020-10-28T09:00:20Z: not json',
    ],
    ['hologram', { hologram: { beam: { colour: 'blue' } } }, 'beam.colour: blue'],
  ])('makes %s readable', async (msgtype, body, words) => {
    const record = await only(line({ msgtype, text: undefined, ...body }));
    expect(record.text).toContain(words);
    expect(record.sourceType).toBe(msgtype);
  });

  it.each([
    ['not json', 'not-json'],
    ['[1]', 'not-an-object'],
    ['"text"', 'not-an-object'],
    [line({ msgid: undefined }), 'missing-field:msgid'],
    [line({ msgid: '' }), 'missing-field:msgid'],
    [line({ action: undefined }), 'missing-field:action'],
    [line({ from: undefined }), 'missing-field:from'],
    [line({ msgtime: undefined }), 'missing-field:msgtime'],
    [line({ msgtype: null }), 'missing-field:msgtype'],
    [line({ msgtype: 'revoke', action: 'recall' }), 'missing-field:revoke.pre_msgid'],
    [line({ text: undefined }), 'missing-field:text.content'],
    [line({ text: { content: 5 } }), 'missing-field:text.content'],
    [line({ msgtime: -1 }), 'invalid-field:msgtime'],
    [line({ msgtime: 1.5 }), 'invalid-field:msgtime'],
    [line({ msgtime: 'yesterday' }), 'invalid-field:msgtime'],
    [line({ msgtime: 1e20 }), 'invalid-field:msgtime'],
    [line({ from: 'a b' }), 'invalid-field:from'],
    [line({ from: ['x'] }), 'invalid-field:from'],
    ['{"errcode":0,"chatdata":[]}', 'not-decrypted'],
    ['{"seq":1,"msgid":"1","encrypt_chat_msg":"x"}', 'not-decrypted'],
    ['{"encrypt_chat_msg":"x","dualkey_unopened":"missing-key-version"}', 'missing-key-version'],
    ['{"encrypt_chat_msg":"x","dualkey_unopened":"a word"}', 'not-decrypted'],
    [line({ from: 'x'.repeat(257) }), 'invalid-field:from'],
    [line({ tolist: 'frontdesk01' }), 'invalid-field:tolist'],
    [line({ tolist: [{}] }), 'invalid-field:tolist'],
    [
      line({ from: 'staff', tolist: Array.from({ length: 51 }, (_, n) => `${GUEST}${n}`) }),
      'too-many-guests',
    ],
    ['{"msgid":"1","msgid":"2"}', 'duplicate-key'],
    ['{"id":12345678901234567890,"id":1}', 'duplicate-key'],
    [`${'['.repeat(100_000)}`, 'nested-too-deep'],
    [line({ msgid: '\ud800' }), 'invalid-field:msgid'],
  ])('rejects a line and says why: %#', async (text, reason) => {
    expect(rejectionsOf(await readAll(wecom, text))).toEqual([{ line: 1, reason }]);
  });

  const lacksIn = (items: Item[]) =>
    items.flatMap((item) =>
      item.kind !== 'lack'
        ? []
        : [
            item.lack.kind === 'truncated'
              ? 'truncated'
              : `${item.lack.kind} ${item.lack.from}-${item.lack.to}`,
          ],
    );
  const numbered = (...numbers: (number | string)[]) =>
    numbers.map((seq) => `{"seq":${seq},${line({ msgid: `m${seq}` }).slice(1)}\n`).join('');

  it.each([
    ['none', [1, 2, 3], ['sequence-span 1-3']],
    ['in the midst', [1, 2, 5, 9], ['sequence-gap 3-4', 'sequence-gap 6-8', 'sequence-span 1-9']],
    ['repeated numbers are none', [4, 4, 5, 5], ['sequence-span 4-5']],
    ['what comes late closes them', [1, 5, 3, 2, 4], ['sequence-span 1-5']],
    ['newest first', [5, 4, 2], ['sequence-gap 3-3', 'sequence-span 2-5']],
    [
      'numbers that are no count of messages are none',
      [1, '9007199254740993', '"13800138000"', '"18446744073709551615"', 3],
      ['sequence-gap 2-2', 'sequence-span 1-3'],
    ],
    [
      'what is too far away is of no numbering',
      [1, 4_000_000_000, 3],
      ['sequence-gap 2-2', 'sequence-span 1-3'],
    ],
  ])('states the gaps of its numbers: %s', async (_, numbers, expected) => {
    expect(lacksIn(await readAll(wecom, numbered(...numbers)))).toEqual(expected);
  });

  it('has no gaps where it has no numbers', async () => {
    expect(lacksIn(await readAll(wecom, [line(), line({ seq: 'x' }), line({ seq: -1 })].join('\n')))).toEqual(
      [],
    );
  });

  it('keeps what it knows of gaps within the bounds of a resume point', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => String(4_000_000_000 + index * 3));
    const items = await readAll(wecom, numbered(...numbers));
    expect(lacksIn(items)).toHaveLength(200);
    for (const { end } of items) {
      expect(end.state?.length ?? 0).toBeLessThanOrEqual(LIMITS.importStateCharacters);
    }
  });

  it('says where a file ends in the midst of a message', async () => {
    const whole = `${line()}\n${line({ msgid: '2' })}`;
    expect(lacksIn(await readAll(wecom, whole))).toEqual([]);
    const cut = await readAll(wecom, whole.slice(0, -30));
    expect(cut.map(({ kind }) => kind)).toEqual(['record', 'lack', 'rejected']);
    expect(lacksIn(cut)).toEqual(['truncated']);
    expect(lacksIn(await readAll(wecom, `${line()}\nnot json\n`))).toEqual([]);
  });

  it('shows forwarded chats within forwarded chats, with time and speaker, and gathers their media', async () => {
    const inner = {
      title: '里层',
      item: [
        { type: 'ChatRecordFile', msgtime: 1603875610000, content: '{"filename":"b.pdf","filesize":3}' },
      ],
    };
    const record = await only(
      line({
        msgtype: 'chatrecord',
        chatrecord: {
          title: '外层',
          item: [
            { type: 'ChatRecordText', msgtime: 1603875610, from: '王某', content: '{"content":"一\\n二"}' },
            {
              type: 'ChatRecordImage',
              msgtime: 1603875611,
              content: '{"md5sum":"x","filesize":18446744073709551615}',
            },
            { type: 'chatrecord', msgtime: 1603875612, content: JSON.stringify(inner) },
          ],
        },
      }),
    );
    expect(record.text).toBe(
      [
        '[聊天记录 forwarded chat] 外层',
        '2020-10-28T09:00:10Z 王某: 一',
        '  二',
        '2020-10-28T09:00:11Z: [图片 image] 18446744073709551615 bytes',
        '2020-10-28T09:00:12Z: [聊天记录 forwarded chat] 里层',
        '  2020-10-28T09:00:10Z: [文件 file] b.pdf',
      ].join('\n'),
    );
    expect(record.attachments.map(({ name, bytes }) => [name, bytes])).toEqual([
      [null, null],
      ['b.pdf', 3],
    ]);
  });

  it('ends somewhere in forwarded chats that hold each other without end', async () => {
    let content = JSON.stringify({ content: 'x' });
    for (let depth = 0; depth < 12; depth += 1) {
      content = JSON.stringify({ item: [{ type: 'ChatRecord', content }] });
      if (content.length > 400_000) break;
    }
    const record = await only(
      line({ msgtype: 'chatrecord', chatrecord: { item: [{ type: 'ChatRecord', content }] } }),
    );
    expect(record.text).toContain('[聊天记录 forwarded chat]');
  });

  it.each([
    [
      'meeting_voice_call',
      { voiceid: 'grb8', meeting_voice_call: { endtime: 1594197635 } },
      '通话编号 call: grb8',
    ],
    ['voip_doc_share', { voipid: 'gr2', voip_doc_share: { filename: 'a.docx' } }, '通话编号 call: gr2'],
  ])('names the call of a %s', async (msgtype, body, words) => {
    expect((await only(line({ msgtype, text: undefined, ...body }))).text).toContain(words);
  });

  it.each([
    [
      { msgtype: 'agree', agree: { userid: GUEST, agree_time: 1603875826656 } },
      { state: 'agreed', guest: GUEST, staff: ['frontdesk01'], at: new Date(1603875826656) },
    ],
    [
      { msgtype: 'disagree', disagree: { userid: GUEST, disagree_time: 1603875826656 } },
      { state: 'refused', guest: GUEST, staff: ['frontdesk01'], at: new Date(1603875826656) },
    ],
    [
      {
        msgtype: 'disagree',
        from: 'kenshin',
        tolist: [GUEST],
        agree: { userid: GUEST, agree_time: 1603875826 },
      },
      { state: 'refused', guest: GUEST, staff: ['kenshin'], at: new Date(1603875826000) },
    ],
    [{ msgtype: 'text' }, null],
  ])('says what a message states about consent: %#', (changes, expected) => {
    expect(consentIn(message(changes))).toEqual(expected);
  });

  it('rejects bytes that are not UTF-8, and a line that is too long, without holding it', async () => {
    const endless = Buffer.alloc(3 * LIMITS.lineBytes, 'x');
    const items = await readAll(
      wecom,
      Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), endless, Buffer.from(`\n${line()}\n`)]),
    );
    expect(rejectionsOf(items)).toEqual([
      { line: 1, reason: 'not-utf8' },
      { line: 2, reason: 'line-too-long' },
    ]);
    expect(recordsOf(items).map((record) => record.line)).toEqual([3]);
  });

  it('passes over blank lines and a byte order mark', async () => {
    const items = await readAll(wecom, `\uFEFF${line()}\n\n  \n${line({ msgid: '2' })}`);
    expect(items.map(({ kind, line }) => [kind, line])).toEqual([
      ['record', 1],
      ['skipped', 2],
      ['skipped', 3],
      ['record', 4],
    ]);
  });

  it('goes on after any item as if it had never stopped, in whatever pieces the bytes come', async () => {
    const text = [
      line(),
      'junk',
      '',
      line({ msgid: '2', seq: 7 }),
      line({ msgid: '3', text: { content: '谢谢' }, seq: 9 }),
      line({ msgid: '4', seq: 12 }),
      '{"msgid":"5","cut',
    ].join('\n');
    const whole = await readAll(wecom, text);
    for (const [index, item] of whole.entries()) {
      const rest = await readAll(wecom, text, { chunk: 7, from: item.end });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });

  it('never throws, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 50 }),
        async (bytes, chunk) => {
          const items = await readAll(wecom, bytes, { chunk });
          expect(items.at(-1)?.end.offset ?? 0).toBe(bytes.length);
        },
      ),
    );
  });

  it('makes of a damaged message a record or a reason, and nothing else', async () => {
    const shapes = [
      line(),
      line({ msgtype: 'mixed', mixed: { item: [{ type: 'text', content: '{"content":"x"}' }] } }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...shapes),
        fc.nat(),
        fc.nat(),
        fc.string({ unit: 'binary', maxLength: 6 }),
        async (shape, at, removed, inserted) => {
          const start = at % shape.length;
          const damaged = shape.slice(0, start) + inserted + shape.slice(start + (removed % 20));
          for (const item of await readAll(wecom, damaged)) {
            expect(['record', 'rejected', 'skipped', 'lack']).toContain(item.kind);
            if (item.kind === 'rejected') expect(item.reason).toMatch(/^[a-z-]+(:[a-z_.]+)?[0-9]?$/);
          }
        },
      ),
    );
  });

  it('takes any message of any shape that JSON can have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json({ maxDepth: 5 }),
        fc.constantFrom('text', 'mixed', 'chatrecord', 'x'),
        async (body, type) => {
          const text = `{"msgid":"1","action":"send","from":"${GUEST}","msgtime":1,"msgtype":"${type}","${type}":${body}}`;
          expect(await readAll(wecom, text)).toHaveLength(1);
        },
      ),
    );
  });

  const real = new URL('../../../../../shared/data/wecom-plaintext.jsonl', import.meta.url);
  const fixtures = existsSync(real)
    ? readFileSync(real, 'utf8').trim().split('\n')
    : [`{"plaintext":${line()}}`, `{"plaintext":${line({ from: 'kenshin', tolist: ['ken'] })}}`];

  it('reads payloads as the platform gives them: each is a record, or was among employees alone', async () => {
    // The payload's own text, since reading and writing it again would round integers beyond 2^53.
    const payloads = fixtures.map((fixture) => fixture.slice(fixture.indexOf('{', 1), -1));
    const items = await readAll(wecom, payloads.join('\n'));
    expect(items).toHaveLength(payloads.length);
    for (const [index, item] of items.entries()) {
      const withGuest = /"(wm|wo)[A-Za-z0-9_-]{20,}"/.test(payloads[index]?.replace(/"card":.*/, '') ?? '');
      expect([index, item.kind]).toEqual([index, withGuest ? 'record' : 'rejected']);
      if (item.kind === 'rejected') expect(item.reason).toBe('no-guest');
    }
  });

  it('makes words of every type of payload, whoever took part', () => {
    for (const fixture of fixtures) {
      const parsed = parseJsonLine(fixture.slice(fixture.indexOf('{', 1), -1));
      if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('The payload is no JSON object');
      const payload = parsed.value;
      const type = textOf(payload['msgtype']) || textOf(payload['action']);
      expect(isKnownType(type)).toBe(true);
      const { text } = readableWecom(type, payload);
      expect(text).not.toBe('');
      expect(text).not.toContain('[object');
      for (const long of fixture.match(/(?<=:\s?)\d{17,}/g) ?? []) expect(text).toContain(long);
    }
  });
});
