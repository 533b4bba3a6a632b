import type { Source } from '../../../shared/domain/record.ts';
import {
  bad,
  byGuest,
  fragment,
  type Guest,
  lines,
  mediumOf,
  ofUnknownType,
  recordOf,
  seconds,
  type Writer,
} from './source-export.ts';

const ACCOUNT = 'gh_dualkey';
const KF_ACCOUNT = 'wkDualkey';
const WEIBO_ACCOUNT = '5000000001';
const openid = ({ tag }: Guest) => `oT${tag}`;

/** Pages of `getmsglist`: rows without ids (docs/sources.md `wechat-official`). */
export const wechatChatRecords: Writer = {
  source: 'wechat-official',
  format: 'getmsglist',
  extension: 'json',
  subject: (guest) => ({ kind: 'wechat', value: openid(guest) }),
  write(entry) {
    const { guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const row = {
      openid: openid(guest),
      opercode: byStaff ? 2002 : 2003,
      time: seconds(at),
      worker: `kf01@${ACCOUNT}`,
    };
    const from = byStaff
      ? { role: 'staff' as const, id: 'kf01', name: null }
      : { role: 'guest' as const, id: openid(guest), name: null };
    switch (entry.kind) {
      case 'said':
        return fragment({ ...row, text: entry.text }, recordOf(entry, { from }));
      case 'medium':
        // The platform names no medium here: none can be found.
        return fragment(
          { ...row, text: '[image]' },
          recordOf(entry, {
            from,
            text: '[image]',
            attachments: [{ name: null, state: 'missing', bytes: null }],
          }),
        );
      case 'unknown':
        return ofUnknownType(
          'opercode-9001',
          { ...row, opercode: 9001, text: entry.text },
          recordOf(entry, {
            from: { role: 'system', id: null, name: null },
            text: [
              '[opercode 9001 未知类型 unknown type]',
              `openid: ${openid(guest)}`,
              `time: ${seconds(at)}`,
              `worker: kf01@${ACCOUNT}`,
              `text: ${entry.text}`,
            ].join('\n'),
          }),
        );
      case 'bad':
        return bad({ ...row, time: undefined, text: 'x' }, 'missing-field:time');
      default:
        return null;
    }
  },
  file: (written) => {
    const rows = written.map(({ piece }) => piece);
    const half = Math.ceil(rows.length / 2);
    return lines(
      [rows.slice(0, half), rows.slice(half)].map(
        (page) => `{"recordlist":[${page.join(',')}],"number":${page.length},"msgid":20165267}`,
      ),
    );
  },
};

/** Messages as WeChat pushes them: the guest's side alone. */
function pushes(source: Source, format: 'xml' | 'json'): Writer {
  const document = (fields: Record<string, string | number>) =>
    format === 'json'
      ? JSON.stringify(fields)
      : `<xml>${Object.entries(fields)
          .map(
            ([name, value]) =>
              `<${name}>${typeof value === 'number' ? value : `<![CDATA[${value}]]>`}</${name}>`,
          )
          .join('')}</xml>`;
  return {
    source,
    format: `push ${format}`,
    extension: format,
    subject: (guest) => ({ kind: 'wechat', value: openid(guest) }),
    write(entry) {
      const { id, guest, at } = entry;
      if ((entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff') return null;
      const from = { role: 'guest' as const, id: openid(guest), name: null };
      const push = { ToUserName: ACCOUNT, FromUserName: openid(guest), CreateTime: seconds(at) };
      const MsgId = `9007${guest.number}${id.replaceAll(/\D/g, '')}`;
      switch (entry.kind) {
        case 'said':
          return fragment(
            document({ ...push, MsgType: 'text', Content: entry.text, MsgId }),
            recordOf(entry, { from }),
          );
        case 'medium':
          return fragment(
            document({
              ...push,
              MsgType: 'image',
              PicUrl: `https://mmbiz.example/${entry.name}`,
              MediaId: entry.name,
              MsgId,
            }),
            recordOf(entry, {
              from,
              text: '[图片 image]',
              attachments: [mediumOf(entry, null)],
            }),
          );
        case 'unknown':
          return ofUnknownType(
            'hologram',
            document({ ...push, MsgType: 'hologram', Title: entry.text, MsgId }),
            recordOf(entry, { from, text: `[hologram 未知类型 unknown type]\nTitle: ${entry.text}` }),
          );
        case 'bad':
          return bad(
            document({ ToUserName: ACCOUNT, FromUserName: openid(guest), MsgType: 'text', Content: 'x' }),
            'missing-field:CreateTime',
          );
        default:
          return null;
      }
    },
    file: (written) => lines(written.map(({ piece }) => piece)),
  };
}
export const wechatPushXml = pushes('wechat-official', 'xml');
export const miniprogramPushJson = pushes('miniprogram', 'json');
export const miniprogramPushXml = pushes('miniprogram', 'xml');

/** Pages of 微信客服 `sync_msg`, one for each guest and a few messages. */
export const wechatKfPages: Writer = {
  source: 'wechat-kf',
  format: 'sync_msg',
  extension: 'jsonl',
  subject: (guest) => ({ kind: 'wecom', value: `wmK${guest.tag}` }),
  write(entry) {
    const { id, guest, at } = entry;
    const theirs = `wmK${guest.tag}`;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const message = {
      ...{
        msgid: id,
        open_kfid: KF_ACCOUNT,
        external_userid: theirs,
        send_time: seconds(at),
        origin: byStaff ? 5 : 3,
      },
      ...(byStaff ? { servicer_userid: 'kfstaff01' } : {}),
    };
    const from = byStaff
      ? { role: 'staff' as const, id: 'kfstaff01', name: null }
      : { role: 'guest' as const, id: theirs, name: null };
    switch (entry.kind) {
      case 'said':
        return fragment(
          { ...message, msgtype: 'text', text: { content: entry.text, menu_id: '' } },
          recordOf(entry, { from }),
        );
      case 'medium':
        return fragment(
          { ...message, msgtype: 'image', image: { media_id: entry.name } },
          recordOf(entry, {
            from,
            text: '[图片 image]',
            attachments: [mediumOf(entry, null)],
          }),
        );
      case 'recall': {
        const event = {
          event_type: 'user_recall_msg',
          open_kfid: KF_ACCOUNT,
          external_userid: theirs,
          recall_msgid: entry.of.id,
        };
        return fragment(
          { msgid: id, send_time: seconds(at), origin: 4, msgtype: 'event', event },
          recordOf(entry, { from, text: '[撤回消息 message recalled]' }),
        );
      }
      case 'unknown':
        return ofUnknownType(
          'hologram',
          { ...message, msgtype: 'hologram', hologram: { title: entry.text } },
          recordOf(entry, { from, text: `[hologram 未知类型 unknown type]\nhologram.title: ${entry.text}` }),
        );
      case 'bad':
        return bad(
          { ...message, msgid: undefined, msgtype: 'text', text: { content: 'x' } },
          'missing-field:msgid',
        );
      default:
        return null;
    }
  },
  file: (written) =>
    lines(
      byGuest(written).map(
        ([, theirs], index) =>
          `{"errcode":0,"errmsg":"ok","next_cursor":"c${index}","has_more":0,"msg_list":[${theirs.map(({ piece }) => piece).join(',')}]}`,
      ),
    ),
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** `Mon Jul 16 18:09:20 +0800 2012` */
function weiboTime(at: Date): string {
  const local = new Date(at.getTime() + 8 * 3_600_000);
  return `${DAYS[local.getUTCDay()]} ${MONTHS[local.getUTCMonth()]} ${String(local.getUTCDate()).padStart(2, '0')} ${local.toISOString().slice(11, 19)} +0800 ${local.getUTCFullYear()}`;
}

/** Private messages of Weibo, both directions, one a line; they have no ids. */
export const weiboMessages: Writer = {
  source: 'weibo',
  format: 'messages',
  extension: 'jsonl',
  subject: (guest) => ({ kind: 'weibo', value: guest.number }),
  profile: () => ({ ownNames: [WEIBO_ACCOUNT] }),
  write(entry) {
    const { guest, at } = entry;
    const byStaff = (entry.kind === 'said' || entry.kind === 'medium') && entry.by === 'staff';
    const [sender, receiver] = byStaff ? [WEIBO_ACCOUNT, guest.number] : [guest.number, WEIBO_ACCOUNT];
    const from = { role: byStaff ? ('staff' as const) : ('guest' as const), id: sender, name: null };
    // Ids beyond 2^53 are plain numbers on the wire.
    const message = (type: string, text: string, data: object) =>
      `{"type":"${type}","receiver_id":${receiver},"sender_id":${sender},"created_at":"${weiboTime(at)}","text":${JSON.stringify(text)},"data":${JSON.stringify(data)}}`;
    switch (entry.kind) {
      case 'said':
        return fragment(message('text', entry.text, {}), recordOf(entry, { from }));
      case 'medium':
        return fragment(
          message('image', '发了一张图片', { vfid: entry.name, tovfid: `${entry.name}-to` }),
          recordOf(entry, {
            from,
            text: '[图片 image] 发了一张图片',
            attachments: [mediumOf(entry, null)],
          }),
        );
      case 'unknown':
        return ofUnknownType(
          'hologram',
          message('hologram', entry.text, {}),
          recordOf(entry, { from, text: `[hologram 未知类型 unknown type]\ntext: ${entry.text}` }),
        );
      case 'bad':
        return bad(
          `{"type":"text","receiver_id":${receiver},"sender_id":${sender},"text":"x"}`,
          'missing-field:created_at',
        );
      default:
        return null;
    }
  },
  file: (written) => lines(written.map(({ piece }) => piece)),
};
