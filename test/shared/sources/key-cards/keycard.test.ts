import { describe, expect, it } from '@jest/globals';
import { keycard } from '../../../../shared/sources/key-cards/keycard.ts';
import { gb18030Bytes } from '../support/gb18030-bytes.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';
import { readSurveyed } from '../support/read-surveyed.ts';

const ZONE = { timezone: 'Asia/Shanghai' };
const HEADER = '事件编号,开门时间,门,房号,事件,方向,卡号,卡类型,持卡人,制卡人,订单号,客人姓名,手机号';
const ROW = 'k1,2026-05-02 01:30:00,1203 主门,1203,刷卡开门,进,0A7F21,GUEST,,desk01,BK-7,王芳,13800138000';

const KEY = {
  encoderId: 'ENC-1',
  encoderTerminal: 'DESK1',
  roomId: '1203',
  oldRoomId: '1105',
  noOfKeys: 2,
  reservationIdList: [
    { id: '48230', type: 'Reservation' },
    { id: 'CF-7', type: 'Confirmation' },
  ],
  keyValidityStart: '2026-05-01T15:00:00',
  keyValidityEnd: '2026-05-03T12:00:00',
  keyType: 'New',
  keyRequestTime: '2026-05-01T14:58:10',
  userId: 'desk01',
  cardSerialNumber: '0A7F21',
};

const EVENT = (id: number, extra = '') => `
      <SaltoDBAuditTrailEvent>
        <EventID>${id}</EventID>
        <EventDateTime>2026-05-01T18:24:12</EventDateTime>
        <Operation>17</Operation>
        <IsExit>1</IsExit>
        <DoorID>1203 &amp; lobby</DoorID>
        <SubjectType>0</SubjectType>
        <SubjectID>G-1203</SubjectID>${extra}
      </SaltoDBAuditTrailEvent>`;
const TRAIL = (events: string) =>
  `<?xml version="1.0" encoding="utf-8"?>\n<RequestResponse><RequestName>SaltoDBAuditTrail.Read</RequestName><Params><SaltoDBAuditTrail>${events}\n</SaltoDBAuditTrail></Params></RequestResponse>\n`;

describe('a table of door events', () => {
  it('is the lock system’s record of door, event, direction, holder and card', async () => {
    const [record] = recordsOf(await readAll(keycard, `${HEADER}\n${ROW}\n`, ZONE));
    expect(record).toMatchObject({
      sourceMessageId: 'k1',
      category: 'key-card',
      at: new Date('2026-05-01T17:30:00Z'),
      from: { role: 'system', id: null, name: null },
      staff: ['keycard:desk01'],
      text: '[门卡记录 key card] 门 door: 1203 主门; 房号 room: 1203; 事件 event: 刷卡开门; 方向 direction: 进 in; 持卡人 holder: 王芳; 卡 card: 0A7F21; 级别 level: GUEST; 制卡人 made by: desk01; 订单号 booking: BK-7',
      placements: [
        {
          identifiers: [
            { kind: 'booking', value: 'BK-7' },
            // After midnight is still the night that began the day before.
            { kind: 'name-and-room', value: '王芳 / 1203 / 2026-05-01' },
            { kind: 'phone', value: '13800138000' },
          ],
        },
      ],
    });
  });

  it('finds by the card alone where nothing else is said, by its holder where there is no card, else by nobody', async () => {
    const text =
      'time,door,event,card no,cardholder\n2026-05-01 09:00,Gym,open,77,\n2026-05-01 09:01,Gym,open,,G-9\n2026-05-01 09:02,Gym,forced,,\n';
    const items = await readAll(keycard, text, ZONE);
    expect(recordsOf(items).map(({ placements }) => placements[0].identifiers)).toEqual([
      [{ kind: 'card', value: '77' }],
      [{ kind: 'card', value: 'G-9' }],
    ]);
    expect(rejectionsOf(items)).toEqual([{ line: 4, reason: 'no-guest' }]);
  });

  it.each([
    ['a zone', 'date-without-zone', ROW, {}],
    ['a direction that is one', 'invalid-field:direction', ROW.replace(',进,', ',up,'), ZONE],
    ['a door or a room', 'missing-field:door', ROW.replace('1203 主门,1203', ','), ZONE],
  ])('rejects a row without %s', async (_, reason, row, options) => {
    expect(rejectionsOf(await readAll(keycard, `${HEADER}\n${row}\n`, options))).toEqual([
      { line: 2, reason },
    ]);
  });

  it('is read in GB 18030', async () => {
    const items = await readSurveyed(keycard, gb18030Bytes(`${HEADER}\n${ROW}\n`), ZONE);
    expect(recordsOf(items)).toMatchObject([{ text: expect.stringContaining('王芳') }]);
  });
});

