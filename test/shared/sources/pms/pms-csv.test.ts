import { describe, expect, it } from '@jest/globals';
import { pmsCsv } from '../../../../shared/sources/pms/pms-csv.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const ZONE = { timezone: 'Asia/Shanghai' };
const HEADER =
  '备注编号,预订号,录入时间,工号,操作员姓名,备注类型,标题,备注内容,客人姓名,房号,入住日期,离店日期,手机号,证件号码';
const ROW =
  'n1,BK-7,2026/5/1 9:30,E7,赵敏,宾客留言,叫醒,明早六点叫醒,王芳,1203,2026-05-01,2026-05-03,13800138000,E12345678';

describe('messages and notes of a property management system', () => {
  it('are read with who wrote them, and all by which the guest is found', async () => {
    expect(recordsOf(await readAll(pmsCsv, `${HEADER}\n${ROW}\n`, ZONE))).toMatchObject([
      {
        sourceMessageId: 'n1',
        at: new Date('2026-05-01T01:30:00Z'),
        from: { role: 'staff', id: 'E7', name: '赵敏' },
        staff: ['pms-csv:E7'],
        text: '[备注 note] 标题 title: 叫醒\n明早六点叫醒',
        internal: false,
        category: null,
        sourceType: '宾客留言',
        placements: [
          {
            identifiers: [
              { kind: 'booking', value: 'BK-7' },
              { kind: 'phone', value: '13800138000' },
              { kind: 'document', value: 'E12345678' },
              { kind: 'name-and-room', value: '王芳 / 1203 / 2026-05-01' },
              { kind: 'name-and-room', value: '王芳 / 1203 / 2026-05-02' },
            ],
          },
        ],
      },
    ]);
  });

  it('are a guest’s words where the row says so', async () => {
    const text =
      'reservation no,created at,role,guest name,note\nBK-7,2026-05-01T09:30:00Z,Guest,Wang,quiet room please\n';
    expect(recordsOf(await readAll(pmsCsv, text))).toMatchObject([
      { from: { role: 'guest' }, text: 'quiet room please', internal: false },
    ]);
  });

  it.each([
    ['internal', 'yes'],
    ['是否内部', '是'],
    ['note type', 'Internal'],
    ['备注类型', '内部备注'],
  ])('are never a guest’s words where they are internal (%s: %s)', async (header, cell) => {
    const text = `booking,time,role,text,${header}\nBK-7,2026-05-01T09:30:00Z,guest,offer one night,${cell}\n`;
    expect(recordsOf(await readAll(pmsCsv, text))).toMatchObject([
      { internal: true, category: 'complaint-plan', from: { role: 'staff' } },
    ]);
  });

  it('are rejected where nobody can tell whether they are internal', async () => {
    const text =
      'booking,time,text,internal\nBK-7,2026-05-01T09:30:00Z,x,maybe\nBK-7,2026-05-01T09:30:00Z,x,否\n';
    const items = await readAll(pmsCsv, text);
    expect(rejectionsOf(items)).toEqual([{ line: 2, reason: 'invalid-field:internal' }]);
    expect(recordsOf(items)).toHaveLength(1);
  });

  it.each([
    ['a guest', 'no-guest', ',2026-05-01T09:30:00Z,x,'],
    ['a time', 'missing-field:at', 'BK-7,,x,'],
    ['a zone', 'date-without-zone', 'BK-7,2026-05-01 09:30,x,'],
    ['words', 'missing-field:text', 'BK-7,2026-05-01T09:30:00Z,NULL,'],
    ['a category that is collected', 'employee-not-collected', 'BK-7,2026-05-01T09:30:00Z,x,员工工作沟通'],
  ])('are rejected without %s', async (_, reason, row) => {
    expect(rejectionsOf(await readAll(pmsCsv, `booking,time,text,category\n${row}\n`))).toEqual([
      { line: 2, reason },
    ]);
  });
});
