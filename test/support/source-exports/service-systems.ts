import {
  bad,
  byGuest,
  fragment,
  type Guest,
  inShanghai,
  lines,
  ofUnknownType,
  recordOf,
  seconds,
  type Writer,
} from './source-export.ts';

const AGENT = '005xx00000AgentAAA';
const contactId = ({ tag }: Guest) => `003${tag}`;
const chatId = ({ tag }: Guest) => `570${tag}`;
const contactName = ({ tag }: Guest) => `Visitor ${tag.slice(0, 6)}`;
const system = { role: 'system' as const, id: null, name: null };

const english = (at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(at);
/** `Chat Started: Sunday, December 01, 2024, 07:09:55 (+0000)` */
const started = (at: Date) =>
  `Chat Started: ${english(at, { weekday: 'long' })}, ${english(at, { month: 'long' })} ${String(at.getUTCDate()).padStart(2, '0')}, ${at.getUTCFullYear()}, ${at.toISOString().slice(11, 19)} (+0000)`;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** LiveChatTranscript as a query gives it: words stand in Body, as HTML. */
export const salesforceTranscripts: Writer = {
  source: 'crm-salesforce',
  format: 'LiveChatTranscript',
  extension: 'json',
  whole: true,
  subject: (guest) => ({ kind: 'crm', value: contactId(guest) }),
  head: (guest, first) => {
    const plain = {
      conversation: guest.tag,
      category: 'enquiry',
      recalls: null,
      edits: null,
      edited: false,
      internal: false,
      attachments: [],
    } as const;
    const at = first.toISOString();
    const facts = [
      `Id: ${chatId(guest)}`,
      `ContactId: ${contactId(guest)}`,
      `StartTime: ${at}`,
      'Status: Completed',
      'Owner.Name: Lily',
      `Contact.Name: ${contactName(guest)}`,
    ];
    return ['[聊天记录 chat transcript]\n'.concat(facts.join('\n')), `Chat Started: ${at}`, 'Agent Lily'].map(
      (text) => ({
        ...plain,
        attachments: [],
        at,
        from: system,
        text,
      }),
    );
  },
  write(entry) {
    switch (entry.kind) {
      case 'said': {
        const name = entry.by === 'guest' ? contactName(entry.guest) : 'Lily';
        return fragment(
          `${name}: ${escaped(entry.text)}`,
          recordOf(entry, { from: { role: entry.by, id: null, name } }),
        );
      }
      case 'bad':
        return bad({ Id: '570', Subject: 'x' }, 'missing-field:Body');
      default:
        return null;
    }
  },
  file: (written) => {
    const chats = byGuest(written).map(([guest, theirs]) => {
      const begin = theirs[0]?.entry.at ?? new Date(0);
      const spoken = theirs
        .filter(({ entry }) => entry.kind !== 'bad')
        .map(({ entry, piece }) => {
          const after = seconds(entry.at) - seconds(begin);
          return `( ${Math.floor(after / 60)}m ${after % 60}s ) ${piece}<br>`;
        });
      return JSON.stringify({
        attributes: { type: 'LiveChatTranscript' },
        Id: chatId(guest),
        ContactId: contactId(guest),
        Contact: { Name: contactName(guest) },
        Owner: { Name: 'Lily' },
        OwnerId: AGENT,
        Status: 'Completed',
        StartTime: begin.toISOString(),
        Body: `<p align="center">${started(begin)}</p><p align="center">Agent Lily</p>${spoken.join('')}`,
      });
    });
    const others = written.flatMap(({ entry, piece }) => (entry.kind === 'bad' ? [piece] : []));
    return lines([
      `{"totalSize":${chats.length},"done":true,"records":[${[...others, ...chats].join(',')}]}`,
    ]);
  },
};

/** Entries of conversations. */
export const salesforceEntries: Writer = {
  source: 'crm-salesforce',
  format: 'ConversationEntry',
  extension: 'json',
  subject: (guest) => ({ kind: 'crm', value: `0PAxx${guest.tag}` }),
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const [actor, actorId, name] = byStaff
      ? ['Agent', AGENT, 'Lily']
      : ['EndUser', `0PAxx${guest.tag}`, guest.name];
    const object = {
      ...{
        Id: `e${id}`,
        ConversationId: `0dw${guest.tag}`,
        ActorType: actor,
        ActorId: actorId,
        ActorName: name,
      },
      ...{ EntryTime: at.toISOString().replace('Z', '+0000'), EntryType: 'Text', HasAttachments: false },
    };
    const from = {
      role: byStaff ? ('staff' as const) : ('guest' as const),
      id: actorId ?? null,
      name: name ?? null,
    };
    switch (entry.kind) {
      case 'said':
        return fragment({ ...object, Message: entry.text }, recordOf(entry, { from }));
      case 'unknown':
        return ofUnknownType(
          'Text',
          { ...object, ActorType: 'Hologram', Message: entry.text },
          recordOf(entry, { from: { ...from, role: 'system' } }),
        );
      case 'bad':
        return bad({ ...object, EntryTime: 'yesterday', Message: 'x' }, 'invalid-date');
      default:
        return null;
    }
  },
  file: (written) => lines([`{"records":[${written.map(({ piece }) => piece).join(',')}]}`]),
};