describe('keys that OPERA Cloud had made', () => {
  it.each([
    ['an element', KEY],
    ['one under its name', { roomKeysExternal: KEY }],
    ['several under their name', { roomKeysExternal: [KEY] }],
  ])('are records of the key, for %s, with the bytes of each', async (_, document) => {
    const text = JSON.stringify(document, null, 1);
    const [record] = recordsOf(await readAll(keycard, text, ZONE));
    expect(record).toMatchObject({
      sourceMessageId: null,
      category: 'key-card',
      at: new Date('2026-05-01T06:58:10Z'),
      staff: ['keycard:desk01'],
      placements: [
        {
          identifiers: [
            { kind: 'booking', value: 'CF-7' },
            { kind: 'booking', value: '48230', issuer: 'pms-opera' },
          ],
        },
      ],
    });
    expect(record?.text).toContain('制卡 key made, New, 原房号 old room 1105, 2 张 keys');
    expect(record?.text).toContain('有效期至 valid until: 2026-05-03T12:00:00');
    expect(JSON.parse(Buffer.from(record?.original ?? []).toString())).toEqual(KEY);
  });

  it('names why one can’t be read', async () => {
    const text = [
      { ...KEY, keyRequestTime: undefined },
      7,
      { ...KEY, reservationIdList: [], cardSerialNumber: '' },
    ]
      .map((one) => JSON.stringify({ roomKeysExternal: [one] }))
      .join('\n');
    expect(rejectionsOf(await readAll(keycard, text, ZONE)).map(({ reason }) => reason)).toEqual([
      'missing-field:keyRequestTime',
      'not-an-object',
      'no-guest',
    ]);
    expect(rejectionsOf(await readAll(keycard, JSON.stringify(KEY)))).toMatchObject([
      { reason: 'date-without-zone' },
    ]);
  });
});

describe('Salto’s audit trail', () => {
  it('is one record for each event, with the event’s own bytes', async () => {
    const items = await readAll(keycard, TRAIL(EVENT(11) + EVENT(12)), ZONE);
    const records = recordsOf(items);
    expect(records.map(({ sourceMessageId }) => sourceMessageId)).toEqual(['11', '12']);
    expect(records[0]).toMatchObject({
      at: new Date('2026-05-01T10:24:12Z'),
      text: '[门卡记录 key card] 门 door: 1203 & lobby; 事件 event: Operation 17; 方向 direction: 出 out; 持卡人 holder: G-1203; 级别 level: SubjectType 0',
      placements: [{ identifiers: [{ kind: 'card', value: 'G-1203' }] }],
    });
    expect(Buffer.from(records[0]?.original ?? []).toString()).toBe(EVENT(11).trim());
  });

  it('names why an event can’t be read, and goes on', async () => {
    const events = [
      EVENT(1, '<EventID>2</EventID>'),
      EVENT(2).replace('<IsExit>1', '<IsExit>2'),
      EVENT(3).replace(/<DoorID>.*<\/DoorID>/, ''),
      EVENT(4).replace('2026-05-01T18', 'yesterday'),
      EVENT(5).replace(/<SubjectID>.*<\/SubjectID>/, ''),
      EVENT(6),
    ];
    const items = await readAll(keycard, TRAIL(events.join('')), ZONE);
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual([
      'invalid-field:EventID',
      'invalid-field:IsExit',
      'missing-field:DoorID',
      'invalid-date',
      'no-guest',
    ]);
    expect(recordsOf(items).map(({ sourceMessageId }) => sourceMessageId)).toEqual(['6']);
    expect(rejectionsOf(await readAll(keycard, TRAIL(EVENT(6))))).toMatchObject([
      { reason: 'date-without-zone' },
    ]);
  });

  it('expands no entity of a document’s own', async () => {
    const text = TRAIL(EVENT(1).replace('1203 &amp; lobby', '&a;')).replace(
      '<RequestResponse>',
      '<!DOCTYPE x [<!ENTITY a "aaaa">]><RequestResponse>',
    );
    expect(recordsOf(await readAll(keycard, text, ZONE))).toEqual([]);
  });
});

describe('each of the three', () => {
  it.each([
    ['table', `${HEADER}\n${ROW}\n"open\n${ROW}\n`],
    ['JSON', `${JSON.stringify({ roomKeysExternal: [KEY, 7, KEY] })}\n${JSON.stringify(KEY)}\n`],
    ['XML', TRAIL(EVENT(1) + EVENT(2) + EVENT(3))],
  ])('is gone on with after any item: %s', async (_, text) => {
    const whole = await readSurveyed(keycard, text, ZONE);
    expect(recordsOf(whole).length).toBeGreaterThan(1);
    for (const [index, item] of whole.entries()) {
      const rest = await readAll(keycard, text, { ...ZONE, chunk: 11, from: item.end });
      expect(rest).toEqual(whole.slice(index + 1));
    }
  });
});
