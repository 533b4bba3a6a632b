import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import type { ImportProfile } from '../../../../shared/sources/import-profile.ts';
import { BEGINNING, type ImportOptions } from '../../../../shared/sources/importer.ts';
import { line } from '../../../../shared/sources/line/line.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { pieces, readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const USER = 'U4af4980629000000000000000000000a';

function event(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'message',
    message: { id: '444573844083572737', type: 'text', quoteToken: 'q', text: '駐車場はありますか' },
    webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
    deliveryContext: { isRedelivery: false },
    timestamp: 1700000000123,
    source: { type: 'user', userId: USER },
    replyToken: 'r',
    mode: 'active',
    ...changes,
  };
}

const hook = (...events: unknown[]) => JSON.stringify({ destination: USER, events });

async function only(text: string) {
  const items = await readAll(line, text);
  const [record] = recordsOf(items);
  if (record === undefined) throw new Error(`No record: ${JSON.stringify(rejectionsOf(items))}`);
  return record;
}

describe('webhooks of LINE', () => {
  it('give each message with its words, time, author and original bytes', async () => {
    const record = await only(hook(event()));
    expect(record).toMatchObject({
      sourceMessageId: '444573844083572737',
      placements: [{ conversation: USER, identifiers: [{ kind: 'line', value: USER }] }],
      at: new Date(1700000000123),
      from: { role: 'guest', id: USER, name: null },
      text: '駐車場はありますか',
      typeKnown: true,
    });
    expect(Buffer.from(record.original).toString()).toBe(JSON.stringify(event()));
  });

  it('tie an unsend to the message that it takes back', async () => {
    const record = await only(
      hook(event({ type: 'unsend', message: undefined, unsend: { messageId: '444' } })),
    );
    expect(record).toMatchObject({ recalls: '444', sourceMessageId: '01FZ74A0TDDPYRVKNK77XKC3ZR' });
  });

  it('say the same of an event that is delivered again', async () => {
    const again = event({ deliveryContext: { isRedelivery: true }, replyToken: 'r2' });
    const [one, other] = recordsOf(await readAll(line, hook(event(), again)));
    expect([other?.content, other?.sourceMessageId]).toEqual([one?.content, one?.sourceMessageId]);
  });

  it('keep what a user of a group said under that user', async () => {
    const source = { type: 'group', groupId: 'C1', userId: USER };
    expect((await only(hook(event({ source })))).placements).toEqual([
      { conversation: JSON.stringify([USER, 'C1']), identifiers: [{ kind: 'line', value: USER }] },
    ]);
    expect((await only(hook(event({ source: { type: 'room', roomId: 'R1' } })))).placements).toEqual([
      { conversation: 'R1', identifiers: [] },
    ]);
  });

  it.each([
    [{ id: '1', type: 'image', contentProvider: { type: 'line' } }, '[图片 image]', ['1']],
    [{ id: '1', type: 'audio', duration: 60000 }, '[语音 audio] 60 s', ['1']],
    [
      { id: '1', type: 'file', fileName: '予約.pdf', fileSize: 2138 },
      '[文件 file] 予約.pdf',
      ['1', '予約.pdf'],
    ],
    [
      { id: '1', type: 'location', title: 'T', address: 'A', latitude: 35.6, longitude: 139.7 },
      '[位置 location] T A (35.6, 139.7)',
      null,
    ],
    [
      { id: '1', type: 'sticker', packageId: '446', stickerId: '1988', keywords: ['thanks'] },
      '446/1988 thanks',
      null,
    ],
    [{ id: '1', type: 'text', text: 'はい', quotedMessageId: '9' }, '[引用 quotes 9]\nはい', null],
    [{ id: '1', type: 'hologram', beam: 'blue' }, 'message.beam: blue', null],
  ])('make a message readable: %j', async (message, words, refs) => {
    const record = await only(hook(event({ message })));
    expect(record.text).toContain(words);
    expect(record.attachments.map((one) => one.refs)).toEqual(refs === null ? [] : [refs]);
    expect(record.typeKnown).toBe(message.type !== 'hologram');
  });

  it.each([
    [hook(), []],
    [hook(event({ type: 'follow', message: undefined }), event({ type: 'join' })), []],
    ['{"destination":"x"}', ['missing-field:events']],
    [hook(7), ['not-an-object']],
    [hook(event({ timestamp: 'x' })), ['invalid-field:timestamp']],
    [hook(event({ source: null })), ['missing-field:source']],
    [hook(event({ message: {} })), ['missing-field:message.id']],
    [hook(event({ type: 'unsend' })), ['missing-field:unsend.messageId']],
    ['{"events":[{"type":"message","type":"x"}]}', ['duplicate-key']],
  ])('name what is wrong: %#', async (text, reasons) => {
    const items = await readAll(line, text);
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(reasons);
    expect(recordsOf(items)).toEqual([]);
  });

  it('are read on after any item, and never throw', async () => {
    await expectGoesOnAnywhere(
      line,
      [hook(event(), 5, event()), hook(), hook(event({ type: 'follow' }))].join('\n'),
    );
    await expectUnbreakable(line, []);
    await expectUnbreakable(line, [hook(event(), event({ type: 'unsend', unsend: { messageId: '1' } }))]);
  });
});

