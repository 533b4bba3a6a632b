import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { Identifier } from '../../../shared/domain/record.ts';
import { type IngestWorld, ingestWorld } from './ingest-world.ts';

const SHARED_NUMBER = '1234567';
const INTERNAL = 'message_id,at,conversation,from_role,text,phone,email,wecom,booking';
const STAY =
  'record_id,at,booking,guest_name,room,arrival,departure,phone,email,document_type,document,country';
let made = 0;

async function take(world: IngestWorld, text: string, changes: Partial<Batch>) {
  const batchId = await world.upload(text, { timezone: 'Asia/Shanghai', ...changes });
  const { outcome, error } = await world.run(batchId);
  expect([outcome, error]).toEqual(['committed', null]);
  return world.batch(batchId);
}

/** A row of the internal system: its identifiers in order phone, email, wecom, booking. */
function internalRow(
  text: string,
  phone = '',
  email = '',
  wecom = '',
  booking = '',
  conversation = '',
): string {
  made += 1;
  const at = new Date(Date.UTC(2026, 4, 1, 0, made)).toISOString();
  return `i${made},${at},${conversation || `c${made}`},staff,${text},${phone},${email},${wecom},${booking}`;
}

function internal(world: IngestWorld, ...rows: string[]) {
  return take(world, [INTERNAL, ...rows].join('\n'), { source: 'internal' });
}

/** A registration, without name and room. */
function stayRow(ids: {
  booking?: string;
  phone?: string;
  document?: string;
  type?: string;
  country?: string;
}): string {
  made += 1;
  const { booking = '', phone = '', document = '', type = '', country = '' } = ids;
  return `s${made},2026-05-01 12:00,${booking},,,2026-05-01,2026-05-03,${phone},,${type},${document},${country}`;
}

function stay(world: IngestWorld, ...rows: string[]) {
  return take(world, [STAY, ...rows].join('\n'), { source: 'stay' });
}

async function people(world: IngestWorld, ...identifiers: Identifier[]): Promise<number> {
  const found = await Promise.all(identifiers.map((one) => world.guestsOf(one)));
  return new Set(found.map((guests) => guests.join(' '))).size;
}

const phone = (value: string): Identifier => ({ kind: 'phone', value });
const [ANNA, BERT] = ['13800138000', '13900139000'];

