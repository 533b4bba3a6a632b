import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Source } from '../../../shared/domain/record.ts';
import { workCounter } from '../../support/work-counted.ts';

let counter: Awaited<ReturnType<typeof workCounter>>;
beforeAll(async () => {
  counter = await workCounter('/shared/sources/');
});
afterAll(() => counter.end());

const AT = '2026-05-01T00:00:00Z';
const some = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => make(index));

/** Documents whose parts refer to one another, or stand in an order that nobody writes, `n` of each. */
const DOCUMENTS: readonly [string, Source, (n: number) => unknown][] = [
  [
    'contacts beside messages',
    'whatsapp',
    (n) => {
      const contacts = some(n, (i) => ({ wa_id: `1380000${i}`, user_id: `u${i}` }));
      const message = { from: '999', from_user_id: 'x', timestamp: '1777600000', type: 'text' };
      const messages = some(n, (i) => ({ ...message, id: `m${i}`, text: { body: 'x' } }));
      return { entry: [{ changes: [{ value: { contacts, messages } }] }] };
    },
  ],
  [
    'participants beside messages',
    'booking',
    (n) => ({
      conversation_id: 'c',
      participants: some(n, (i) => ({ participant_id: `p${i}` })),
      messages: some(n, (i) => ({ message_id: `m${i}`, timestamp: AT, content: 'x', sender_id: 'zzz' })),
    }),
  ],
  [
    'subjects behind comments',
    'crm-zendesk',
    (n) => ({
      tickets: some(n, (i) => ({
        comments: [{ id: i, author_id: 5, created_at: AT, body: 'x', public: true }],
        ...{ created_at: AT, id: i, requester_id: 5, subject: 's' },
      })),
    }),
  ],
  [
    'comments beside users',
    'crm-zendesk',
    (n) => ({
      ...{ id: 1, requester_id: 5, subject: 's', created_at: AT },
      users: some(n, (i) => ({ id: i, name: `n${i}` })),
      comments: some(n, (i) => ({ id: i, author_id: i, created_at: AT, body: 'x', public: true })),
    }),
  ],
  [
    'messages beside threads',
    'pms-opera',
    (n) => ({
      MessageThreads: some(n, (i) => ({ Id: `t${i}`, ReservationId: `r${i}` })),
      Messages: some(n, (i) => ({ Id: `m${i}`, MessageThreadId: `t${i}`, Text: 'x', CreatedUtc: AT })),
    }),
  ],
  [
    'reservations of one message',
    'pms-opera',
    (n) => ({
      guestMessages: [
        {
          id: { id: '1' },
          message: {
            ...{ messageText: 'x', messageDate: AT },
            reservationIdList: some(n, (i) => ({ id: `${i}`, type: 'Reservation' })),
          },
        },
      ],
    }),
  ],
  [
    'reservations of one key',
    'keycard',
    (n) => ({
      roomKeysExternal: {
        ...{ keyRequestTime: AT, roomId: '1' },
        reservationIdList: some(n, (i) => ({ id: `${i}` })),
      },
    }),
  ],
  [
    'fields within fields of long names',
    'weibo',
    (n) => ({
      ...{ type: 'hologram', sender_id: 1, receiver_id: 2, created_at: 'Mon Jun 01 18:09:20 +0800 2026' },
      ['beam'.repeat(n)]: some(n, (i) => i),
    }),
  ],
];

describe('the work of reading a document', () => {
  it.each(DOCUMENTS)(
    'stays in proportion to it: %s (%s)',
    async (_, source, document) => {
      const { importerOf } = await import('../../../shared/sources/built-sources.ts');
      const { BEGINNING } = await import('../../../shared/sources/importer.ts');
      async function workFor(n: number): Promise<number> {
        const bytes = Buffer.from(JSON.stringify(document(n)));
        async function* once() {
          yield bytes;
        }
        const options = {
          ...{ timezone: 'UTC', profile: null, ownNames: [] },
          staffAccounts: async () => new Set<string>(),
        };
        await counter.taken();
        let items = 0;
        for await (const _item of importerOf(source)?.read(once(), BEGINNING, options) ?? []) items += 1;
        expect(items).toBeGreaterThan(0);
        return counter.taken();
      }
      await workFor(50);
      const [once, twice] = [await workFor(500), await workFor(1_000)];
      expect(once).toBeGreaterThan(1_000);
      expect(twice / once).toBeLessThan(2.4);
    },
    60_000,
  );
});
