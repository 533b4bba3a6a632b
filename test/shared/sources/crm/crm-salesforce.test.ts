import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crmSalesforce } from '../../../../shared/sources/crm/crm-salesforce.ts';
import { offsetsInCsv, offsetsInJson } from '../../../../shared/sources/crm/written-offsets.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable, withWrongValues } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const BODY = [
  '<p align="center">Chat Started: Sunday, December 01, 2024, 07:09:55 (-0800)</p>',
  '<p align="center">Chat Origin: 官网 Web</p>',
  '<p align="center">Agent Lily C</p>',
  '( 19s ) Lily: 您好, &quot;王女士&quot;<br>',
  '( 1m 2s ) Visitor: 房间<b>漏水</b> "badly"<br>second line<br>',
  '( 1h 2m 3s ) Visitor: <script>alert(1)</script>bye<br>',
  '<p align="center">Chat Ended</p>',
].join('');

const TRANSCRIPT = {
  Id: '5701x000000AbCdAAK',
  ChatKey: 'key-1',
  Body: BODY,
  CaseId: '5001x000001XyZaAAK',
  ContactId: '0031x00000QwErTAAV',
  LiveChatVisitorId: '5711x000000ZzZzAAC',
  StartTime: '2024-12-01T15:10:14.000+0000',
  EndTime: '2024-12-01T16:12:00.000+0000',
  EndedBy: 'Visitor',
  IpAddress: '203.0.113.7',
  Status: 'Completed',
  OwnerId: '0051x000001AgEnTAA',
};

function csv(...rows: Record<string, string>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\r\n');
}

const AS_CSV = csv({
  ...TRANSCRIPT,
  StartTime: '2024-12-01T15:10:14.000Z',
  EndTime: '2024-12-01T16:12:00.000Z',
});
const AS_QUERY = JSON.stringify({
  totalSize: 1,
  done: true,
  records: [{ attributes: { type: 'LiveChatTranscript', url: '/x' }, ...TRANSCRIPT }],
});

const ENTRY = {
  Id: '0dV1x0000001',
  ConversationId: '0Mw1x0000001',
  ActorType: 'EndUser',
  ActorId: '0PA1x0000001',
  ActorName: 'Wang',
  EntryTime: '2025-03-01T02:00:00.000+0000',
  EntryType: 'Text',
  Message: '几点退房?',
  HasAttachments: false,
};

const ENHANCED = {
  identifier: 'e-1',
  conversation_identifier: 'c-1',
  entry_type: 'MESSAGE',
  entry_payload: JSON.stringify({
    entryType: 'Message',
    id: 'e-1',
    abstractMessage: {
      messageType: 'StaticContentMessage',
      id: 'e-1',
      staticContent: {
        formatType: 'Text',
        text: 'Is breakfast included?',
        attachments: [{ id: 'a-1', name: 'voucher.pdf', mimeType: 'application/pdf' }],
      },
    },
  }),
  sender: JSON.stringify({ role: 'EndUser', subject: 'mu-1', displayName: 'Wang' }),
  transcripted_timestamp: '2025-03-01T02:00:00.000Z',
};

async function read(value: unknown, options = {}) {
  return recordsOf(
    await readAll(crmSalesforce, typeof value === 'string' ? value : JSON.stringify(value), options),
  );
}

