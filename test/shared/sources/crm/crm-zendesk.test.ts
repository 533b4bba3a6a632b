import { describe, expect, it } from '@jest/globals';
import { crmZendesk } from '../../../../shared/sources/crm/crm-zendesk.ts';
import { expectGoesOnAnywhere } from '../support/goes-on-anywhere.ts';
import { expectUnbreakable, withWrongValues } from '../support/holds-under-damage.ts';
import { readAll, recordsOf, rejectionsOf } from '../support/read-all.ts';

const GUEST = {
  id: 9007199254740993n,
  name: '王芳',
  email: 'wang@example.cn',
  phone: '+86 138 0013 8000',
  role: 'end-user',
};
const AGENT = { id: 77, name: 'Lily', email: 'lily@example.cn', role: 'agent' };

const FROM_GUEST = {
  id: 1001,
  type: 'Comment',
  author_id: GUEST.id,
  body: '房间漏水',
  html_body: '<p>房间<b>漏水</b></p>',
  plain_body: '房间漏水',
  public: true,
  attachments: [
    {
      id: 498483,
      file_name: 'leak.jpg',
      content_type: 'image/jpeg',
      size: 2532,
      content_url: 'https://x.example/leak.jpg?token=1',
    },
  ],
  audit_id: 5,
  created_at: '2026-05-01T01:30:00Z',
};
const NOTE = {
  ...FROM_GUEST,
  id: 1002,
  author_id: AGENT.id,
  plain_body: '给客人免一晚',
  html_body: '',
  public: false,
  attachments: [],
  created_at: '2026-05-01T01:35:00Z',
};
const MAIL = {
  ...FROM_GUEST,
  id: 1003,
  author_id: AGENT.id,
  plain_body: null,
  html_body:
    '<div>We are sorry.<script>alert(1)</script></div><div>On Fri, 1 May 2026, 王芳 wrote:</div><blockquote><p>房间漏水</p></blockquote>',
  attachments: [],
  created_at: '2026-05-01T02:00:00Z',
};
const TICKET = {
  id: 35436,
  subject: '漏水 leak',
  description: '房间漏水',
  requester_id: GUEST.id,
  submitter_id: GUEST.id,
  assignee_id: AGENT.id,
  status: 'open',
  created_at: '2026-05-01T01:30:00Z',
  comments: [FROM_GUEST, NOTE, MAIL],
  users: [GUEST, AGENT],
};

/** JSON with integers beyond 2^53. */
function json(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_, one: unknown) => (typeof one === 'bigint' ? `#${one}#` : one),
    space,
  ).replaceAll(/"#(\d+)#"/g, '$1');
}
const LINE = json(TICKET);

async function comments(value: unknown) {
  return recordsOf(await readAll(crmZendesk, json(value)));
}

