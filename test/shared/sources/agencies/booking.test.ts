import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { booking } from '../../../../shared/sources/agencies/booking.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const GUEST = '92cc9ac5-0000-4000-8000-000000000001';
const HOTEL = '94914645-0000-4000-8000-000000000002';
const CONVERSATION = '3a3e7a2c-0000-4000-8000-000000000003';

function message(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    message_id: '4ad42260-e0aa-11ea-b1cb-0975761ce091',
    message_type: 'free_text',
    content: '请问可以延迟退房吗?',
    timestamp: '2026-05-01T09:30:00.000Z',
    sender: { participant_id: GUEST, metadata: { participant_type: 'guest', name: '王伟' } },
    conversation: {
      conversation_id: CONVERSATION,
      conversation_type: 'reservation',
      conversation_reference: '3812391309',
    },
    attachment_ids: [],
    ...changes,
  };
}

const latest = (...messages: unknown[]) =>
  JSON.stringify({ meta: { ruid: 'x' }, warnings: [], errors: [], data: { messages, ok: true } });

async function only(text: string, options = {}) {
  const items = await readAll(booking, text, options);
  const [record] = recordsOf(items);
  if (record === undefined) throw new Error(`No record: ${JSON.stringify(rejectionsOf(items))}`);
  return record;
}

it('is no conversation for a title alone: two guests may have one name', async () => {
  const thread = {
    title: 'John Smith',
    messages: [{ id: '1', message: 'hi', sender: 'guest', inserted_at: '2026-05-01T01:00:00Z' }],
  };
  const items = await readAll(booking, JSON.stringify(thread), { timezone: 'UTC' });
  expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(['missing-field:conversation_id']);
});