describe('one number that several systems gave to different guests', () => {
  it('joins a guest of Booking.com with nobody whom OPERA or the hotel’s own numbering calls the same', async () => {
    const world = ingestWorld();
    const said = (id: string) => ({
      ...{ message_id: id, content: id, timestamp: '2026-05-01T10:00:00Z' },
      conversation: { conversation_id: `c-${id}`, conversation_reference: SHARED_NUMBER },
    });
    await take(world, JSON.stringify({ data: { messages: [said('agency')] } }), { source: 'booking' });
    const opera = {
      guestMessages: [
        {
          id: { id: '1' },
          message: {
            ...{ messageText: 'opera', messageDate: '2026-05-01T10:00:00' },
            reservationId: { id: SHARED_NUMBER, type: 'Reservation' },
          },
          delivery: { textMessageRecipientNo: ANNA },
        },
      ],
    };
    await take(world, JSON.stringify(opera), { source: 'pms-opera' });
    await internal(world, internalRow('house', BERT, '', '', SHARED_NUMBER));
    const issued = (issuer: string): Identifier => ({ kind: 'booking', value: SHARED_NUMBER, issuer });
    expect(await people(world, issued('booking'), issued('pms-opera'), issued('hotel'))).toBe(3);
    expect(await world.guestsOf(phone(ANNA))).toEqual(await world.guestsOf(issued('pms-opera')));
    // Whoever types the number names no issuer: everybody whom it may mean is found.
    expect(await world.guestsOf({ kind: 'booking', value: SHARED_NUMBER })).toHaveLength(3);
  });

  it('is the hotel’s confirmation number for every system of the hotel, and for the agency that quotes it', async () => {
    const world = ingestWorld();
    await internal(world, internalRow('house', ANNA, '', '', 'CF-7'));
    await stay(world, stayRow({ booking: 'CF-7' }));
    const thread = {
      messageThread: {
        ...{ id: 't1', reservationSummary: { id: SHARED_NUMBER, alternativeIds: [{ supplierId: 'CF-7' }] } },
        messages: [
          {
            id: 'm1',
            creationDateTimeUtc: '2026-05-01T10:00:00Z',
            fromRole: 'TRAVELER',
            body: { value: 'expedia' },
          },
        ],
      },
    };
    await take(world, JSON.stringify(thread), { source: 'expedia' });
    const texts = (await world.recordsFor(phone(ANNA))).map(({ platform }) => platform).sort();
    expect(texts).toEqual(expect.arrayContaining(['internal', 'stay']));
    expect(await world.guestsOf({ kind: 'booking', value: SHARED_NUMBER, issuer: 'expedia' })).not.toEqual(
      [],
    );
  });

  it('is a ticket of Zendesk and one of Salesforce, and two requesters', async () => {
    const world = ingestWorld();
    const at = '2026-05-01T10:00:00Z';
    const ticket = {
      ...{ id: 42, requester_id: 7, subject: 'q', created_at: at },
      comments: [{ id: 1, author_id: 7, plain_body: 'zendesk', public: true, created_at: at }],
    };
    await take(world, JSON.stringify(ticket), { source: 'crm-zendesk' });
    const zendesk = await world.guestsOf({ kind: 'ticket', value: '42', issuer: 'crm-zendesk' });
    expect(zendesk).toHaveLength(1);
    expect(await world.guestsOf({ kind: 'ticket', value: '42' })).toEqual(zendesk);
    expect(await world.guestsOf({ kind: 'ticket', value: '42', issuer: 'crm-salesforce' })).toEqual([]);
  });
});

describe('the number of a document', () => {
  const document: Identifier = { kind: 'document', value: 'E12345678' };

  it('of which nobody says whose country’s it is finds its guests, and joins none', async () => {
    const world = ingestWorld();
    await stay(world, stayRow({ phone: ANNA, document: 'E12345678' }));
    await stay(world, stayRow({ phone: BERT, document: 'E12345678' }));
    expect(await people(world, phone(ANNA), phone(BERT))).toBe(2);
    expect(await world.guestsOf(document)).toHaveLength(2);
    // A crafted row adds a number that is known to a guest whom it names, and doesn't join the two.
    await internal(world, internalRow('x', '', 'bert@example.cn'));
    await stay(world, stayRow({ phone: BERT, document: 'E12345678' }));
    expect(await people(world, phone(ANNA), phone(BERT))).toBe(2);
    expect(await world.guestsOf(document)).toHaveLength(2);
  });

  it('finds the guest of a row that says nothing else', async () => {
    const world = ingestWorld();
    await stay(world, stayRow({ phone: ANNA, document: 'E12345678' }));
    await stay(world, stayRow({ document: 'E12345678' }));
    expect(await world.recordsFor(phone(ANNA))).toHaveLength(2);
  });

  it('of which the row states kind and country joins the same one alone', async () => {
    const world = ingestWorld();
    const passport = { document: 'E12345678', type: '护照' };
    await stay(world, stayRow({ phone: ANNA, ...passport, country: '中国' }));
    await stay(world, stayRow({ phone: BERT, ...passport, country: 'Germany' }));
    expect(await people(world, phone(ANNA), phone(BERT))).toBe(2);
    await stay(world, stayRow({ phone: '13700137000', ...passport, country: 'CN' }));
    expect(await people(world, phone(ANNA), phone('13700137000'))).toBe(1);
    expect(await world.guestsOf(document)).toHaveLength(2);
  });

  it('is a resident’s by its check character, whatever the row says of it', async () => {
    const world = ingestWorld();
    await stay(world, stayRow({ phone: ANNA, document: '11010519491231002X' }));
    await stay(world, stayRow({ phone: BERT, document: '110105 19491231 002x' }));
    expect(await people(world, phone(ANNA), phone(BERT))).toBe(1);
    // One digit off is nobody's proof.
    await stay(world, stayRow({ phone: '13700137000', document: '110105194912310021' }));
    await stay(world, stayRow({ phone: '13600136000', document: '110105194912310021' }));
    expect(await people(world, phone('13700137000'), phone('13600136000'))).toBe(2);
  });
});

