import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../../shared/domain/limits.ts';
import { stay } from '../../../../shared/sources/pms/stay.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const ZONE = { timezone: 'Asia/Shanghai' };
const HEADER = '登记编号,订单号,客人姓名,房号,入住日期,离店日期,手机号,邮箱,证件号码,国籍,状态';
const ROW = 'S1,BK-7,王芳,1203,2026-05-01,2026-05-03,13800138000,wang@example.cn,E12345678,CHN,在住';

/** The extract of 32 columns that data sets of hotel demand have; values of our own. */
const EXTRACT =
  'hotel,is_canceled,lead_time,arrival_date_year,arrival_date_month,arrival_date_week_number,arrival_date_day_of_month,stays_in_weekend_nights,stays_in_week_nights,adults,children,babies,meal,country,market_segment,distribution_channel,is_repeated_guest,previous_cancellations,previous_bookings_not_canceled,reserved_room_type,assigned_room_type,booking_changes,deposit_type,agent,company,days_in_waiting_list,customer_type,adr,required_car_parking_spaces,total_of_special_requests,reservation_status,reservation_status_date';
const STAYED =
  'City Hotel,0,12,2026,May,18,1,1,2,2,0,0,BB,CHN,Online TA,TA/TO,0,0,0,A,B,0,No Deposit,9,NULL,0,Transient,118.5,0,1,Check-Out,2026-05-04';

describe('a register of stays', () => {
  it('gives one record a row, at the arrival, linked by all that identifies the guest', async () => {
    const [record] = recordsOf(await readAll(stay, `${HEADER}\n${ROW}\n`, ZONE));
    expect(record).toMatchObject({
      sourceMessageId: 'S1',
      category: 'stay',
      at: new Date('2026-04-30T16:00:00Z'),
      from: { role: 'system', id: null, name: null },
      placements: [
        {
          conversation: '["booking","BK-7"]',
          identifiers: [
            { kind: 'booking', value: 'BK-7' },
            { kind: 'phone', value: '13800138000' },
            { kind: 'email', value: 'wang@example.cn' },
            { kind: 'document', value: 'E12345678' },
            { kind: 'name-and-room', value: '王芳 / 1203 / 2026-05-01' },
            { kind: 'name-and-room', value: '王芳 / 1203 / 2026-05-02' },
          ],
        },
      ],
      text: '[入住登记 stay] 订单号 booking: BK-7; 客人 guest: 王芳; 房号 room: 1203; 状态 status: 在住; 入住 arrival: 2026-05-01; 离店 departure: 2026-05-03; 电话 phone: 13800138000; 邮箱 e-mail: wang@example.cn; 证件号 document: E12345678; 国家 country: CHN',
    });
  });

  it('counts nights where the departure is not said, and the row’s own time before the arrival', async () => {
    const text =
      'guest name,room no,check in,nights,registered at\nWANG/FANG,1203,2026-05-01,2,2026-05-01 15:20\n';
    expect(recordsOf(await readAll(stay, text, ZONE))).toMatchObject([
      {
        at: new Date('2026-05-01T07:20:00Z'),
        placements: [
          {
            identifiers: [
              { value: 'WANG FANG / 1203 / 2026-05-01' },
              { value: 'WANG FANG / 1203 / 2026-05-02' },
            ],
          },
        ],
      },
    ]);
  });

  it.each(['WANG/FANG', 'WANG／FANG', 'ＷＡＮＧ FANG'])(
    'takes a name with any stroke for the same name: %s',
    async (name) => {
      const text = `guest name,room no,check in,nights\n${name},12／03,2026-05-01,1\n`;
      const [record] = recordsOf(await readAll(stay, text, ZONE));
      expect(record?.placements[0].identifiers).toEqual([
        { kind: 'name-and-room', value: 'WANG FANG / 12 03 / 2026-05-01' },
      ]);
    },
  );

  it('links no room to a guest who never came', async () => {
    for (const status of ['Canceled', 'No-Show', '已取消', '未到']) {
      const [record] = recordsOf(await readAll(stay, `${HEADER}\n${ROW.replace('在住', status)}\n`, ZONE));
      expect(record?.placements[0].identifiers.map(({ kind }) => kind)).toEqual([
        'booking',
        'phone',
        'email',
        'document',
      ]);
    }
  });

  it('links no more nights than the limit', async () => {
    const [record] = recordsOf(
      await readAll(stay, `${HEADER}\n${ROW.replace('2026-05-03', '2027-05-03')}\n`, ZONE),
    );
    expect(record?.placements[0].identifiers).toHaveLength(4 + LIMITS.stayNights);
  });

  it.each([
    ['a zone', 'date-without-zone', ROW, {}],
    ['a real arrival', 'invalid-date', ROW.replace('2026-05-01', '2026-02-30'), ZONE],
    ['an arrival', 'missing-field:arrival', ROW.replace('2026-05-01', ''), ZONE],
    ['a real departure', 'invalid-field:departure', ROW.replace('2026-05-03', 'soon'), ZONE],
    [
      'a departure behind the arrival',
      'invalid-field:departure',
      ROW.replace('2026-05-03', '2026-04-03'),
      ZONE,
    ],
  ])('rejects a row without %s', async (_, reason, row, options) => {
    expect(rejectionsOf(await readAll(stay, `${HEADER}\n${row}\n`, options))).toEqual([{ line: 2, reason }]);
  });
});

describe('the extract of 32 columns', () => {
  it('belongs to nobody, having no guest’s identity', async () => {
    expect(rejectionsOf(await readAll(stay, `${EXTRACT}\n${STAYED}\n`, ZONE))).toEqual([
      { line: 2, reason: 'no-guest' },
    ]);
  });

  it('is a stay where a booking number stands beside it, and NULL is nothing', async () => {
    const [record] = recordsOf(
      await readAll(stay, `${EXTRACT},booking,guest name,room\n${STAYED},BK-9,NULL,NULL\n`, ZONE),
    );
    expect(record).toMatchObject({
      at: new Date('2026-04-30T16:00:00Z'),
      placements: [{ identifiers: [{ kind: 'booking', value: 'BK-9' }] }],
    });
    expect(record?.text).toContain('日均房价 average daily rate: 118.5');
    expect(record?.text).not.toContain('NULL');
  });

  it('has a night for each of its weekend and week nights', async () => {
    const [record] = recordsOf(
      await readAll(stay, `${EXTRACT},guest name,room\n${STAYED},Wang Fang,1203\n`, ZONE),
    );
    expect(record?.placements[0].identifiers).toHaveLength(3);
  });

  it('is rejected where its day is none', async () => {
    const row = STAYED.replace(',May,18,1,', ',Mayday,18,1,');
    expect(rejectionsOf(await readAll(stay, `${EXTRACT},booking\n${row},BK-9\n`, ZONE))).toEqual([
      { line: 2, reason: 'invalid-date' },
    ]);
  });
});
