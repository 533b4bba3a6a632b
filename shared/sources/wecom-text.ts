import type { DraftAttachment } from './importer.ts';
import { parseJsonLine } from './json-line.ts';
import { isJsonObject, type JsonObject, listOf, textOf } from './json-value.ts';

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
  const body = message[BODY_KEYS[type] ?? type] ?? message[type] ?? message['info'];
  return readable(type, isJsonObject(body) ? body : {});
}

function readable(type: string, body: JsonObject): Readable {
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
      return { text: labelled(type, textOf(body['filename'])), attachments: [] };
    case 'meeting_voice_call':
      return {
        text: [labelled(type), ...fieldsOf(body)].join('\n'),
        attachments: [{ ...attachment(body, 'audio/amr'), name: null }],
      };
    case 'revoke':
    case 'agree':
    case 'disagree':
      return { text: labelled(type), attachments: [] };
    case 'card':
      return { text: labelled(type, textOf(body['corpname']), textOf(body['userid'])), attachments: [] };
    case 'location':
      return {
        text: labelled(
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
      return { text: [labelled(type), ...valuesOf(body)].join('\n'), attachments: [] };
    case 'markdown':
      return { text: textOf(body['content']), attachments: [] };
    case 'chatrecord':
      return together([labelled(type, textOf(body['title']))], itemsOf(body));
    case 'mixed':
      return together([], itemsOf(body));
    default:
      return { text: [labelled(type), ...fieldsOf(body)].join('\n'), attachments: [] };
  }
}

/** The items of a forwarded chat or mixed message; each `content` is JSON again, as a string. */
function itemsOf(body: JsonObject): Readable[] {
  return listOf(body['item']).flatMap((item) => {
    if (!isJsonObject(item)) return [];
    const content = item['content'];
    const parsed = typeof content === 'string' ? parseJsonLine(content) : null;
    // `ChatRecordText` and the like in forwarded chats, `text` in mixed messages.
    const type = textOf(item['type'])
      .replace(/^ChatRecord/, '')
      .toLowerCase();
    return [
      parsed?.ok === true && isJsonObject(parsed.value)
        ? readable(type, parsed.value)
        : { text: textOf(content), attachments: [] },
    ];
  });
}

function together(lines: string[], parts: Readable[]): Readable {
  return {
    text: [...lines, ...parts.map(({ text }) => text)].join('\n'),
    attachments: parts.flatMap(({ attachments }) => attachments),
  };
}

function media(type: string, body: JsonObject, detail: string, mediaType: string | null): Readable {
  return { text: labelled(type, detail), attachments: [attachment(body, mediaType)] };
}

/** Media stay with the platform under their `sdkfileid`; the record states what they should be. */
function attachment(body: JsonObject, mediaType: string | null): DraftAttachment {
  const bytes = body['filesize'];
  const digest = textOf(body['md5sum']);
  return {
    name: textOf(body['filename']) || null,
    mediaType,
    bytes: typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    digest: digest === '' ? null : `md5:${digest}`,
    refs: [textOf(body['sdkfileid']), textOf(body['filename'])].filter((ref) => ref !== ''),
  };
}

function seconds(body: JsonObject): string {
  const length = textOf(body['play_length']);
  return length === '' ? '' : `${length} s`;
}

function labelled(type: string, ...details: string[]): string {
  const known = Object.hasOwn(TYPE_NAMES, type) ? TYPE_NAMES[type] : undefined;
  return [`[${known ?? `${type} 未知类型 unknown type`}]`, ...details]
    .filter((part) => part !== '')
    .join(' ');
}

/** Fields that only a machine reads. */
const OPAQUE = ['sdkfileid', 'md5sum', 'image_url', 'picurl', 'thumburl'];

function fieldsOf(value: unknown, name = ''): string[] {
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, field]) =>
      OPAQUE.includes(key) ? [] : fieldsOf(field, name === '' ? key : `${name}.${key}`),
    );
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => fieldsOf(one, `${name}[${index + 1}]`));
  const text = textOf(value);
  return text === '' ? [] : [`${name}: ${text}`];
}

function valuesOf(body: JsonObject): string[] {
  return Object.entries(body).flatMap(([key, value]) => {
    const text = OPAQUE.includes(key) ? '' : textOf(value);
    return text === '' ? [] : [text];
  });
}