const HOTEL = '朝日ホテル';
const GUEST = '佐藤 花子';
const PROFILE: ImportProfile = { guest: { kind: 'line', value: USER } };
const OPTIONS = { timezone: 'Asia/Tokyo', ownNames: [HOTEL], profile: PROFILE };
type Options = Partial<ImportOptions>;

async function surveyed(text: string, options: Options = {}): Promise<string | null> {
  const whole = { staffAccounts: async () => new Set<string>(), ...OPTIONS, ...options };
  return (await line.survey?.(pieces(text, 4096), whole)) ?? null;
}

async function read(text: string, options: Options = {}) {
  const from = { ...BEGINNING, state: await surveyed(text, options) };
  return readAll(line, text, { ...OPTIONS, ...options, from });
}

const told = async (text: string, options: Options = {}) =>
  recordsOf(await read(text, options)).map(({ at, from, text: words }) => [
    at.toISOString(),
    from.role,
    words,
  ]);

const JAPANESE = [
  `[LINE] ${GUEST}とのトーク履歴`,
  '保存日時:2024/01/24 10:00',
  '',
  '2024/01/23(火)',
  `21:03\t${GUEST}\t何時からですか`,
  `21:03\t${GUEST}\t何時からですか`,
  `21:05\t${HOTEL}\t"14時からです。`,
  '21:06\t佐藤 花子\tforged',
  '場所は ""駅前"" です。"',
  `21:07\t${GUEST}\t[写真]`,
  '',
  '2024/01/24(水)',
  `0:10\t${GUEST}がメッセージの送信を取り消しました`,
  `0:11\t${GUEST}\t"半分の引用`,
  `0:12\t${HOTEL}\tはい\tどうぞ`,
  '',
].join('\r\n');

describe('a chat that the LINE app exported', () => {
  it('gives words, times, authors and the guest of the profile', async () => {
    expect(await told(JAPANESE)).toEqual([
      ['2024-01-23T12:03:00.000Z', 'guest', '何時からですか'],
      ['2024-01-23T12:03:00.000Z', 'guest', '何時からですか'],
      ['2024-01-23T12:05:00.000Z', 'staff', '14時からです。\n21:06\t佐藤 花子\tforged\n場所は "駅前" です。'],
      ['2024-01-23T12:07:00.000Z', 'guest', '[写真]'],
      ['2024-01-23T15:10:00.000Z', 'system', expect.stringContaining('message recalled')],
      ['2024-01-23T15:11:00.000Z', 'guest', '"半分の引用'],
      ['2024-01-23T15:12:00.000Z', 'staff', 'はい\tどうぞ'],
    ]);
    const records = recordsOf(await read(JAPANESE));
    expect(new Set(records.map(({ content }) => content)).size).toBe(records.length);
    expect(records[0]?.placements).toEqual([
      { conversation: USER, identifiers: [{ kind: 'line', value: USER }] },
    ]);
    expect(records[3]?.attachments).toHaveLength(1);
    expect(rejectionsOf(await read(JAPANESE))).toEqual([]);
  });

  it.each([
    ['2024/01/23(火)', '21:03'],
    ['2024/1/23週二', '下午9:03'],
    ['2024/01/23（二）', '下午09:03'],
    ['2024年1月23日 火曜日', '午後9:03'],
    ['R6/01/23(火)', '21:03'],
    ['2024.01.23 Tuesday', '9:03 PM'],
    ['Tue, 01/23/2024', '09:03PM'],
    ['Tue, 23/01/2024', '21:03'],
  ])('reads %s %s', async (date, time) => {
    expect(
      await told(`[LINE] Chat history with Ada\nSaved on: 1/24/2024, 11:00\n\n${date}\n${time}\tAda\thi`),
    ).toEqual([['2024-01-23T12:03:00.000Z', 'guest', 'hi']]);
  });

  it('tells day from month by the weekday, else by the whole file or the profile, else not at all', async () => {
    const day = (date: string) => `${date}\n9:00\tAda\thi\n`;
    expect((await told(day('Tue, 06/01/2026')))[0]?.[0]).toBe('2026-01-06T00:00:00.000Z');
    expect(rejectionsOf(await read(day('dim, 06/01/2026'))).map(({ reason }) => reason)).toEqual([
      'ambiguous-day-order',
    ]);
    expect((await told(day('dim, 06/01/2026') + day('lun, 13/01/2026')))[0]?.[0]).toBe(
      '2026-01-06T00:00:00.000Z',
    );
    const profile: ImportProfile = { ...PROFILE, dayOrder: 'month-first' };
    expect((await told(day('dim, 06/01/2026'), { profile }))[0]?.[0]).toBe('2026-06-01T00:00:00.000Z');
  });

  it('needs a zone, a date, and the hotel’s own name', async () => {
    expect(
      new Set(rejectionsOf(await read(JAPANESE, { timezone: null })).map(({ reason }) => reason)),
    ).toEqual(new Set(['date-without-zone']));
    expect(rejectionsOf(await read(`9:00\tAda\thi`))).toEqual([{ line: 1, reason: 'missing-date' }]);
    expect(rejectionsOf(await read(JAPANESE, { ownNames: [] }))).toEqual([
      { line: 5, reason: 'own-name-missing' },
    ]);
    expect(rejectionsOf(await read('[LINE] x\njunk'))).toEqual([{ line: 2, reason: 'not-a-chat-line' }]);
  });

  it('goes on after any item with the order and the day alone, in whatever pieces the bytes come', async () => {
    await expectGoesOnAnywhere(line, JAPANESE, { ...OPTIONS, state: await surveyed(JAPANESE) });
    await expectGoesOnAnywhere(line, JAPANESE, {
      ...OPTIONS,
      profile: null,
      state: await surveyed(JAPANESE),
    });
    for (const { end } of await read(JAPANESE))
      expect(end.state).toMatch(/^export\nopen one (\d{4}-\d\d-\d\d)?$/);
  });

  it('gives up a quote that nothing closes, in time in proportion to the file', async () => {
    const text = `2024/01/23(火)\n${`9:00\tAda\t"\n9:01\tAda\t"open\n`.repeat(2000)}${'"x"y"z\n'.repeat(LIMITS.lineBytes / 8)}`;
    expect((await read(text)).length).toBeGreaterThan(0);
  });

  it('brings real dialogues back: words, times and authors', async () => {
    for (const turns of dialogues()) {
      const lines = turns.map(({ role, text }, index) => {
        const words = text.includes('\n') ? `"${text.replaceAll('"', '""')}"` : text;
        return `9:${String(Math.floor(index / 2)).padStart(2, '0')}\t${role === 'guest' ? GUEST : HOTEL}\t${words}`;
      });
      expect(await told(`[LINE] ${GUEST}とのトーク履歴\n\n2024/01/23(火)\n${lines.join('\n')}`)).toEqual(
        turns.map(({ role, text }, index) => [
          new Date(Date.UTC(2024, 0, 23, 0, Math.floor(index / 2))).toISOString(),
          role === 'guest' ? 'guest' : 'staff',
          text.trimEnd(),
        ]),
      );
    }
  });

  it('never throws, whatever the bytes, and takes any damage', async () => {
    await expectUnbreakable(line, [], OPTIONS);
    await expectUnbreakable(line, [JAPANESE], OPTIONS);
  });
});