const ZENDESK_AGENT = '8001';
/** The number of a guest's ticket. */
const ticketOf = ({ phone }: Guest) => phone.slice(-7).replace(/^0/, '1');

/** Tickets with their comments; ids are numbers beyond 2^53. */
export const zendeskTickets: Writer = {
  source: 'crm-zendesk',
  format: 'tickets',
  extension: 'jsonl',
  whole: true,
  subject: ({ email }) => ({ kind: 'email', value: email }),
  head: (guest, first) => [
    {
      at: first.toISOString(),
      from: { role: 'guest', id: guest.number, name: guest.name },
      text: `[工单 ticket #${ticketOf(guest)}] 咨询 question`,
      category: 'enquiry',
      conversation: guest.tag,
      recalls: null,
      edits: null,
      edited: false,
      internal: false,
      attachments: [],
    },
  ],
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff =
      entry.kind === 'note' || ((entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff');
    const author = byStaff ? ZENDESK_AGENT : guest.number;
    const commentId = `${guest.number}${id.replaceAll(/\D/g, '')}`;
    const comment = (rest: object, by = `"author_id":${author},`) =>
      `{"id":${commentId},${by}"created_at":"${at.toISOString()}",${JSON.stringify(rest).slice(1)}`;
    const from = byStaff
      ? { role: 'staff' as const, id: ZENDESK_AGENT, name: 'Lily' }
      : { role: 'guest' as const, id: guest.number, name: guest.name };
    switch (entry.kind) {
      case 'said':
        return fragment(
          comment({
            type: 'Comment',
            public: true,
            plain_body: entry.text,
            body: entry.text,
            attachments: [],
          }),
          recordOf(entry, { from }),
        );
      case 'note':
        return fragment(
          comment({ type: 'Comment', public: false, plain_body: entry.text }),
          recordOf(entry, { from, category: 'complaint-plan' }),
        );
      case 'medium':
        return fragment(
          comment({
            ...{ type: 'Comment', public: true, plain_body: `见附件 attached ${id}` },
            attachments: [
              { id: 1, file_name: entry.name, content_type: 'image/jpeg', size: entry.bytes.length },
            ],
          }),
          recordOf(entry, { from, text: `见附件 attached ${id}` }),
        );
      case 'unknown':
        return ofUnknownType(
          'HologramComment',
          comment({ type: 'HologramComment', public: true, plain_body: entry.text }),
          recordOf(entry, {
            from,
            text: [
              '[HologramComment 未知类型 unknown type]',
              `id: ${commentId}`,
              `author_id: ${guest.number}`,
              `created_at: ${at.toISOString()}`,
              'type: HologramComment',
              'public: true',
              `plain_body: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad(
          comment({ type: 'Comment', public: true, plain_body: 'x' }, ''),
          'missing-field:author_id',
        );
      default:
        return null;
    }
  },
  file: (written) =>
    lines(
      byGuest(written).map(([guest, theirs]) => {
        const users = `[{"id":${guest.number},"name":"${guest.name}","email":"${guest.email}","role":"end-user"},{"id":${ZENDESK_AGENT},"name":"Lily","role":"agent"}]`;
        const comments = theirs.map(({ piece }) => piece).join(',');
        return `{"id":${ticketOf(guest)},"requester_id":${guest.number},"subject":"咨询 question","status":"open","created_at":"${theirs[0]?.entry.at.toISOString()}","users":${users},"comments":[${comments}]}`;
      }),
    ),
};

/** What the desk noted for guests, and comments of reservations: OPERA Cloud; times without a zone. */
export const operaMessages: Writer = {
  source: 'pms-opera',
  format: 'guestMessages',
  extension: 'jsonl',
  timezone: 'Asia/Shanghai',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  write(entry) {
    const { id, guest, at } = entry;
    const time = inShanghai(at).replace(' ', 'T');
    const from = { role: 'staff' as const, id: 'DESK1', name: null };
    const message = (text: string) => ({
      guestMessages: [
        {
          id: { id, type: 'Message' },
          message: {
            ...{
              messageText: text,
              messageDate: time,
              typeOfMessage: 'Text',
              recipient: guest.name,
              operator: 'DESK1',
            },
            ...{ reservationId: { id: guest.booking, type: 'Reservation' } },
          },
          delivery: { deliveryStatus: 'Delivered' },
        },
      ],
    });
    switch (entry.kind) {
      case 'said':
        return fragment(
          message(entry.text),
          recordOf(entry, {
            from,
            text: `${entry.text}\n[收件人 recipient] ${guest.name}\n[类型 type] Text\n[送达 delivery] Delivered`,
          }),
        );
      case 'note':
        return fragment(
          {
            reservationIdList: [{ id: guest.booking, type: 'Reservation' }],
            comments: [
              {
                id,
                comment: { text: { value: entry.text }, commentTitle: '升级', type: 'GEN', internal: true },
                createDateTime: time,
                creatorId: 'DESK1',
              },
            ],
          },
          recordOf(entry, {
            from,
            text: `[备注 comment] 升级 · GEN\n${entry.text}`,
            category: 'complaint-plan',
          }),
        );
      case 'bad':
        return bad(
          { guestMessages: [{ id, message: { messageText: 'x', reservationId: guest.booking } }] },
          'missing-field:messageDate',
        );
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};

/** Messages of Mews, their threads beside them. */
export const mewsMessages: Writer = {
  source: 'pms-opera',
  format: 'Mews messages',
  extension: 'json',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  write(entry) {
    const { id, guest, at } = entry;
    const message = (sender: string, text: string) => ({
      ...{ Id: `w-${id}`, MessageThreadId: `th-${guest.tag}`, Text: text, CreatedUtc: at.toISOString() },
      Sender: { Discriminator: sender, Value: null },
    });
    switch (entry.kind) {
      case 'said':
        return fragment(
          message(entry.by === 'guest' ? 'Application' : 'Enterprise', entry.text),
          recordOf(entry),
        );
      case 'unknown':
        return ofUnknownType(
          'Message',
          message('Hologram', entry.text),
          recordOf(entry, { from: system, text: entry.text }),
        );
      case 'bad':
        return bad({ ...message('Application', 'x'), CreatedUtc: null }, 'missing-field:CreatedUtc');
      default:
        return null;
    }
  },
  file: (written) => {
    const threads = byGuest(written).map(([{ tag, booking }]) => ({
      Id: `th-${tag}`,
      ReservationId: booking,
    }));
    return lines([
      `{"MessageThreads":${JSON.stringify(threads)},"Messages":[${written.map(({ piece }) => piece).join(',')}],"Cursor":null}`,
    ]);
  },
};