describe('messages of Booking.com', () => {
  it('gives each message with its words, time, author, reservation and original bytes', async () => {
    const record = await only(latest(message()));
    expect(record).toMatchObject({
      sourceMessageId: '4ad42260-e0aa-11ea-b1cb-0975761ce091',
      placements: [{ conversation: CONVERSATION, identifiers: [{ kind: 'booking', value: '3812391309' }] }],
      at: new Date('2026-05-01T09:30:00Z'),
      from: { role: 'guest', id: GUEST, name: '王伟' },
      text: '请问可以延迟退房吗?',
      sourceType: 'free_text',
      typeKnown: true,
      edited: false,
    });
    expect(Buffer.from(record.original).toString()).toBe(JSON.stringify(message()));
  });

  it.each([
    ['hotel', 'staff'],
    ['PROPERTY', 'staff'],
    ['GUEST', 'guest'],
    ['Guest', 'guest'],
    ['concierge', 'system'],
  ])('takes a participant %s for %s', async (type, role) => {
    const sender = { participant_id: HOTEL, metadata: { participant_type: type } };
    expect((await only(latest(message({ sender })))).from.role).toBe(role);
  });

  it('finds who wrote a message of a conversation page among the participants', async () => {
    const page = {
      data: {
        conversation: {
          conversation_id: CONVERSATION,
          conversation_reference: '3812391309',
          participants: [
            { participant_id: GUEST, metadata: { participant_type: 'guest' } },
            { participant_id: HOTEL, metadata: { type: 'Hotel' } },
          ],
          messages: [
            { message_id: 'a', content: '你好', timestamp: '2026-05-01T09:30:00Z', sender_id: GUEST },
            { message_id: 'b', content: '您好', timestamp: '2026-05-01T09:31:00Z', sender_id: HOTEL },
            { message_id: 'c', content: '?', timestamp: '2026-05-01T09:32:00Z', sender_id: 'nobody' },
          ],
        },
      },
    };
    const records = recordsOf(await readAll(booking, JSON.stringify(page, null, 2)));
    expect(records.map(({ from }) => from.role)).toEqual(['guest', 'staff', 'system']);
    expect(new Set(records.map(({ placements }) => JSON.stringify(placements))).size).toBe(1);
    expect(records[0]?.placements[0].identifiers).toEqual([{ kind: 'booking', value: '3812391309' }]);
  });

  it('says the same of one message, whichever page it came in', async () => {
    const bare = {
      message_id: '4ad42260-e0aa-11ea-b1cb-0975761ce091',
      content: '请问可以延迟退房吗?',
      timestamp: '2026-05-01T09:30:00Z',
      sender_id: GUEST,
    };
    const participants = [{ participant_id: GUEST, metadata: { participant_type: 'guest' } }];
    const conversation = { conversation_id: CONVERSATION, participants, messages: [bare] };
    const [one, other] = await Promise.all([
      only(latest(message())),
      only(JSON.stringify({ data: { conversation } })),
    ]);
    expect(other.content).toBe(one.content);
    expect(other.placements[0].conversation).toBe(one.placements[0].conversation);
  });

  it.each(['conversation', 'conversations'])('reads the Demand API, which writes data.%s', async (name) => {
    const page = {
      data: {
        [name]: {
          id: 'f3a9',
          reservation: 4380765874,
          messages: [
            {
              id: 'm1',
              content: 'Welcome!',
              timestamp: '2026-05-01T09:30:00+00:00',
              sender: HOTEL,
              attachments: [],
            },
            {
              id: 'm2',
              content: 'Thanks',
              timestamp: '2026-05-01T09:31:00+00:00',
              sender: { participant: GUEST, metadata: { type: 'guest', name: 'Ada' } },
            },
          ],
        },
      },
    };
    expect(recordsOf(await readAll(booking, JSON.stringify(page)))).toMatchObject([
      { text: 'Welcome!', from: { role: 'system', id: HOTEL }, placements: [{ conversation: 'f3a9' }] },
      {
        text: 'Thanks',
        from: { role: 'guest', id: GUEST, name: 'Ada' },
        placements: [{ identifiers: [{ kind: 'booking', value: '4380765874' }] }],
      },
    ]);
  });

  it.each([
    ['one message', { metadata: { type: 'MESSAGING_API_NEW_MESSAGE' }, payload: message() }],
    ['a page', { metadata: {}, payload: { messages: [message()] } }],
    ['a message by itself', message()],
  ])('reads a notification with %s', async (_name, document) => {
    expect((await only(JSON.stringify(document))).text).toBe('请问可以延迟退房吗?');
  });

  it('reads Channex’s one form, whose times need a zone, and sees what was changed', async () => {
    const one = {
      id: 'cx1',
      message: 'Is there parking?',
      attachments: [],
      sender: 'guest',
      inserted_at: '2026-07-28T04:25:10.000000',
      updated_at: '2026-07-28T04:25:10',
      booking_id: 'BDC-1',
      message_thread_id: 't1',
    };
    const other = { ...one, id: 'cx2', sender: 'property', updated_at: '2026-07-28T05:00:00.000000' };
    const text = JSON.stringify({ data: [one, { id: 'cx2', type: 'message', attributes: other }] });
    expect(rejectionsOf(await readAll(booking, text)).map(({ reason }) => reason)).toEqual([
      'date-without-zone',
      'date-without-zone',
    ]);
    expect(recordsOf(await readAll(booking, text, { timezone: 'Asia/Shanghai' }))).toMatchObject([
      {
        at: new Date('2026-07-27T20:25:10Z'),
        from: { role: 'guest', id: null },
        edited: false,
        placements: [{ conversation: 't1', identifiers: [{ kind: 'booking', value: 'BDC-1' }] }],
      },
      { from: { role: 'staff' }, edited: true, sourceMessageId: 'cx2' },
    ]);
  });

  it('keeps an unknown type whole, shows attributes where there are no words, and names attachments', async () => {
    const unknown = await only(latest(message({ message_type: 'hologram', attributes: { beam: 'blue' } })));
    expect(unknown).toMatchObject({ typeKnown: false, sourceType: 'hologram' });
    expect(unknown.text).toContain('attributes.beam: blue');
    const request = await only(
      latest(
        message({
          content: '',
          message_type: 'self_service_event',
          attributes: { self_service_topic: 'PARKING' },
        }),
      ),
    );
    expect(request.text).toContain('self_service_topic: PARKING');
    const photo = await only(latest(message({ content: null, attachment_ids: ['att-1'] })));
    expect(photo.attachments).toEqual([
      { name: null, mediaType: null, bytes: null, digest: null, refs: ['att-1'] },
    ]);
  });

  it.each([
    [latest(), []],
    ['{"metadata":{"type":"RESERVATION"},"payload":{"x":1}}', []],
    ['{"warnings":[{"code":1}],"data":{}}', []],
    ['{"data":null,"errors":[{"code":"403"}]}', ['platform-error']],
    ['{"hello":1}', ['unknown-shape']],
    ['7', ['not-an-object']],
    [latest(message({ message_id: null })), ['missing-field:message_id']],
    [latest(message({ message_id: 'a b' })), ['invalid-field:message_id']],
    [latest(message({ message_id: '\ud800' })), ['invalid-field:message_id']],
    [latest(message({ timestamp: 'yesterday' })), ['invalid-date']],
    [latest(message({ timestamp: null })), ['missing-field:timestamp']],
    [latest(message({ conversation: null })), ['missing-field:conversation_id']],
    [latest('words'), ['not-an-object']],
    ['{"data":{"messages":[],"messages":[]}}', ['duplicate-key']],
  ])('names what is wrong: %#', async (text, reasons) => {
    const items = await readAll(booking, text);
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(reasons);
    expect(recordsOf(items)).toEqual([]);
  });

  it('brings real dialogues back: words, times and authors', async () => {
    for (const turns of dialogues()) {
      const messages = turns.map(({ role, text }, index) =>
        message({
          message_id: `m${index}`,
          content: text,
          timestamp: new Date(Date.UTC(2026, 4, 1, 9, index)).toISOString(),
          sender: {
            participant_id: role,
            metadata: { participant_type: role === 'guest' ? 'guest' : 'hotel' },
          },
        }),
      );
      const records = recordsOf(await readAll(booking, latest(...messages), { chunk: 97 }));
      expect(
        records.map(({ text, at, from }) => [
          text,
          at.toISOString(),
          from.role === 'guest' ? 'guest' : 'agent',
        ]),
      ).toEqual(
        turns.map(({ role, text }, index) => [
          text,
          new Date(Date.UTC(2026, 4, 1, 9, index)).toISOString(),
          role,
        ]),
      );
    }
  });

  it('goes on after any item, in whatever pieces the bytes come', async () => {
    await expectGoesOnAnywhere(
      booking,
      [latest(message(), 5, message({ message_id: 'b' })), latest(), latest(message())].join('\n'),
    );
    await expectGoesOnAnywhere(
      booking,
      JSON.stringify(JSON.parse(latest(message(), message({ message_id: 'b' }))), null, 1),
    );
  });

  it('never throws, whatever the bytes', async () => {
    await expectUnbreakable(booking, []);
  });

  it('makes of a damaged page records or reasons, and nothing else', async () => {
    await expectUnbreakable(booking, [
      latest(message(), message({ message_id: 'b' })),
      JSON.stringify({ payload: message() }),
    ]);
  });

  it('takes any message of any shape that JSON can have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.json({ maxDepth: 5 }),
        fc.constantFrom('data', 'payload', 'messages'),
        async (json, place) => {
          expect((await readAll(booking, `{"${place}":${json}}`)).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
