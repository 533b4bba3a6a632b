import { LIMITS } from '../../domain/limits.ts';
import { lookUp } from '../fields/look-up.ts';
import type { DraftAttachment } from '../importer.ts';
import { parseJsonLine } from '../json/json-line.ts';
import { byteCountOf, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';

/** A message as a reader sees it. */
export type Readable = { text: string; attachments: DraftAttachment[] };

/** Where the body's key isn't the message type (developer.work.weixin.qq.com, path 91774; WxJava's fixtures). */
const BODY_KEYS: Readonly<Record<string, string>> = {
  docmsg: 'doc',
  markdown: 'info',
  news: 'info',
  voiptext: 'info',
  qydiskfile: 'info',
  meeting_notification: 'info',
  external_redpacket: 'redpacket',
};

/** What each known type is called, in Chinese and English. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  image: '图片 image',
  voice: '语音 voice',
  video: '视频 video',
  file: '文件 file',
  revoke: '撤回消息 message recalled',
  agree: '同意会话存档 agreed to archiving',
  disagree: '不同意会话存档 refused archiving',
  card: '名片 card',
  location: '位置 location',
  emotion: '表情 emotion',
  link: '链接 link',
  weapp: '小程序 mini program',
  chatrecord: '聊天记录 forwarded chat',
  mixed: '混合消息 mixed message',
  todo: '待办 to-do',
  vote: '投票 vote',
  collect: '填表 form',
  redpacket: '红包 red packet',
  external_redpacket: '互通红包 red packet',
  meeting: '会议邀请 meeting',
  meeting_notification: '会议通知 meeting notice',
  docmsg: '在线文档 document',
  markdown: 'Markdown',
  news: '图文 article',
  calendar: '日程 calendar',
  meeting_voice_call: '音频存档 recorded call',
  voip_doc_share: '音频共享文档 document shared in a call',
  voiptext: '语音/视频通话 call',
  sphfeed: '视频号 channels post',
  qydiskfile: '微盘文件 drive file',
  switch: '切换企业日志 switched company',
};

const EMOTION_TYPES: Readonly<Record<string, string>> = { '1': 'image/gif', '2': 'image/png' };

/** Whether the type is one that the platform documents. */
export function isKnownType(type: string): boolean {
  return type === 'text' || Object.hasOwn(TYPE_NAMES, type);
}

/** One message as readable text, with the media that it refers to. Types that are not known keep every field. */
export function readableWecom(type: string, message: JsonObject): Readable {
  const body = bodyOf(type, message);
  // Of a call, the platform's number of it stands beside the body, which alone names the recording.
  const call = textOf(message['voiceid']) || textOf(message['voipid']);
  const said = readable(type, body, 0);
  return call === '' ? said : { ...said, text: `${said.text}\n${CALL_ID} ${call}` };
}

const CALL_ID = '通话编号 call:';

function bodyOf(type: string, message: JsonObject): JsonObject {
  const body = message[BODY_KEYS[type] ?? type] ?? message[type] ?? message['info'];
  return isJsonObject(body) ? body : {};
}

/** What a guest answered when asked whether conversations with an employee may be archived. */
export type WecomConsent = {
  state: 'agreed' | 'refused';
  /** External id of the guest. */
  guest: string;
  /** User ids of the employees with whom the conversations are. */
  staff: string[];
  at: Date;
};

/**
 * What a message (`agree`, `disagree`) says about consent to archiving; null for every other. Each has a body key of its
 * own, `agree_time` and `disagree_time` in milliseconds (WxJava's fixtures); where it is missing the message's time stands.
 */
export function consentIn(message: JsonObject): WecomConsent | null {
  const type = textOf(message['msgtype']);
  if (type !== 'agree' && type !== 'disagree') return null;
  // One public library reads a refusal from the body of a consent.
  const body = message[type] ?? message['agree'];
  const fields = isJsonObject(body) ? body : {};
  const at =
    timeWithin(fields[`${type}_time`]) ?? timeWithin(fields['agree_time']) ?? timeWithin(message['msgtime']);
  const guest = textOf(fields['userid']) || textOf(message['from']);
  if (at === null || guest === '') return null;
  const staff = [...listOf(message['tolist']).map(textOf), textOf(message['from'])];
  return {
    state: type === 'agree' ? 'agreed' : 'refused',
    guest,
    staff: [...new Set(staff)].filter((id) => id !== '' && id !== guest),
    at,
  };
}

/**
 * A time within a message's body, in seconds or milliseconds since 1970; null where there is none. Unlike the message's own
 * time it may be missing: what is too short or too long for one is left out, and refuses nothing.
 */
function timeWithin(value: unknown): Date | null {
  const text = textOf(value);
  if (!/^\d{9,13}$/.test(text)) return null;
  const number = Number(text);
  return new Date(number < 1e11 ? number * 1000 : number);
}

function readable(type: string, body: JsonObject, depth: number): Readable {
  switch (type) {
    case 'text':
      return { text: textOf(body['content']), attachments: [] };
    case 'image':
      return media(type, body, '', 'image/*');
    case 'voice':
      return media(
        type,
        { ...body, filesize: body['voice_size'] ?? body['filesize'] },
        seconds(body),
        'audio/amr',
      );
    case 'video':
      return media(type, body, seconds(body), 'video/*');
    case 'emotion':
      return media(
        type,
        { ...body, filesize: body['imagesize'] ?? body['filesize'] },
        '',
        EMOTION_TYPES[textOf(body['type'])] ?? 'image/*',
      );
    case 'file':
    case 'voip_doc_share':
      return media(type, body, textOf(body['filename']), null);
    case 'qydiskfile':
      return { text: titled(type, textOf(body['filename'])), attachments: [] };
    case 'meeting_voice_call':
      return {
        text: [titled(type), ...readableFields(body, OPAQUE)].join('\n'),
        attachments: [{ ...attachment(body, 'audio/amr'), name: null }],
      };
    case 'revoke':
      return { text: titled(type), attachments: [] };
    case 'agree':
    case 'disagree':
      return {
        // Whose it is stands in the record's conversation: an account beside a time reads as a number that goes on.
        text: titled(type, timeText(body[`${type}_time`] ?? body['agree_time'])),
        attachments: [],
      };
    case 'card':
      return { text: titled(type, textOf(body['corpname']), textOf(body['userid'])), attachments: [] };
    case 'location':
      return {
        text: titled(
          type,
          textOf(body['title']),
          textOf(body['address']),
          `(${textOf(body['latitude'])}, ${textOf(body['longitude'])})`,
        ),
        attachments: [],
      };
    case 'link':
    case 'sphfeed':
    case 'weapp':
    case 'docmsg':
      return { text: [titled(type), ...valuesOf(body)].join('\n'), attachments: [] };
    case 'markdown':
      return { text: textOf(body['content']), attachments: [] };
    case 'chatrecord':
      return together([titled(type, textOf(body['title']))], itemsOf(body, depth));
    case 'mixed':
      return together([], itemsOf(body, depth));
    default:
      return { text: [titled(type), ...readableFields(body, OPAQUE)].join('\n'), attachments: [] };
  }
}

/**
 * The items of a forwarded chat or mixed message; each `content` is JSON again, as a string, and may hold items itself.
 * Those of a forwarded chat have a time (in seconds as the fixtures have it, in milliseconds as the documents do) and,
 * where the platform gives one, a speaker.
 */
function itemsOf(body: JsonObject, depth: number): Readable[] {
  return listOf(body['item']).flatMap((item) => {
    if (!isJsonObject(item)) return [];
    const content = item['content'];
    const parsed =
      typeof content === 'string' && depth < LIMITS.chatRecordNesting ? parseJsonLine(content) : null;
    const inner = parsed?.ok === true ? parsed.value : content;
    // `ChatRecordText` and the like in forwarded chats, `text` in mixed messages; `ChatRecord` alone is one within one.
    const named = textOf(item['type']);
    const type = (named.replace(/^ChatRecord(?=.)/i, '') || 'chatrecord').toLowerCase();
    const said =
      isJsonObject(inner) && depth < LIMITS.chatRecordNesting
        ? readable(type, inner, depth + 1)
        : { text: textOf(content), attachments: [] };
    const about = [timeText(item['msgtime']), speakerOf(item, inner)].filter((part) => part !== '');
    return [about.length === 0 ? said : { ...said, text: `${about.join(' ')}: ${indented(said.text)}` }];
  });
}

/** Lines after the first stand below the item that they belong to. */
function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}