const CSV = [
  'アカウント名,朝日ホテル',
  'タイムゾーン,+09:00',
  'ダウンロード日時,2024/01/24 10:00',
  '送信者タイプ,送信者名,送信日,送信時刻,内容',
  'User,佐藤 花子,2024/01/23,21:03:10,何時からですか',
  'User,佐藤 花子,2024/01/23,21:03:10,何時からですか',
  'Account,フロント,2024/01/23,21:05:00,"14時から、',
  '""駅前""です"',
  'Robot,x,2024/01/23,21:05:00,?',
  'User,佐藤 花子,2024/01/23,,?',
  'User,佐藤 花子,2024/01/23,21:06:00,=HYPERLINK("x")',
  'User,佐藤 花子,2024/01/23,21:06:30,"=1+1"',
  '',
].join('\n');

describe('a chat that the LINE Official Account Manager exported', () => {
  it('gives words, times in the file’s own zone, and authors by their type', async () => {
    const items = await read(CSV, { ownNames: [], timezone: null });
    expect(
      recordsOf(items).map(({ at, from, text }) => [at.toISOString(), from.role, from.name, text]),
    ).toEqual([
      ['2024-01-23T12:03:10.000Z', 'guest', '佐藤 花子', '何時からですか'],
      ['2024-01-23T12:03:10.000Z', 'guest', '佐藤 花子', '何時からですか'],
      ['2024-01-23T12:05:00.000Z', 'staff', 'フロント', '14時から、\n"駅前"です'],
      ['2024-01-23T12:06:30.000Z', 'guest', '佐藤 花子', '=1+1'],
    ]);
    expect(rejectionsOf(items)).toEqual([
      { line: 9, reason: 'invalid-field:type' },
      { line: 10, reason: 'missing-field:time' },
      { line: 11, reason: 'bad-quoting' },
    ]);
    expect(recordsOf(items)[0]?.placements[0].identifiers).toEqual([{ kind: 'line', value: USER }]);
  });

  it('goes on after any item, and never throws', async () => {
    await expectGoesOnAnywhere(line, CSV, { ...OPTIONS, state: await surveyed(CSV) });
    await expectGoesOnAnywhere(line, CSV, { ...OPTIONS, profile: null, state: await surveyed(CSV) });
    await expectUnbreakable(line, [CSV], OPTIONS);
  });
});
