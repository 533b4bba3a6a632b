import {
  bad,
  byGuest,
  csv,
  fragment,
  inShanghai,
  lines,
  mediumOf,
  ofUnknownType,
  recordOf,
  type Writer,
} from './source-export.ts';

const guestSide = { role: 'guest' as const, id: null, name: null };
const system = { role: 'system' as const, id: null, name: null };

/** Pages of the Connectivity Messaging API `messages/latest`. */
export const bookingPages: Writer = {
  source: 'booking',
  format: 'messages/latest',
  extension: 'json',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const participant = byStaff ? 'hotel-1' : `p-${guest.tag}`;
    const message = {
      message_id: `m-${id}`,
      message_type: 'free_text',
      timestamp: at.toISOString(),
      sender: {
        participant_id: participant,
        metadata: { participant_type: byStaff ? 'HOTEL' : 'guest', name: byStaff ? 'Hotel' : guest.name },
      },
      conversation: {
        conversation_id: `c-${guest.tag}`,
        conversation_type: 'reservation',
        conversation_reference: guest.booking,
      },
      attachment_ids: [],
    };
    const from = {
      role: byStaff ? ('staff' as const) : ('guest' as const),
      id: participant,
      name: byStaff ? 'Hotel' : guest.name,
    };
    switch (entry.kind) {
      case 'said':
        return fragment({ ...message, content: entry.text }, recordOf(entry, { from }));
      case 'medium':
        return fragment(
          { ...message, content: '', attachment_ids: [entry.name] },
          recordOf(entry, {
            from,
            text: '[附件 attachment]',
            attachments: [mediumOf(entry, null)],
          }),
        );
      case 'unknown':
        return ofUnknownType(
          'hologram',
          {
            message_type: 'hologram',
            message_id: `m-${id}`,
            timestamp: message.timestamp,
            conversation: message.conversation,
            sender: { metadata: { participant_type: 'guest' } },
            content: entry.text,
          },
          recordOf(entry, {
            from: guestSide,
            text: [
              '[hologram 未知类型 unknown type]',
              'message_type: hologram',
              `message_id: m-${id}`,
              `timestamp: ${message.timestamp}`,
              `conversation.conversation_id: c-${guest.tag}`,
              'conversation.conversation_type: reservation',
              `conversation.conversation_reference: ${guest.booking}`,
              'sender.metadata.participant_type: guest',
              `content: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad({ ...message, timestamp: undefined, content: 'x' }, 'missing-field:timestamp');
      default:
        return null;
    }
  },
  file: (written) =>
    lines([
      `{"meta":{"ruid":"r"},"warnings":[],"errors":[],"data":{"messages":[${written.map(({ piece }) => piece).join(',')}]}}`,
    ]),
};

/** Channex's one form for several channels: times without a zone. */
export const channexThreads: Writer = {
  source: 'booking',
  format: 'Channex',
  extension: 'json',
  timezone: 'UTC',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  write(entry) {
    const { id, guest, at } = entry;
    const time = at.toISOString().replace('Z', '000');
    const message = (sender: string, text: string, attachments: string[]) => ({
      id: `x-${id}`,
      type: 'message',
      attributes: { message: text, attachments, sender, inserted_at: time, updated_at: time },
      relationships: {
        message_thread: { data: { id: `t-${guest.tag}` } },
        booking: { data: { id: guest.booking } },
      },
    });
    switch (entry.kind) {
      case 'said':
        return fragment(
          message(entry.by === 'guest' ? 'guest' : 'property', entry.text, []),
          recordOf(entry, { from: { role: entry.by, id: null, name: null } }),
        );
      case 'bad':
        return bad(
          {
            ...message('guest', 'x', []),
            attributes: { message: 'x', sender: 'guest', inserted_at: 'yesterday' },
          },
          'invalid-date',
        );
      default:
        return null;
    }
  },
  file: (written) => lines([`{"data":[${written.map(({ piece }) => piece).join(',')}]}`]),
};

/** GraphQL responses of message threads, one for each guest. */
export const expediaThreads: Writer = {
  source: 'expedia',
  format: 'threads',
  extension: 'jsonl',
  subject: ({ booking }) => ({ kind: 'booking', value: `EX${booking}` }),
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const message = {
      ...{ id: `e-${id}`, type: 'MESSAGE', creationDateTimeUtc: at.toISOString(), body: { value: '' } },
      ...{ fromRole: byStaff ? 'SUPPLIER' : 'TRAVELER', reviewStatus: 'ACCEPTED', attachments: [] },
    };
    const from = byStaff
      ? { role: 'staff' as const, id: null, name: null }
      : { role: 'guest' as const, id: null, name: `Guest ${guest.name}` };
    switch (entry.kind) {
      case 'said':
        return fragment({ ...message, body: { value: entry.text } }, recordOf(entry, { from }));
      case 'medium': {
        const attachment = {
          // Its file came under the platform's id.
          id: entry.name.replace('.jpg', ''),
          name: entry.name,
          uploadDateTimeUtc: message.creationDateTimeUtc,
          url: `https://media.example/${id}`,
        };
        return fragment(
          { ...message, attachments: [attachment] },
          recordOf(entry, { from, text: '[附件 attachment]' }),
        );
      }
      case 'unknown':
        return ofUnknownType(
          'HOLOGRAM',
          {
            id: `e-${id}`,
            type: 'HOLOGRAM',
            creationDateTimeUtc: message.creationDateTimeUtc,
            body: null,
            fromRole: null,
            note: entry.text,
          },
          recordOf(entry, {
            from: system,
            text: [
              '[HOLOGRAM 未知类型 unknown type]',
              `id: e-${id}`,
              'type: HOLOGRAM',
              `creationDateTimeUtc: ${message.creationDateTimeUtc}`,
              `note: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad({ ...message, creationDateTimeUtc: null }, 'missing-field:creationDateTimeUtc');
      default:
        return null;
    }
  },
  file: (written) =>
    lines(
      byGuest(written).map(([guest, theirs]) => {
        const thread = {
          id: `t-${guest.tag}`,
          primaryTraveler: { firstName: 'Guest', lastName: guest.name },
          reservationSummary: { id: `EX${guest.booking}`, alternativeIds: [{ supplierId: guest.booking }] },
        };
        const elements = theirs.map(({ piece }) => piece).join(',');
        return `{"data":{"messageThread":${JSON.stringify(thread).slice(0, -1)},"messages":{"cursor":null,"totalCount":${theirs.length},"elements":[${elements}]}}}}`;
      }),
    ),
};

const CTRIP_HEADER = [
  '消息ID',
  '携程订单号',
  '发送时间',
  '发送方类型',
  '发送人',
  '消息内容',
  '消息类型',
  '附件',
  '撤回消息编号',
];

/** A table with the ready mapping's headers, UTF-8 with a byte order mark, as Excel writes it. */
export const ctripTable: Writer = {
  source: 'ctrip',
  format: 'table',
  extension: 'csv',
  subject: ({ booking }) => ({ kind: 'booking', value: booking }),
  profile: () => ({
    columns: {
      message_id: '消息ID',
      booking: '携程订单号',
      at: '发送时间',
      from_role: '发送方类型',
      from_name: '发送人',
      text: '消息内容',
      message_type: '消息类型',
      attachment: '附件',
    },
    values: { from_role: { 携程用户: 'guest', 商家: 'staff' } },
    timezone: 'Asia/Shanghai',
  }),
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const name = byStaff ? '前台' : guest.name;
    const row = (text: string, attachment = '', recalls = '') =>
      csv([
        id,
        guest.booking,
        inShanghai(at),
        byStaff ? '商家' : '携程用户',
        name,
        text,
        '文本',
        attachment,
        recalls,
      ]);
    const from = { role: byStaff ? ('staff' as const) : ('guest' as const), id: null, name };
    switch (entry.kind) {
      case 'said':
        return fragment(row(entry.text), recordOf(entry, { from }));
      case 'medium':
        return fragment(
          row('', entry.name),
          recordOf(entry, { from, text: `[附件 attachment] ${entry.name}` }),
        );
      case 'recall':
        return fragment(
          row('', '', entry.of.id),
          recordOf(entry, { from, text: '[撤回消息 message recalled]' }),
        );
      case 'bad':
        return bad(csv([id, guest.booking, '昨天', '携程用户', name, 'x', '', '', '']), 'invalid-date');
      default:
        return null;
    }
  },
  file: (written) =>
    Buffer.concat([
      Buffer.from('\uFEFF'),
      lines([csv(CTRIP_HEADER), ...written.map(({ piece }) => piece)], '\r\n'),
    ]),
};
