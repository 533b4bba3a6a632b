import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aiConnect } from '../../../../shared/sources/ai/ai-connect.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable, withWrongValues } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const SAMPLE = join(import.meta.dirname, '../../../../shared/data/connect-contactlens-chat-original.json');

const ITEMS = [
  {
    AbsoluteTime: '2026-05-01T01:30:00.735Z',
    ContentType: 'application/vnd.amazonaws.connect.event.participant.joined',
    DisplayName: 'Wang',
    Id: 'i-1',
    ParticipantId: 'p-1',
    ParticipantRole: 'CUSTOMER',
    Type: 'EVENT',
  },
  {
    AbsoluteTime: '2026-05-01T01:30:05.000Z',
    Content: '房间几点可以入住?',
    ContentType: 'text/plain',
    DisplayName: 'Wang',
    Id: 'i-2',
    ParticipantId: 'p-1',
    ParticipantRole: 'CUSTOMER',
    Redaction: { CharacterOffsets: [{ BeginOffsetChar: 900, EndOffsetChar: 100 }] },
    Type: 'MESSAGE',
  },
  {
    AbsoluteTime: '2026-05-01T01:30:06.000Z',
    Content: '14:00 <b>起</b>',
    ContentType: 'text/markdown',
    DisplayName: 'Lily',
    Id: 'i-3',
    ParticipantId: 'p-2',
    ParticipantRole: 'AGENT',
    Type: 'MESSAGE',
  },
  {
    AbsoluteTime: '2026-05-01T01:30:07.000Z',
    Content: '',
    Id: 'i-4',
    ParticipantId: 'p-1',
    ParticipantRole: 'CUSTOMER',
    Type: 'ATTACHMENT',
    Attachments: [
      { AttachmentId: 'a-1', AttachmentName: 'passport.png', ContentType: 'image/png', Status: 'APPROVED' },
    ],
  },
  {
    AbsoluteTime: '2026-05-01T01:30:08.000Z',
    Content: 'whisper',
    Id: 'i-5',
    ParticipantId: 'p-3',
    ParticipantRole: 'SUPERVISOR',
    Type: 'MESSAGE',
  },
  {
    AbsoluteTime: '2026-05-01T01:30:09.000Z',
    ContentType: 'application/vnd.amazonaws.connect.event.chat.ended',
    Id: 'i-6',
    Type: 'EVENT',
  },
];
const LENS = {
  Channel: 'CHAT',
  Version: 'CHAT-2022-11-30',
  CustomerMetadata: { ContactId: 'c-1', InstanceId: 'n-1' },
  Participants: [{ ParticipantId: 'p-1', ParticipantRole: 'CUSTOMER' }],
  Transcript: ITEMS,
};
const RAW = {
  AWSAccountId: '123456789012',
  InstanceId: 'n-1',
  InitialContactId: 'c-0',
  ContactId: 'c-1',
  Participants: [{ ParticipantId: 'p-1' }],
  Transcript: ITEMS,
};
const INSIGHTS = {
  conversation_info: { conversation_id: 'conv-1' },
  entries: [
    { start_timestamp_usec: 1777599000000000, text: '早餐几点?', role: 'CUSTOMER', user_id: 1 },
    { start_timestamp_usec: '1777599001000000', text: '7点', role: 'AUTOMATED_AGENT', user_id: 2 },
    { start_timestamp_usec: 1777599002000000, text: '?', role: 'GHOST', user_id: 3 },
  ],
};

