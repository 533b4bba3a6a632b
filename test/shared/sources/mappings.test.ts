import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Source } from '../../../shared/domain/record.ts';
import { importerOf } from '../../../shared/sources/built-sources.ts';
import { importProfileSchema } from '../../../shared/sources/import-profile.ts';
import { gb18030Bytes } from './support/gb18030-bytes.ts';
import { recordsOf, rejectionsOf } from './support/read-all.ts';
import { readSurveyed } from './support/read-surveyed.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/sources/mappings');

function mapping(name: string) {
  return importProfileSchema.parse(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
}

/** Of each mapping: its source, rows of our own as such a file has them, and what becomes of the first. */
const SAMPLES: { name: string; source: Source; timezone: string | null; rows: string; expected: object }[] = [
  {
    name: 'template',
    source: 'ctrip',
    timezone: null,
    rows: '订单号,Sent at,Sender type,发送方,内容\n36912345,01/05/2026 09:30,C,王芳,您好\n',
    expected: { at: new Date('2026-05-01T01:30:00Z'), from: { role: 'guest', name: '王芳' }, text: '您好' },
  },
  {
    name: 'ctrip-ebooking',
    source: 'ctrip',
    timezone: null,
    rows: '携程订单号,会话ID,发送时间,发送方类型,昵称,消息内容,图片\n36912345,c9,2026-05-01 09:30:00,携程用户,王芳,几点可以入住,\n36912345,c9,2026-05-01 09:31:00,商家,前台,两点以后,房型.png\n',
    expected: {
      at: new Date('2026-05-01T01:30:00Z'),
      from: { role: 'guest', name: '王芳' },
      placements: [{ conversation: 'c9', identifiers: [{ kind: 'booking', value: '36912345' }] }],
    },
  },
  {
    name: 'kingdee',
    source: 'pms-csv',
    timezone: null,
    rows: '单据编号,预订单号,录入时间,操作员工号,操作员,备注内容,宾客姓名,房号,抵店日期,离店日期,联系电话\nKD-1,BK-7,2026/5/1 9:30:00,E7,赵敏,加床一张,王芳,1203,2026/5/1,2026/5/2,13800138000\n',
    expected: {
      sourceMessageId: 'KD-1',
      from: { role: 'staff', id: 'E7', name: '赵敏' },
      text: '加床一张',
      placements: [
        {
          identifiers: [
            { kind: 'booking', value: 'BK-7' },
            { kind: 'phone', value: '13800138000' },
            { kind: 'name-and-room', value: '王芳 / 1203 / 2026-05-01' },
          ],
        },
      ],
    },
  },
  {
    name: 'huazhu',
    source: 'pms-csv',
    timezone: null,
    rows: '留言编号,接待单号,留言时间,留言方,留言人,留言内容,入住人,房间号,入住时间\nHZ-1,R-9,2026-05-01 21:05,会员,王芳,请送两瓶水,王芳,8016,2026-05-01 14:10\n',
    expected: {
      sourceMessageId: 'HZ-1',
      from: { role: 'guest', name: '王芳' },
      placements: [
        {
          identifiers: [
            { kind: 'booking', value: 'R-9' },
            { kind: 'name-and-room', value: '王芳 / 8016 / 2026-05-01' },
          ],
        },
      ],
    },
  },
  {
    name: 'dormakaba-ilco',
    source: 'keycard',
    timezone: 'America/Toronto',
    rows: 'Lock,Room No.,Level,Authorization No.,Sequence ID,Creation time,Entry\nMain,412,GUEST,14,9705-005,03/19/2007 3:02P,03/20/2007 7:48A\n',
    expected: {
      at: new Date('2007-03-20T11:48:00Z'),
      sourceMessageId: null,
      staff: ['keycard:14'],
      placements: [{ identifiers: [{ kind: 'card', value: '9705-005' }] }],
      text: '[门卡记录 key card] 门 door: Main; 房号 room: 412; 卡 card: 9705-005; 级别 level: GUEST; 有效期自 valid from: 03/19/2007 3:02P; 制卡人 made by: 14',
    },
  },
  {
    name: 'salto',
    source: 'keycard',
    timezone: 'Asia/Singapore',
    rows: 'EventID;EventDateTime;Operation;OperationDescription;IsExit;DoorID;SubjectType;SubjectID\n12;2026-05-01T18:24:12;17;Door opened: key;0;Room 1203;0;G-1203\n',
    expected: {
      sourceMessageId: '12',
      at: new Date('2026-05-01T10:24:12Z'),
      text: '[门卡记录 key card] 门 door: Room 1203; 事件 event: Door opened: key; 方向 direction: 进 in; 持卡人 holder: G-1203; 级别 level: 0; 备注 remarks: 17',
    },
  },
  {
    name: 'assa-abloy',
    source: 'keycard',
    timezone: 'Europe/Berlin',
    rows: 'Timestamp,Lock,Guest room,Event description,Card serial,User group,Reservation\n01.05.2026 18:24:12,Door 1203,1203,Opened,0A7F21,Guest,BK-7\n',
    expected: {
      at: new Date('2026-05-01T16:24:12Z'),
      placements: [{ identifiers: [{ kind: 'booking', value: 'BK-7' }] }],
    },
  },
];

describe('the ready mappings', () => {
  it('are all of those of the folder', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(SAMPLES.map(({ name }) => `${name}.json`).sort());
  });

  it.each(SAMPLES)('$name reads a file of its kind', async ({ name, source, timezone, rows, expected }) => {
    const importer = importerOf(source);
    if (importer === null) throw new Error(`${source} has no importer`);
    const profile = mapping(name);
    const items = await readSurveyed(importer, rows, { profile, timezone });
    expect(rejectionsOf(items)).toEqual([]);
    expect(recordsOf(items)[0]).toMatchObject(expected);
    if (profile.encoding === undefined) {
      const chinese = await readSurveyed(importer, gb18030Bytes(rows), { profile, timezone });
      expect(recordsOf(chinese).map(({ content }) => content)).toEqual(
        recordsOf(items).map(({ content }) => content),
      );
    }
  });

  it.each(SAMPLES.filter(({ source }) => source === 'keycard'))(
    '$name leaves the zone of the locks to the hotel',
    async ({ name, rows }) => {
      const items = await readSurveyed(importerOf('keycard') ?? raise(), rows, { profile: mapping(name) });
      expect(rejectionsOf(items)).toEqual([{ line: 2, reason: 'date-without-zone' }]);
    },
  );
});

function raise(): never {
  throw new Error('keycard has no importer');
}