describe('a Zendesk ticket', () => {
  it('is found by a phone number that Zendesk verified, never by one that a user wrote into a profile', async () => {
    const identity = { user_id: GUEST.id, type: 'phone_number', value: '+8613800138000' };
    const kindsOf = async (users: unknown[], identities: unknown[]) => {
      const [record] = await comments({ ...TICKET, users, identities });
      return record?.placements[0].identifiers.filter(({ kind }) => kind === 'phone');
    };
    const verified = { ...identity, verified: true };
    expect(await kindsOf([GUEST], [])).toEqual([]);
    expect(await kindsOf([GUEST], [identity, { ...verified, verified: 'true' }])).toEqual([]);
    expect(await kindsOf([GUEST], [{ ...verified, user_id: AGENT.id }])).toEqual([]);
    const expected = [{ kind: 'phone', value: '+8613800138000' }];
    expect(await kindsOf([GUEST], [verified])).toEqual(expected);
    expect(await kindsOf([{ ...GUEST, identities: [verified] }], [])).toEqual(expected);
  });

  it('gives its subject and each comment with words, time, author, identifiers and exactly its own bytes', async () => {
    const [subject, first, note, mail, ...others] = recordsOf(await readAll(crmZendesk, LINE));
    expect(others).toEqual([]);
    expect(subject).toMatchObject({ sourceMessageId: 'ticket:35436', from: { role: 'guest', name: '王芳' } });
    expect(subject?.text).toContain('漏水 leak');
    expect(first).toMatchObject({
      sourceMessageId: '1001',
      placements: [
        {
          conversation: '["ticket","35436"]',
          identifiers: [
            { kind: 'crm', value: '9007199254740993' },
            { kind: 'email', value: 'wang@example.cn' },
            { kind: 'ticket', value: '35436' },
          ],
        },
      ],
      at: new Date('2026-05-01T01:30:00Z'),
      from: { role: 'guest', id: '9007199254740993', name: '王芳' },
      text: '房间漏水',
      internal: false,
      category: null,
      typeKnown: true,
      attachments: [
        {
          name: 'leak.jpg',
          mediaType: 'image/jpeg',
          bytes: 2532,
          digest: null,
          refs: ['498483', 'leak.jpg'],
        },
      ],
    });
    expect(Buffer.from(first?.original ?? []).toString()).toBe(json(FROM_GUEST));
    expect(Buffer.from(mail?.original ?? []).toString()).toBe(json(MAIL));
    expect(note).toMatchObject({
      internal: true,
      category: 'complaint-plan',
      from: { role: 'staff', name: 'Lily' },
      staff: ['crm-zendesk:77'],
    });
  });

  it('never lets an internal note out with another record', async () => {
    for (const record of recordsOf(await readAll(crmZendesk, LINE)).filter(({ internal }) => !internal)) {
      expect(Buffer.from(record.original).toString()).not.toContain('免一晚');
      expect(record.text).not.toContain('免一晚');
    }
  });

  it.each([false, 'false', 0, 'true', null, ''])(
    'takes a comment for internal whose `public` is there and isn’t true: %j',
    async (open) => {
      const text = json({ ...TICKET, comments: [{ ...FROM_GUEST, public: open }, FROM_GUEST] });
      const comments = (await readAll(crmZendesk, text)).filter(
        (item) => item.kind === 'record' && item.sourceType === 'Comment',
      );
      expect(comments).toMatchObject([
        { internal: true, category: 'complaint-plan', from: { role: 'staff' } },
        { internal: false, category: null, from: { role: 'guest' } },
      ]);
    },
  );

  it('marks what a mail quotes and shows a script as words', async () => {
    const mail = recordsOf(await readAll(crmZendesk, LINE)).at(-1);
    expect(mail?.text).toBe(
      'We are sorry. alert(1)\n[引用 quoted]\n> On Fri, 1 May 2026, 王芳 wrote:\n> 房间漏水',
    );
  });

  it('is the same in an array of tickets, beside its comments, and in pages of comments', async () => {
    const ids = ['ticket:35436', '1001', '1002', '1003'];
    const { comments: listed, users, ...ticket } = TICKET;
    for (const value of [[TICKET], { tickets: [TICKET] }, { ticket, comments: listed, users }]) {
      const records = await comments(value);
      expect(records.map(({ sourceMessageId }) => sourceMessageId)).toEqual(ids);
      expect(records.map(({ content }) => content)).toEqual(
        (await comments(TICKET)).map(({ content }) => content),
      );
    }
    for (const page of [
      { comments: listed, users, ticket_id: 35436, count: 3 },
      {
        comments: listed,
        users,
        next_page: 'https://h.zendesk.com/api/v2/tickets/35436/comments.json?page=2',
      },
      { comments: listed.map((one) => ({ ...one, ticket_id: 35436 })), users },
    ]) {
      const records = await comments(page);
      expect(records.map(({ sourceMessageId }) => sourceMessageId)).toEqual(ids.slice(1));
      expect(records.map(({ from }) => from.role)).toEqual(['guest', 'staff', 'staff']);
    }
  });

  it('gives the description where there are no comments to say it', async () => {
    const { comments: _, ...ticket } = TICKET;
    const [record, ...others] = await comments(ticket);
    expect(others).toEqual([]);
    expect(record?.text).toBe('[工单 ticket #35436] 漏水 leak\n房间漏水');
    expect(Buffer.from(record?.original ?? []).toString()).toBe(json(ticket));
  });

  it('reads comments of audits, with the time and author of their audit', async () => {
    const { created_at, author_id, ...event } = FROM_GUEST;
    const audits = [
      {
        id: 5,
        ticket_id: 35436,
        created_at,
        author_id,
        events: [event, { id: 6, type: 'Change', field_name: 'status' }],
      },
    ];
    const items = await readAll(crmZendesk, json({ audits, users: [GUEST] }));
    expect(recordsOf(items)).toMatchObject([
      { sourceMessageId: '1001', at: new Date(created_at), from: { role: 'guest' } },
    ]);
    expect(items.filter(({ kind }) => kind === 'skipped')).toHaveLength(1);
  });

  it('reads a voice comment with its call and recording', async () => {
    const data = {
      from: '+14155550100',
      to: '+862155550100',
      recording_url: 'https://v.example/r/RE1.mp3?x=1',
      call_duration: 42,
      transcription_text: 'Hello desk',
    };
    const [record] = await comments({
      ticket_id: 1,
      requester_id: 9,
      users: [GUEST, AGENT],
      comments: [{ ...FROM_GUEST, type: 'VoiceComment', data, attachments: [] }],
    });
    expect(record?.text).toContain('call_duration: 42');
    expect(record?.text).toContain('Hello desk');
    expect(record?.attachments).toMatchObject([{ name: 'RE1.mp3', refs: [data.recording_url, 'RE1.mp3'] }]);
  });

  it('says where words were redacted, and keeps unknown types whole', async () => {
    const [redacted, unknown] = await comments({
      ...TICKET,
      subject: '',
      comments: [
        { ...FROM_GUEST, plain_body: 'card ▇▇▇▇' },
        { ...FROM_GUEST, id: 2, type: 'Hologram', shape: 'cube' },
      ],
    });
    expect(redacted?.edited).toBe(true);
    expect(unknown).toMatchObject({ typeKnown: false, sourceType: 'Hologram' });
    expect(unknown?.text).toContain('shape: cube');
  });

  it('names what a comment lacks', async () => {
    const { id: _, ...withoutId } = FROM_GUEST;
    const { created_at: __, ...withoutTime } = FROM_GUEST;
    const items = await readAll(
      crmZendesk,
      [
        json({ comments: [FROM_GUEST] }),
        json({ comments: [FROM_GUEST], ticket_id: 1 }),
        json({
          ...TICKET,
          subject: '',
          comments: [withoutId, withoutTime, 7, { ...FROM_GUEST, created_at: '2026-05-01 01:30:00' }],
        }),
        json({ hello: 1 }),
        '7',
      ].join('\n'),
    );
    expect(rejectionsOf(items).map(({ reason }) => reason)).toEqual([
      'missing-field:ticket_id',
      'missing-field:requester_id',
      'missing-field:id',
      'missing-field:created_at',
      'not-an-object',
      'date-without-zone',
      'missing-field:comments',
      'not-an-object',
    ]);
  });

  it('goes on after any item, in any pieces', async () => {
    await expectGoesOnAnywhere(crmZendesk, `${LINE}\n{"comments":7}\n${LINE}`);
    await expectGoesOnAnywhere(crmZendesk, json([TICKET], 1));
  });

  it('never breaks', async () => {
    for (const text of withWrongValues(JSON.parse(LINE))) await readAll(crmZendesk, text);
    await expectUnbreakable(crmZendesk, [LINE]);
  });
});