describe('a chat of Amazon Connect', () => {
  it('gives each item with its words, time, author and exactly its own bytes', async () => {
    for (const file of [LENS, RAW]) {
      const records = recordsOf(await readAll(aiConnect, JSON.stringify(file)));
      expect(records.map(({ original }) => JSON.parse(Buffer.from(original).toString()))).toEqual(ITEMS);
      expect(
        records.map(({ sourceMessageId, from, text }) => [sourceMessageId, from.role, from.name, text]),
      ).toEqual([
        ['i-1', 'guest', 'Wang', '[加入会话 joined]'],
        ['i-2', 'guest', 'Wang', '房间几点可以入住?'],
        ['i-3', 'staff', 'Lily', '14:00 <b>起</b>'],
        ['i-4', 'guest', null, '[附件 attachment] passport.png'],
        ['i-5', 'staff', null, 'whisper'],
        ['i-6', 'system', null, '[会话结束 chat ended]'],
      ]);
      expect(records.every(({ category, typeKnown }) => category === 'ai-service' && typeKnown)).toBe(true);
      expect(records[0]).toMatchObject({
        at: new Date('2026-05-01T01:30:00.735Z'),
        placements: [{ conversation: '["contact","c-1"]', identifiers: [{ kind: 'ticket', value: 'c-1' }] }],
      });
      expect(records[3]?.attachments).toEqual([
        {
          name: 'passport.png',
          mediaType: 'image/png',
          bytes: null,
          digest: null,
          refs: ['a-1', 'passport.png'],
        },
      ]);
    }
  });

  it('says the same in the raw transcript as in Contact Lens, and another thing where it was redacted', async () => {
    const contents = async (file: unknown) =>
      recordsOf(await readAll(aiConnect, JSON.stringify(file))).map(({ content }) => content);
    const original = await contents(LENS);
    expect(await contents(RAW)).toEqual(original);
    const redacted = await contents({
      ...LENS,
      Transcript: ITEMS.map((item) => (item.Id === 'i-2' ? { ...item, Content: '[PII]?' } : item)),
    });
    expect(redacted.map((content, index) => content === original[index])).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it('finds the guest by telephone or mail where the file has it', async () => {
    for (const [endpoint, kind] of [
      [{ Type: 'TELEPHONE_NUMBER', Address: '+8613800138000' }, 'phone'],
      [{ Type: 'EMAIL_ADDRESS', Address: 'wang@example.cn' }, 'email'],
    ] as const) {
      const [record] = recordsOf(
        await readAll(aiConnect, JSON.stringify({ ...RAW, CustomerEndpoint: endpoint })),
      );
      expect(record?.placements[0].identifiers).toEqual([
        { kind, value: endpoint.Address },
        { kind: 'ticket', value: 'c-1' },
      ]);
    }
  });

  it('keeps unknown types, events and roles whole', async () => {
    const items = [
      { ...ITEMS[1], Type: 'HOLOGRAM', Shape: 'cube' },
      { ...ITEMS[0], ContentType: 'application/vnd.amazonaws.connect.event.moon.rose' },
      { ...ITEMS[1], ParticipantRole: 'GHOST' },
    ];
    const records = recordsOf(await readAll(aiConnect, JSON.stringify({ ...LENS, Transcript: items })));
    expect(records.map(({ typeKnown }) => typeKnown)).toEqual([false, false, false]);
    expect(records[0]?.text).toContain('Shape: cube');
    expect(records[1]?.text).toContain('moon.rose');
  });

  it('names what is missing', async () => {
    const { Id: _, ...withoutId } = ITEMS[1] ?? {};
    const items = await readAll(
      aiConnect,
      [
        { Transcript: ITEMS },
        { ContactId: 'c' },
        { ContactId: 'c', Transcript: [withoutId, { Id: 'x' }, { Id: 'x', AbsoluteTime: 'noon' }, 7] },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual([
      'missing-field:ContactId',
      'missing-field:Transcript',
      'missing-field:Id',
      'missing-field:AbsoluteTime',
      'invalid-date',
      'not-an-object',
    ]);
  });

  it('reads transcripts of Google’s CX Insights, whose times are microseconds', async () => {
    const records = recordsOf(await readAll(aiConnect, JSON.stringify(INSIGHTS)));
    expect(records.map(({ from, text, typeKnown }) => [from.role, text, typeKnown])).toEqual([
      ['guest', '早餐几点?', true],
      ['robot', '7点', true],
      ['system', '?', false],
    ]);
    expect(records[0]?.at).toEqual(new Date(1777599000000));
    const { conversation_info: _, ...nameless } = INSIGHTS;
    expect(rejectionsOf(await readAll(aiConnect, JSON.stringify(nameless)))[0]?.reason).toBe(
      'missing-field:conversation_info.conversation_id',
    );
  });

  it('goes on after any item, in any pieces', async () => {
    await expectGoesOnAnywhere(
      aiConnect,
      [LENS, { x: 1 }, RAW, INSIGHTS].map((one) => JSON.stringify(one)).join('\n'),
    );
    await expectGoesOnAnywhere(aiConnect, JSON.stringify(LENS, null, 1));
  });

  it('never breaks', async () => {
    for (const value of [LENS, INSIGHTS])
      for (const text of withWrongValues(value)) await readAll(aiConnect, text);
    await expectUnbreakable(aiConnect, [JSON.stringify(LENS), JSON.stringify(RAW), JSON.stringify(INSIGHTS)]);
  });

  if (existsSync(SAMPLE)) {
    it('reads the vendor’s own sample whole', async () => {
      const text = readFileSync(SAMPLE, 'utf8');
      const items = await readAll(aiConnect, text, { chunk: 100 });
      const { Transcript }: { Transcript: { Id: string; Content?: string }[] } = JSON.parse(text);
      const records = recordsOf(items);
      expect(records.length).toBe(items.length);
      expect(records.map(({ sourceMessageId }) => sourceMessageId)).toEqual(Transcript.map(({ Id }) => Id));
      expect(records.every(({ typeKnown }) => typeKnown)).toBe(true);
      for (const [index, { Content }] of Transcript.entries()) {
        if (Content !== undefined) expect(records[index]?.text).toBe(Content);
      }
      await expectUnbreakable(aiConnect, [text], { runs: 30 });
    });
  }
});