describe('what stands for nothing joins nobody', () => {
  it.each(['0', 'N/A', '-', 'unknown', '000000', '无', '未知', 'null', '99999999'])(
    'as a booking: %s',
    async (nothing) => {
      const world = ingestWorld();
      await internal(world, internalRow('a', ANNA, '', '', nothing), internalRow('b', BERT, '', '', nothing));
      expect(await people(world, phone(ANNA), phone(BERT))).toBe(2);
      expect(await world.guestsOf({ kind: 'booking', value: nothing })).toEqual([]);
    },
  );

  it.each([
    ['phone', '00000000000'],
    ['email', 'none@none.com'],
    ['email', 'no-reply@example.cn'],
    ['wecom', 'unknown'],
  ] as const)('as %s: %s', async (kind, nothing) => {
    const world = ingestWorld();
    const rowOf = (text: string, booking: string) => {
      const value = (column: string) => (column === kind ? nothing : '');
      return internalRow(text, value('phone'), value('email'), value('wecom'), booking);
    };
    const { rejected } = await internal(world, rowOf('a', 'BK-1'), rowOf('b', 'BK-2'));
    expect(rejected).toEqual([]);
    expect(await people(world, { kind: 'booking', value: 'BK-1' }, { kind: 'booking', value: 'BK-2' })).toBe(
      2,
    );
  });

  it('nor as the name of a conversation: its rows belong to whom they name', async () => {
    const world = ingestWorld();
    await stay(world, stayRow({ booking: 'N/A', phone: ANNA }), stayRow({ booking: 'N/A', phone: BERT }));
    expect(await people(world, phone(ANNA), phone(BERT))).toBe(2);
    const { rejected } = await stay(world, stayRow({ booking: 'N/A' }));
    expect(rejected).toMatchObject([{ reason: 'guest-not-identified' }]);
  });

  it('nor the hotel’s own number or address', async () => {
    const world = ingestWorld(['021-62345678', 'desk@hotel.example']);
    await internal(
      world,
      internalRow('a', '+86 21 6234 5678', 'anna@example.cn'),
      internalRow('b', '02162345678', 'bert@example.cn'),
      internalRow('c', ANNA, 'Desk@Hotel.example'),
      internalRow('d', BERT, 'desk@hotel.example'),
    );
    const mail = (value: string): Identifier => ({ kind: 'email', value });
    expect(
      await people(world, mail('anna@example.cn'), mail('bert@example.cn'), phone(ANNA), phone(BERT)),
    ).toBe(4);
    expect(await world.guestsOf(phone('021-62345678'))).toEqual([]);
  });
});

describe('a conversation', () => {
  it('that one guest has is not another’s whom a row of it names for the first time', async () => {
    const world = ingestWorld();
    await internal(
      world,
      internalRow('a', ANNA, '', '', '', 'front desk'),
      internalRow('b', BERT, '', '', '', 'front desk'),
    );
    expect(await people(world, phone(ANNA), phone(BERT))).toBe(2);
  });

  it('are not one person for a phone number that an agency gives for all of them', async () => {
    const world = ingestWorld();
    const documents = ['11010519491231002X', '110105194912310038', '440524188001010014'];
    await stay(
      world,
      ...documents.map((document, index) =>
        stayRow({ booking: `B${index}`, phone: ANNA, document, type: '居民身份证', country: 'CN' }),
      ),
    );
    expect(await people(world, ...documents.map((value): Identifier => ({ kind: 'document', value })))).toBe(
      3,
    );
    // Whoever came first keeps the number, and the number alone still finds somebody.
    expect(await world.guestsOf(phone(ANNA))).toEqual(
      await world.guestsOf({ kind: 'document', value: documents[0] ?? '' }),
    );
  });
});
