import { describe, expect, it } from '@jest/globals';
import { expedia } from '../../../../shared/sources/agencies/expedia.ts';
import { dialogues } from '../support/dialogues.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

function message(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'msg-1',
    type: null,
    creationDateTimeUtc: '2026-05-01T09:30:00.000Z',
    body: { value: 'Is the pool heated?' },
    fromRole: 'TRAVELER',
    reviewStatus: 'ACCEPTED',
    attachments: [],
    ...changes,
  };
}

function thread(messages: unknown, changes: Record<string, unknown> = {}) {
  return {
    id: 'thread-1',
    creationDateTimeUtc: '2026-05-01T09:00:00Z',
    primaryTraveler: { firstName: 'Ada', lastName: 'Lovelace' },
    property: { id: '12345' },
    reservationSummary: { id: '9007199254740993', alternativeIds: { supplierId: 'H-77' } },
    messages: { cursor: null, totalCount: 1, elements: messages },
    ...changes,
  };
}

const response = (...messages: unknown[]) => JSON.stringify({ data: { messageThread: thread(messages) } });

describe('message threads of Expedia', () => {
  it('gives each message with its words, time, author, both numbers of the reservation and original bytes', async () => {
    const [record] = recordsOf(await readAll(expedia, response(message())));
    expect(record).toMatchObject({
      sourceMessageId: 'msg-1',
      placements: [
        {
          conversation: 'thread-1',
          identifiers: [
            { kind: 'booking', value: '9007199254740993' },
            { kind: 'booking', value: 'H-77', issuer: 'hotel' },
          ],
        },
      ],
      at: new Date('2026-05-01T09:30:00Z'),
      from: { role: 'guest', id: null, name: 'Ada Lovelace' },
      text: 'Is the pool heated?',
      typeKnown: true,
    });
    expect(Buffer.from(record?.original ?? []).toString()).toBe(JSON.stringify(message()));
  });

  it('keeps an answer as the hotel’s, and a message without a role as the platform’s own', async () => {
    const records = recordsOf(
      await readAll(
        expedia,
        response(message({ fromRole: 'SUPPLIER' }), message({ id: '2', fromRole: null })),
      ),
    );
    expect(records.map(({ from }) => from)).toEqual([
      { role: 'staff', id: null, name: null },
      { role: 'system', id: null, name: null },
    ]);
  });

  it('keeps messages without words or type, states what was blocked, and names attachments', async () => {
    const records = recordsOf(
      await readAll(
        expedia,
        response(
          message({ body: null }),
          message({ id: '2', reviewStatus: 'BLOCKED' }),
          message({
            id: '3',
            body: null,
            attachments: [{ id: 'a1', name: 'passport.jpg', uploadDateTimeUtc: 'x', url: 'https://f/1' }],
          }),
          message({ id: '4', type: 'HOLOGRAM', body: null, beam: 'blue' }),
        ),
      ),
    );
    expect(records.map(({ text }) => text)).toEqual([
      '[无内容 no content]',
      '[平台已拦截 blocked by the platform]\nIs the pool heated?',
      '[附件 attachment]',
      expect.stringContaining('beam: blue'),
    ]);
    expect(records[2]?.attachments).toMatchObject([
      { name: 'passport.jpg', refs: ['a1', 'https://f/1', 'passport.jpg'] },
    ]);
    expect(records.map(({ typeKnown }) => typeKnown)).toEqual([true, true, true, false]);
  });

  it('says the same of a message whose review ended and whose link was signed anew', async () => {
    const one = message({ reviewStatus: 'IN_REVIEW', attachments: [{ id: 'a1', url: 'https://f/1?s=1' }] });
    const other = message({ attachments: [{ id: 'a1', url: 'https://f/1?s=2' }] });
    const [first, second] = recordsOf(await readAll(expedia, `${response(one)}\n${response(other)}`));
    expect(second?.content).toBe(first?.content);
  });

  it.each([
    ['a list of a property', { data: { property: { messageThreads: { elements: [thread([message()])] } } } }],
    ['a plain list', { data: { messageThreads: [thread([message()])] } }],
    ['edges', { data: { messageThreads: { edges: [{ node: thread([message()]) }] } } }],
    ['a thread by itself', thread([message()])],
    ['a list of messages without elements', thread(null, { messages: [message()] })],
  ])('reads %s', async (_name, document) => {
    expect(recordsOf(await readAll(expedia, JSON.stringify(document)))).toHaveLength(1);
    expect(recordsOf(await readAll(expedia, JSON.stringify([document, document], null, 2)))).toHaveLength(2);
  });

  it.each([
    [response(), []],
    ['{"data":{"messageThread":null}}', []],
    ['{"errors":[{"message":"no"}]}', ['platform-error']],
    ['{"x":1}', ['unknown-shape']],
    ['"x"', ['not-an-object']],
    [response(7), ['not-an-object']],
    [response(message({ id: null })), ['missing-field:id']],
    [response(message({ creationDateTimeUtc: null })), ['missing-field:creationDateTimeUtc']],
    [response(message({ creationDateTimeUtc: '1/2/24' })), ['invalid-date']],
    [JSON.stringify(thread([message()], { id: null })), ['missing-field:thread.id']],
    ['{"data":{"a":1,"a":2}}', ['duplicate-key']],
  ])('names what is wrong: %#', async (text, reasons) => {
    const items = await readAll(expedia, text);
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual(reasons);
    expect(recordsOf(items)).toEqual([]);
  });

  it('brings real dialogues back: words, times and authors', async () => {
    for (const turns of dialogues()) {
      const text = response(
        ...turns.map(({ role, text }, index) =>
          message({
            id: `m${index}`,
            body: { value: text },
            fromRole: role === 'guest' ? 'TRAVELER' : 'SUPPLIER',
            creationDateTimeUtc: new Date(Date.UTC(2026, 4, 1, 9, index)).toISOString(),
          }),
        ),
      );
      expect(
        recordsOf(await readAll(expedia, text)).map(({ text, at, from }) => [
          text,
          at.getUTCMinutes(),
          from.role,
        ]),
      ).toEqual(turns.map(({ role, text }, index) => [text, index, role === 'guest' ? 'guest' : 'staff']));
    }
  });

  it('goes on after any item, in whatever pieces the bytes come', async () => {
    await expectGoesOnAnywhere(
      expedia,
      [response(message(), 5, message({ id: '2' })), response(), response(message())].join('\n'),
    );
  });

  it('never throws, whatever the bytes', async () => {
    await expectUnbreakable(expedia, []);
  });

  it('makes of a damaged response records or reasons, and nothing else', async () => {
    await expectUnbreakable(expedia, [response(message(), message({ id: '2' }))]);
  });
});
