import { describe, expect, it } from '@jest/globals';
import { pmsOpera } from '../../../../shared/sources/pms/pms-opera.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable, withWrongValues } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const MESSAGE = {
  message: {
    messageText: 'Taxi at 7:00, 请叫醒',
    messageDate: '2026-05-01 09:30:00',
    typeOfMessage: 'Text',
    recipient: 'Wang Fang',
    operator: 'LILY',
    reservationId: { id: '901234', type: 'Reservation' },
    roomId: '1203',
    confirmationNo: '5567001',
    arrivalDate: '2026-04-30',
    departureDate: '2026-05-02',
  },
  delivery: {
    deliveryStatus: 'Delivered',
    deliveryDate: '2026-05-01',
    textMessageRecipientNo: '+86 138 0013 8000',
  },
  id: { id: '71', type: 'Message' },
};
const PAGE = { guestMessages: [MESSAGE, { ...MESSAGE, id: '72' }], totalPages: 1, hasMore: false };

const COMMENT = {
  comment: {
    text: { value: 'High floor please' },
    commentTitle: 'General Notes',
    type: 'GEN',
    internal: false,
    confidential: false,
    hotelId: 'SHA01',
  },
  id: '9',
  createDateTime: '2026-05-01 08:00:00.0',
  creatorId: 'LILY',
};
const MEWS = {
  Messages: [
    {
      Id: 'm-1',
      MessageThreadId: 't-1',
      Text: '有停车场吗',
      Sender: { Discriminator: 'Application', Value: null },
      CreatedUtc: '2026-05-01T01:30:00Z',
    },
    {
      Id: 'm-2',
      MessageThreadId: 't-1',
      Text: '有的',
      Sender: { Discriminator: 'Enterprise', Value: null },
      CreatedUtc: '2026-05-01T01:31:00Z',
    },
    {
      Id: 'm-3',
      MessageThreadId: 't-1',
      Text: '?',
      Sender: { Discriminator: 'Martian' },
      CreatedUtc: '2026-05-01T01:32:00Z',
    },
  ],
  Cursor: null,
};
const ZONE = { timezone: 'Asia/Shanghai' };

describe('messages of OPERA Cloud', () => {
  it('are what the desk noted for a guest, with their delivery', async () => {
    const [record, other] = recordsOf(await readAll(pmsOpera, JSON.stringify(PAGE), ZONE));
    expect(record).toMatchObject({
      sourceMessageId: 'message:71',
      at: new Date('2026-05-01T01:30:00Z'),
      from: { role: 'staff', id: 'LILY' },
      staff: ['pms-opera:LILY'],
      text: 'Taxi at 7:00, 请叫醒\n[收件人 recipient] Wang Fang\n[类型 type] Text\n[送达 delivery] Delivered 2026-05-01',
      internal: false,
      placements: [
        {
          conversation: '["reservation","901234"]',
          identifiers: [
            { kind: 'booking', value: '901234', issuer: 'pms-opera' },
            { kind: 'booking', value: '5567001' },
            { kind: 'phone', value: '+86 138 0013 8000' },
          ],
        },
      ],
    });
    expect(Buffer.from(record?.original ?? []).toString()).toBe(JSON.stringify(MESSAGE));
    expect(other?.sourceMessageId).toBe('message:72');
  });

  it('have times without a zone: one must be given', async () => {
    expect(rejectionsOf(await readAll(pmsOpera, JSON.stringify({ guestMessages: [MESSAGE] })))).toEqual([
      { line: 1, reason: 'date-without-zone' },
    ]);
  });

  it('name what they lack', async () => {
    const items = await readAll(
      pmsOpera,
      JSON.stringify({
        guestMessages: [
          { id: 1 },
          { message: { messageText: 'x' } },
          { message: { messageDate: '2026-05-01 09:30' } },
          7,
        ],
      }),
      ZONE,
    );
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual([
      'missing-field:message',
      'missing-field:messageDate',
      'no-guest',
      'not-an-object',
    ]);
  });
});

describe('comments of reservations', () => {
  it('belong to the reservation beside them, wherever they stand in it', async () => {
    const ids = [
      { id: '901234', type: 'Reservation' },
      { id: '5567001', type: 'Confirmation' },
    ];
    const infos = [
      { comment: COMMENT.comment, id: '9', createDateTime: COMMENT.createDateTime, creatorId: 'LILY' },
    ];
    for (const value of [
      { reservationIdList: ids, comments: infos },
      { reservations: { reservation: [{ reservationIdList: ids, comments: infos }] } },
      { reservationIdList: ids, comments: [{ commentInfo: infos[0] }] },
      { ...infos[0], reservationIdList: ids },
    ]) {
      const [record] = recordsOf(await readAll(pmsOpera, JSON.stringify(value), ZONE));
      expect(record).toMatchObject({
        sourceMessageId: 'comment:9',
        text: '[备注 comment] General Notes · GEN\nHigh floor please',
        internal: false,
        at: new Date('2026-05-01T00:00:00Z'),
        placements: [
          {
            identifiers: [
              { kind: 'booking', value: '901234', issuer: 'pms-opera' },
              { kind: 'booking', value: '5567001' },
            ],
          },
        ],
      });
    }
  });

  it.each(['internal', 'confidential'])('are internal notes where they are %s', async (field) => {
    const comments = [{ ...COMMENT, comment: { ...COMMENT.comment, [field]: true } }];
    const [record] = recordsOf(
      await readAll(pmsOpera, JSON.stringify({ reservationId: '1', comments }), ZONE),
    );
    expect(record).toMatchObject({ internal: true, category: 'complaint-plan', from: { role: 'staff' } });
  });

  it('show markup as text', async () => {
    const comments = [
      { ...COMMENT, comment: { ...COMMENT.comment, text: { value: '<p>a<script>b()</script></p>' } } },
    ];
    const [record] = recordsOf(
      await readAll(pmsOpera, JSON.stringify({ reservationId: '1', comments }), ZONE),
    );
    expect(record?.text).toContain('a b()');
  });
});

describe('messages of Mews', () => {
  it('are the guest’s where an application sent them, the hotel’s where the enterprise did', async () => {
    const records = recordsOf(await readAll(pmsOpera, JSON.stringify(MEWS)));
    expect(
      records.map(({ sourceMessageId, from, text, typeKnown }) => [
        sourceMessageId,
        from.role,
        text,
        typeKnown,
      ]),
    ).toEqual([
      ['m-1', 'guest', '有停车场吗', true],
      ['m-2', 'staff', '有的', true],
      ['m-3', 'system', '?', false],
    ]);
    expect(records[0]).toMatchObject({
      at: new Date('2026-05-01T01:30:00Z'),
      placements: [{ identifiers: [{ kind: 'ticket', value: 't-1' }] }],
    });
  });
});

describe('files of the property system', () => {
  it('are gone on with after any item, in any pieces', async () => {
    await expectGoesOnAnywhere(
      pmsOpera,
      [PAGE, MEWS, { x: 1 }].map((one) => JSON.stringify(one)).join('\n'),
      ZONE,
    );
    await expectGoesOnAnywhere(pmsOpera, JSON.stringify([PAGE, MEWS], null, 1), ZONE);
  });

  it('never break', async () => {
    for (const value of [PAGE, { reservationId: '1', comments: [COMMENT] }, MEWS]) {
      for (const text of withWrongValues(value)) await readAll(pmsOpera, text, ZONE);
    }
    await expectUnbreakable(pmsOpera, [
      JSON.stringify(PAGE),
      JSON.stringify({ reservationId: 1, comments: [COMMENT] }),
      JSON.stringify(MEWS),
    ]);
  });
});
