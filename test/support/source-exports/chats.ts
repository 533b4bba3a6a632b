import { createHash } from 'node:crypto';
import {
  bad,
  csv,
  fragment,
  type Guest,
  inShanghai,
  lines,
  mediumOf,
  ofUnknownType,
  recordOf,
  seconds,
  type Writer,
} from './source-export.ts';

const HOTEL_NAME = '外滩店 Bund';
const digits = ({ phone }: Guest) => phone.slice(1);

/** Webhooks of the Cloud API: guests' messages, and what the hotel wrote in its app (`message_echoes`). */
export const whatsappWebhooks: Writer = {
  source: 'whatsapp',
  format: 'webhooks',
  extension: 'jsonl',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  write(entry) {
    const { id, guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const hotel = '862155550100';
    const message = byStaff
      ? { from: hotel, to: digits(guest), id: `wamid.${id}`, timestamp: String(seconds(at)) }
      : { from: digits(guest), id: `wamid.${id}`, timestamp: String(seconds(at)) };
    const from = byStaff
      ? { role: 'staff' as const, id: hotel, name: null }
      : { role: 'guest' as const, id: digits(guest), name: guest.name };
    const hook = (content: object) => {
      const value = {
        messaging_product: 'whatsapp',
        metadata: { display_phone_number: hotel, phone_number_id: '106' },
        ...(byStaff ? {} : { contacts: [{ wa_id: digits(guest), profile: { name: guest.name } }] }),
        [byStaff ? 'message_echoes' : 'messages']: [{ ...message, ...content }],
      };
      const field = byStaff ? 'smb_message_echoes' : 'messages';
      return { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field, value }] }] };
    };
    switch (entry.kind) {
      case 'said':
        return fragment(hook({ type: 'text', text: { body: entry.text } }), recordOf(entry, { from }));
      case 'medium': {
        const sha256 = createHash('sha256').update(entry.bytes).digest('base64');
        return fragment(
          hook({ type: 'image', image: { id: `media-${id}`, mime_type: 'image/jpeg', sha256 } }),
          recordOf(entry, {
            from,
            text: '[图片 image]',
            attachments: [mediumOf(entry, null)],
          }),
        );
      }
      case 'recall':
        return fragment(
          hook({ type: 'revoke', revoke: { original_message_id: `wamid.${entry.of.id}` } }),
          recordOf(entry, { from, text: '[撤回消息 message recalled]' }),
        );
      case 'edit':
        return fragment(
          hook({
            type: 'edit',
            edit: {
              original_message_id: `wamid.${entry.of.id}`,
              message: { type: 'text', text: { body: entry.text } },
            },
          }),
          recordOf(entry, { from }),
        );
      case 'unknown':
        return ofUnknownType(
          'hologram',
          hook({ type: 'hologram', hologram: { title: entry.text } }),
          recordOf(entry, {
            from,
            text: [
              '[hologram 未知类型 unknown type]',
              `from: ${digits(guest)}`,
              `id: wamid.${id}`,
              `timestamp: ${seconds(at)}`,
              'type: hologram',
              `hologram.title: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad(hook({ id: undefined, type: 'text', text: { body: 'x' } }), 'missing-field:id');
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};

/** A chat that the app exported: one guest, people by display names, times to the second on iOS. */
export const whatsappExport: Writer = {
  source: 'whatsapp',
  format: 'app export',
  extension: 'txt',
  oneGuest: true,
  timezone: 'Asia/Shanghai',
  subject: ({ phone }) => ({ kind: 'phone', value: phone }),
  profile: ({ phone }) => ({
    ownNames: [HOTEL_NAME],
    guest: { kind: 'phone', value: phone },
    dayOrder: 'day-first',
  }),
  write(entry) {
    const { guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const name = byStaff ? HOTEL_NAME : guest.name;
    const [date = '', time] = inShanghai(at).split(' ');
    const [year = '', month, day] = date.split('-');
    const line = (text: string) => `[${day}/${month}/${year.slice(2)}, ${time}] ${name}: ${text}`;
    const from = { role: byStaff ? ('staff' as const) : ('guest' as const), id: null, name };
    switch (entry.kind) {
      case 'said':
        return fragment(line(entry.text), recordOf(entry, { from }));
      case 'medium':
        return fragment(
          line(`\u200E<attached: ${entry.name}>`),
          recordOf(entry, { from, text: `<attached: ${entry.name}>` }),
        );
      case 'recall':
        // The placeholder doesn't say which message it was.
        return fragment(
          line('\u200EThis message was deleted.'),
          recordOf(entry, {
            from,
            text: '[撤回消息 message recalled] This message was deleted.',
            recalls: null,
          }),
        );
      case 'edit':
        return fragment(
          line(`${entry.text} \u200E<This message was edited>`),
          recordOf(entry, { from, edits: null }),
        );
      case 'bad':
        return bad('a line before any message', 'not-a-chat-line');
      default:
        return null;
    }
  },
  file: (written) =>
    lines(
      written.map(({ piece }) => piece),
      '\r\n',
    ),
};

const lineUser = ({ tag }: Guest) => `U${tag}${tag}`;

/** Webhooks of the Messaging API: users' side alone. */
export const lineWebhooks: Writer = {
  source: 'line',
  format: 'webhooks',
  extension: 'jsonl',
  subject: (guest) => ({ kind: 'line', value: lineUser(guest) }),
  write(entry) {
    const { id, guest, at } = entry;
    if ((entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff') return null;
    const from = { role: 'guest' as const, id: lineUser(guest), name: null };
    const hook = (event: object) => ({
      destination: `U${'0'.repeat(32)}`,
      events: [
        {
          type: 'message',
          webhookEventId: `01EVENT${id}`,
          deliveryContext: { isRedelivery: false },
          timestamp: at.getTime(),
          source: { type: 'user', userId: lineUser(guest) },
          mode: 'active',
          ...event,
        },
      ],
    });
    switch (entry.kind) {
      case 'said':
        return fragment(
          hook({ message: { id: `9${id}`, type: 'text', text: entry.text, quoteToken: 'q' } }),
          recordOf(entry, { from }),
        );
      case 'medium':
        return fragment(
          hook({
            message: { id: `9${id}`, type: 'file', fileName: entry.name, fileSize: entry.bytes.length },
          }),
          recordOf(entry, { from, text: `[文件 file] ${entry.name}` }),
        );
      case 'recall':
        return fragment(
          hook({ type: 'unsend', unsend: { messageId: `9${entry.of.id}` } }),
          recordOf(entry, { from, text: '[撤回消息 message recalled]' }),
        );
      case 'unknown':
        return ofUnknownType(
          'hologram',
          hook({ message: { id: `9${id}`, type: 'hologram', title: entry.text } }),
          recordOf(entry, {
            from,
            text: [
              '[hologram 未知类型 unknown type]',
              'type: message',
              `timestamp: ${at.getTime()}`,
              'source.type: user',
              `source.userId: ${lineUser(guest)}`,
              'mode: active',
              `message.id: 9${id}`,
              'message.type: hologram',
              `message.title: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad(
          hook({ timestamp: undefined, message: { id: `9${id}`, type: 'text', text: 'x' } }),
          'missing-field:timestamp',
        );
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};

const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土'];
const inTokyo = (at: Date) => new Date(at.getTime() + 9 * 3_600_000);

/** A chat that the LINE app exported: one guest, a line for each day. */
export const lineExport: Writer = {
  source: 'line',
  format: 'app export',
  extension: 'txt',
  oneGuest: true,
  timezone: 'Asia/Tokyo',
  subject: (guest) => ({ kind: 'line', value: lineUser(guest) }),
  profile: (guest) => ({ ownNames: [HOTEL_NAME], guest: { kind: 'line', value: lineUser(guest) } }),
  write(entry) {
    const { guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const name = byStaff ? HOTEL_NAME : guest.name;
    const time = inTokyo(at).toISOString().slice(11, 16);
    const from = { role: byStaff ? ('staff' as const) : ('guest' as const), id: null, name };
    switch (entry.kind) {
      case 'said':
        return fragment(`${time}\t${name}\t${entry.text}`, recordOf(entry, { from }));
      case 'medium':
        return fragment(
          `${time}\t${name}\t[写真] ${entry.name}`,
          recordOf(entry, { from, text: `[写真] ${entry.name}` }),
        );
      case 'recall':
        return fragment(
          `${time}\t${name}がメッセージの送信を取り消しました`,
          recordOf(entry, {
            from: { role: 'system', id: null, name: null },
            text: `[撤回消息 message recalled] ${name}がメッセージの送信を取り消しました`,
            recalls: null,
          }),
        );
      case 'bad':
        return bad(`${time}\t${name}\tbefore any date`, 'missing-date');
      default:
        return null;
    }
  },
  file(written) {
    const out = ['[LINE] 客人とのトーク履歴', '保存日時：2026/05/31 10:00', ''];
    let today = '';
    for (const { entry, piece } of written) {
      const local = inTokyo(entry.at);
      const day = `${local.toISOString().slice(0, 10).replaceAll('-', '/')}(${WEEKDAYS[local.getUTCDay()]})`;
      if (day !== today && entry.kind !== 'bad') out.push('', day);
      if (entry.kind !== 'bad') today = day;
      out.push(piece);
    }
    return lines(out);
  },
};

/** What LINE Official Account Manager exports: one guest. */
export const lineManagerCsv: Writer = {
  source: 'line',
  format: 'account manager',
  extension: 'csv',
  oneGuest: true,
  subject: (guest) => ({ kind: 'line', value: lineUser(guest) }),
  profile: (guest) => ({ guest: { kind: 'line', value: lineUser(guest) } }),
  write(entry) {
    const { guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const name = byStaff ? HOTEL_NAME : guest.name;
    const [date = '', time = ''] = inTokyo(at).toISOString().slice(0, 19).split('T');
    const row = (text: string) =>
      csv([byStaff ? 'Account' : 'User', name, date.replaceAll('-', '/'), time, text]);
    const from = { role: byStaff ? ('staff' as const) : ('guest' as const), id: null, name };
    switch (entry.kind) {
      case 'said':
        return fragment(row(entry.text), recordOf(entry, { from }));
      case 'bad':
        return bad(csv(['User', name, date]), 'wrong-column-count');
      default:
        return null;
    }
  },
  file: (written) =>
    lines([
      'アカウント名,Bund',
      'タイムゾーン,+09:00',
      '送信者タイプ,送信者名,送信日,送信時刻,内容',
      ...written.map(({ piece }) => piece),
    ]),
};