describe('a Salesforce chat transcript', () => {
  it('gives the chat and each line with words, time, author and identifiers', async () => {
    const [chat, ...lines] = await read(AS_QUERY);
    expect(chat).toMatchObject({
      sourceMessageId: TRANSCRIPT.Id,
      at: new Date('2024-12-01T15:09:55Z'),
      sourceType: 'LiveChatTranscript',
      staff: ['crm-salesforce:0051x000001AgEnTAA'],
      placements: [
        {
          conversation: `["transcript","${TRANSCRIPT.Id}"]`,
          identifiers: [
            { kind: 'crm', value: TRANSCRIPT.ContactId },
            { kind: 'ticket', value: TRANSCRIPT.CaseId },
            { kind: 'ticket', value: TRANSCRIPT.Id },
          ],
        },
      ],
    });
    expect(chat?.text).toContain('EndedBy: Visitor');
    expect(
      lines.map(({ sourceMessageId, at, from, text, sourceType }) => [
        sourceMessageId,
        at.toISOString(),
        from.role,
        from.name,
        text,
        sourceType,
      ]),
    ).toEqual([
      [
        `${TRANSCRIPT.Id}#1`,
        '2024-12-01T15:09:55.000Z',
        'system',
        null,
        'Chat Started: 2024-12-01T15:09:55.000Z',
        'notice',
      ],
      [`${TRANSCRIPT.Id}#2`, '2024-12-01T15:09:55.000Z', 'system', null, 'Chat Origin: 官网 Web', 'notice'],
      [`${TRANSCRIPT.Id}#3`, '2024-12-01T15:09:55.000Z', 'system', null, 'Agent Lily C', 'notice'],
      [`${TRANSCRIPT.Id}#4`, '2024-12-01T15:10:14.000Z', 'staff', 'Lily', '您好, "王女士"', 'message'],
      [
        `${TRANSCRIPT.Id}#5`,
        '2024-12-01T15:10:57.000Z',
        'guest',
        'Visitor',
        '房间漏水 "badly"\nsecond line',
        'message',
      ],
      [`${TRANSCRIPT.Id}#6`, '2024-12-01T16:11:58.000Z', 'guest', 'Visitor', 'alert(1) bye', 'message'],
      [`${TRANSCRIPT.Id}#7`, '2024-12-01T16:11:58.000Z', 'system', null, 'Chat Ended', 'notice'],
    ]);
  });

  it('keeps exactly the bytes in which the file holds each line', async () => {
    for (const [file, row] of [
      [AS_QUERY, (written: string) => JSON.parse(`"${written}"`)],
      [AS_CSV, (written: string) => written.replaceAll('""', '"')],
    ] as const) {
      const [chat, ...lines] = await read(file);
      expect(file).toContain(Buffer.from(chat?.original ?? []).toString());
      expect(Buffer.from(chat?.original ?? []).toString()).toContain(TRANSCRIPT.IpAddress);
      for (const line of lines) expect(file).toContain(Buffer.from(line.original).toString());
      expect(lines.map(({ original }) => row(Buffer.from(original).toString()))).toEqual([
        'Chat Started: Sunday, December 01, 2024, 07:09:55 (-0800)',
        'Chat Origin: 官网 Web',
        'Agent Lily C',
        '( 19s ) Lily: 您好, &quot;王女士&quot;',
        '( 1m 2s ) Visitor: 房间<b>漏水</b> "badly"<br>second line',
        '( 1h 2m 3s ) Visitor: <script>alert(1)</script>bye',
        'Chat Ended',
      ]);
    }
  });

  it('is the same from CSV, from a query result and from NDJSON', async () => {
    const plain = (records: Awaited<ReturnType<typeof read>>) =>
      records.map(({ end: _, line: __, original: ___, ...record }) => record);
    const fromCsv = plain(await read(AS_CSV));
    expect(plain(await read(AS_QUERY))).toEqual(fromCsv);
    expect(plain(await read(`${JSON.stringify(TRANSCRIPT)}\n`))).toEqual(fromCsv);
  });

  it('reads a Body that is text, and a start on a clock of twelve hours', async () => {
    const body =
      'Chat Started: Sunday, December 01, 2024, 03:09:55 PM (+0000)\nChat Origin: Web\nAgent Lily\n( 5s ) Lily: a < b\n( 1m ) Wang: Agent of chaos\nAgent X';
    const records = await read({ ...TRANSCRIPT, Body: body });
    expect(records.slice(4).map(({ at, from, text }) => [at.toISOString(), from.role, text])).toEqual([
      ['2024-12-01T15:10:00.000Z', 'staff', 'a < b'],
      ['2024-12-01T15:10:55.000Z', 'guest', 'Agent of chaos\nAgent X'],
    ]);
  });

  it('takes the time from the row where Body has none, and guesses no guest', async () => {
    const records = await read({ ...TRANSCRIPT, Body: '( 5s ) Kim: hello' });
    expect(records.at(-1)).toMatchObject({
      at: new Date('2024-12-01T15:10:19Z'),
      from: { role: 'system', name: 'Kim' },
    });
    const [, own] = await read({ ...TRANSCRIPT, Body: '( 5s ) Kim: hello' }, { ownNames: ['Kim'] });
    expect(own?.from.role).toBe('staff');
    const [, contact] = await read({
      ...TRANSCRIPT,
      Contact: { Name: 'Kim', Email: 'kim@example.com', Phone: '+14155550100' },
      Body: '( 5s ) Kim: hello',
    });
    expect(contact?.from.role).toBe('guest');
    expect(contact?.placements[0].identifiers.map(({ kind }) => kind)).toEqual([
      'crm',
      'email',
      'phone',
      'ticket',
      'ticket',
    ]);
  });

  it('names what a row lacks', async () => {
    const { StartTime: _, ...withoutTime } = TRANSCRIPT;
    const items = await readAll(
      crmSalesforce,
      [
        { ...withoutTime, Body: 'x' },
        { Body: 'x' },
        { a: 1 },
        { ...TRANSCRIPT, Body: '', StartTime: '2024-12-01 15:10' },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual([
      'missing-field:StartTime',
      'missing-field:Id',
      'missing-field:Body',
      'date-without-zone',
    ]);
    expect(rejectionsOf(await readAll(crmSalesforce, 'a,b\n1,2'))).toEqual([
      { line: 1, reason: 'missing-column:Body' },
    ]);
    // Nothing behind such a header is read, by whoever goes on there either.
    await expectGoesOnAnywhere(crmSalesforce, 'a,b\nId,Body\n1,2', { least: 1 });
    expect(rejectionsOf(await readAll(crmSalesforce, 'Id,Body,Body\n1,2,3'))).toEqual([
      { line: 1, reason: 'duplicate-column:Body' },
    ]);
    expect(rejectionsOf(await readAll(crmSalesforce, 'Id,Body\n1'))).toEqual([
      { line: 2, reason: 'wrong-column-count' },
    ]);
  });
});

describe('Salesforce messaging', () => {
  it('reads conversation entries by the type of their actor', async () => {
    const actors = ['EndUser', 'Agent', 'Bot', 'Supervisor', 'System', 'Alien'];
    const records = await read({
      records: actors.map((ActorType, index) => ({ ...ENTRY, Id: `e${index}`, ActorType })),
    });
    expect(records.map(({ from }) => from.role)).toEqual([
      'guest',
      'staff',
      'robot',
      'staff',
      'system',
      'system',
    ]);
    expect(records.map(({ typeKnown }) => typeKnown)).toEqual([true, true, true, true, true, false]);
    expect(records[0]).toMatchObject({
      text: '几点退房?',
      at: new Date('2025-03-01T02:00:00Z'),
      placements: [
        {
          conversation: '["conversation","0Mw1x0000001"]',
          identifiers: [
            { kind: 'crm', value: '0PA1x0000001' },
            { kind: 'ticket', value: '0Mw1x0000001' },
          ],
        },
      ],
    });
  });

  it('says that an entry has attachments which the object doesn’t name', async () => {
    const [record] = await read(csv({ ...ENTRY, HasAttachments: 'true', Message: '' }));
    expect(record).toMatchObject({
      text: '[附件 attachment]',
      attachments: [{ name: null, refs: [ENTRY.Id] }],
    });
  });

  it('reads a session, which has no words, in the conversation of its entries', async () => {
    const [record] = await read({
      records: [
        {
          Id: ENTRY.ConversationId,
          ChannelType: 'WhatsApp',
          AgentType: 'Agent',
          StartTime: ENTRY.EntryTime,
          CaseId: '500',
          MessagingEndUserId: '0PA1x0000001',
        },
      ],
    });
    expect(record).toMatchObject({
      sourceType: 'MessagingSession',
      placements: [{ conversation: '["conversation","0Mw1x0000001"]' }],
    });
    expect(record?.text).toContain('ChannelType: WhatsApp');
  });

  it('reads entries of enhanced channels, their payload being JSON in a string', async () => {
    for (const file of [JSON.stringify(ENHANCED), csv(ENHANCED), JSON.stringify([ENHANCED], null, 2)]) {
      const [record] = await read(file);
      expect(record).toMatchObject({
        sourceMessageId: 'e-1',
        sourceType: 'MESSAGE',
        text: 'Is breakfast included?\n[附件 attachment] voucher.pdf',
        from: { role: 'guest', id: 'mu-1', name: 'Wang' },
        attachments: [{ name: 'voucher.pdf', mediaType: 'application/pdf', refs: ['a-1', 'voucher.pdf'] }],
        placements: [
          {
            identifiers: [
              { kind: 'crm', value: 'mu-1' },
              { kind: 'ticket', value: 'c-1' },
            ],
          },
        ],
      });
    }
  });

  it('keeps a change of consent as a record of its own type', async () => {
    const [record] = await read({
      ...ENHANCED,
      identifier: 'e-2',
      entry_type: 'END_USER_CONSENT_UPDATED',
      entry_payload: '{"entryType":"EndUserConsentUpdated","consentStatus":"OptedIn"}',
    });
    expect(record).toMatchObject({ sourceType: 'END_USER_CONSENT_UPDATED', typeKnown: true });
    expect(record?.text).toBe('[客人同意变更 consent updated]\nconsentStatus: OptedIn');
  });

  it('keeps notes of staff as internal, unknown types whole, and names a payload that is none', async () => {
    const items = await readAll(
      crmSalesforce,
      [
        { ...ENHANCED, entry_type: 'NOTE', entry_payload: '{"text":"VIP"}' },
        { ...ENHANCED, entry_type: 'HOLOGRAM', entry_payload: '{"shape":"cube"}' },
        { ...ENHANCED, entry_payload: '{' },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    expect(recordsOf(items)).toMatchObject([
      { internal: true, category: 'complaint-plan', from: { role: 'staff' } },
      { typeKnown: false, text: '[HOLOGRAM 未知类型 unknown type]\nshape: cube' },
    ]);
    expect(rejectionsOf(items)).toEqual([{ line: 3, reason: 'invalid-field:entry_payload' }]);
  });
});

describe('Salesforce exports', () => {
  it('are gone on with after any item, in any pieces', async () => {
    await expectGoesOnAnywhere(
      crmSalesforce,
      `${AS_CSV}\r\n${AS_CSV.split('\r\n').slice(1).join('\r\n')}\r\n1,2\r\n`,
    );
    await expectGoesOnAnywhere(crmSalesforce, AS_QUERY);
    await expectGoesOnAnywhere(
      crmSalesforce,
      `${JSON.stringify(TRANSCRIPT)}\n{"x":1}\n${JSON.stringify(ENTRY)}\n`,
    );
  });

  it('never break', async () => {
    for (const value of [JSON.parse(AS_QUERY), ENTRY, ENHANCED]) {
      for (const text of withWrongValues(value)) await readAll(crmSalesforce, text);
    }
    await expectUnbreakable(crmSalesforce, [
      AS_CSV,
      AS_QUERY,
      csv({ ...ENTRY, HasAttachments: 'false' }),
      JSON.stringify(ENHANCED),
    ]);
  });

  it('hold each character where the offsets say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const json = JSON.stringify(text);
        const inJson = offsetsInJson(json);
        expect(inJson.length).toBe(text.length + 1);
        expect(JSON.parse(`"${json.slice(inJson[0], inJson.at(-1))}"`)).toBe(text);
        const field = `"${text.replaceAll('"', '""')}"`;
        const inCsv = offsetsInCsv(field);
        expect(inCsv.length).toBe(text.length + 1);
        expect(field.slice(inCsv[0], inCsv.at(-1)).replaceAll('""', '"')).toBe(text);
      }),
    );
    expect([...offsetsInJson('"a\\u00e9\\nb"')]).toEqual([1, 2, 8, 10, 11]);
  });
});

describe('a chat of a hundred thousand lines', () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `Agent ${index}`);
  const messages = Array.from({ length: 50_000 }, (_, index) => `( ${index}s ) X: y`);
  it.each([
    ['JSON', JSON.stringify({ ...TRANSCRIPT, Body: [...lines, ...messages].join('\n') })],
    [
      'CSV',
      csv({ ...TRANSCRIPT, Body: [...lines.slice(0, 20_000), ...messages.slice(0, 20_000)].join('\n') }),
    ],
  ])('is read in time that grows with its length, from %s', async (_name, text) => {
    expect((await read(text)).length).toBeGreaterThan(40_000);
  });
});