const SPEAKER_FIELDS = ['from', 'sender', 'from_name', 'sender_name', 'nickname'];

function speakerOf(item: JsonObject, inner: unknown): string {
  const own = SPEAKER_FIELDS.map((field) => textOf(item[field])).find((name) => name !== '');
  if (own !== undefined) return own;
  if (!isJsonObject(inner)) return '';
  return SPEAKER_FIELDS.map((field) => textOf(inner[field])).find((name) => name !== '') ?? '';
}

/** In UTC, since the hotel's zone isn't known here. */
function timeText(value: unknown): string {
  return (
    timeWithin(value)
      ?.toISOString()
      .replace(/\.000Z$/, 'Z') ?? ''
  );
}

function together(lines: string[], parts: Readable[]): Readable {
  return {
    text: [...lines, ...parts.map(({ text }) => text)].join('\n'),
    attachments: parts.flatMap(({ attachments }) => attachments),
  };
}

function media(type: string, body: JsonObject, detail: string, mediaType: string | null): Readable {
  // A size beyond what a number holds exactly is stated in words.
  const size = typeof body['filesize'] === 'bigint' ? `${body['filesize']} bytes` : '';
  return { text: titled(type, detail, size), attachments: [attachment(body, mediaType)] };
}

/** Media stay with the platform under their `sdkfileid`; the record states what they should be. */
function attachment(body: JsonObject, mediaType: string | null): DraftAttachment {
  const digest = textOf(body['md5sum']);
  return {
    name: textOf(body['filename']) || null,
    mediaType,
    bytes: byteCountOf(body['filesize']),
    digest: digest === '' ? null : `md5:${digest}`,
    refs: [textOf(body['sdkfileid']), textOf(body['filename'])].filter((ref) => ref !== ''),
  };
}

function seconds(body: JsonObject): string {
  const length = textOf(body['play_length']);
  return length === '' ? '' : `${length} s`;
}

function titled(type: string, ...details: string[]): string {
  return labelled(lookUp(TYPE_NAMES, type) ?? unknownType(type), ...details);
}

/** Fields that only a machine reads. */
const OPAQUE = ['sdkfileid', 'md5sum', 'image_url', 'picurl', 'thumburl'];

function valuesOf(body: JsonObject): string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const text = OPAQUE.includes(key) ? '' : textOf(value);
    return text === '' ? [] : [text];
  });
}
