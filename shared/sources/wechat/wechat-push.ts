import { canonicalContent } from '../documents/canonical-content.ts';
import { lookUp } from '../fields/look-up.ts';
import { platformId } from '../fields/platform-id.ts';
import { type Reading, whyNoField } from '../fields/reading.ts';
import { type Draft, type DraftAttachment, PLAIN_DRAFT } from '../importer.ts';
import { isJsonObject, type JsonObject, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';
import type { XmlElement } from '../xml/xml-elements.ts';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  image: '图片 image',
  voice: '语音 voice',
  video: '视频 video',
  shortvideo: '小视频 short video',
  file: '文件 file',
  location: '位置 location',
  link: '链接 link',
  miniprogrampage: '小程序卡片 mini program',
};

/** Fields around what a message says. */
const ENVELOPE = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'MsgId', 'Encrypt'];

/**
 * A message that WeChat pushed: always of the guest's side. Conversations are those of an openid with an account. An event
 * says something where the guest chose an entry of the account's menu (`CLICK`); the others carry no record.
 */
export function readWechatPush(message: JsonObject): Reading {
  if (message['MsgType'] === undefined && message['Encrypt'] !== undefined) return 'encrypted-message';
  const [guest, account, type] = ['FromUserName', 'ToUserName', 'MsgType'].map((field) =>
    platformId(message[field]),
  );
  if (guest === undefined || guest === '') return whyNoField(message, 'FromUserName');
  if (account === undefined || account === '') return whyNoField(message, 'ToUserName');
  if (type === undefined || type === '') return whyNoField(message, 'MsgType');
  if (type === 'event' && !saysSomething(message)) return null;
  const time = wechatTime(message['CreateTime']);
  if (time === null) return whyNoField(message, 'CreateTime');
  if (type === 'text' && message['Content'] === undefined) return 'missing-field:Content';
  const id = platformId(message['MsgId']);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: type === 'event' || id === '' ? null : id,
    placements: [wechatPlacement(guest, account)],
    ...time,
    from: { role: 'guest', id: guest, name: null },
    ...readable(type, message),
    sourceType: type,
    typeKnown: type === 'text' || type === 'event' || Object.hasOwn(TYPE_NAMES, type),
    content: contentOf(message),
  };
}

export function wechatPlacement(guest: string, account: string): Draft['placements'][0] {
  return {
    conversation: JSON.stringify([guest, account]),
    identifiers: [{ kind: 'wechat', value: guest }],
  };
}

/** Seconds since 1970; zero is a time left out. */
export function wechatTime(value: unknown): Pick<Draft, 'at' | 'timeKnown'> | null {
  if (textOf(value).trim() === '0') return { at: new Date(0), timeKnown: false };
  const time = platformTime(value, null);
  return 'at' in time ? { at: time.at, timeKnown: true } : null;
}

/**
 * The elements of a push in XML as the members that the same push has in JSON. Null where an element stands twice, since
 * two readers could see two different messages in it; deeper down lists are written so.
 */
export function membersOf(root: XmlElement): JsonObject | null {
  const names = root.children.map(({ name }) => name);
  if (new Set(names).size < names.length) return null;
  return Object.fromEntries(root.children.map((child) => [child.name, memberOf(child)]));
}

function memberOf({ children, text }: XmlElement): unknown {
  if (children.length === 0) return text;
  const values = new Map<string, unknown[]>();
  for (const child of children) {
    const known = values.get(child.name);
    if (known === undefined) values.set(child.name, [memberOf(child)]);
    else known.push(memberOf(child));
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]));
}

/** The same for XML, which knows texts alone, and for JSON. */
function contentOf({ Encrypt: _, ...message }: JsonObject): string {
  return canonicalContent(inTexts(message));
}

function inTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inTexts);
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inTexts(one)]));
  }
  return textOf(value);
}

function saysSomething(message: JsonObject): boolean {
  return textOf(message['Event']).toUpperCase() === 'CLICK' && textOf(message['EventKey']) !== '';
}

function readable(type: string, message: JsonObject): Pick<Draft, 'text' | 'attachments'> {
  const of = (field: string) => textOf(message[field]);
  switch (type) {
    case 'text':
      return { text: of('Content'), attachments: [] };
    case 'event':
      return { text: `[点击菜单 menu entry chosen] ${of('EventKey')}`, attachments: [] };
    case 'image':
      return { text: titled(type), attachments: [medium(message, 'image/*')] };
    case 'voice':
      return {
        text: titled(type, of('Recognition')),
        attachments: [medium(message, of('Format') === '' ? 'audio/*' : `audio/${of('Format')}`)],
      };
    case 'video':
    case 'shortvideo':
      return { text: titled(type), attachments: [medium(message, 'video/*')] };
    case 'file':
      return { text: titled(type, of('Title')), attachments: [medium(message, null)] };
    case 'location':
      return {
        text: titled(type, of('Label'), `(${of('Location_X')}, ${of('Location_Y')})`),
        attachments: [],
      };
    default: {
      const fields = readableFields(message, [...ENVELOPE, 'ThumbUrl', 'ThumbMediaId']);
      return { text: [titled(type), ...fields].join('\n'), attachments: [] };
    }
  }
}

function medium(message: JsonObject, mediaType: string | null): DraftAttachment {
  const title = textOf(message['Title']);
  const digest = textOf(message['FileMd5']);
  const bytes = textOf(message['FileTotalLen']);
  return {
    name: title === '' ? null : title,
    mediaType,
    bytes: /^\d{1,15}$/.test(bytes) ? Number(bytes) : null,
    digest: digest === '' ? null : `md5:${digest}`,
    refs: ['MediaId', 'MediaId16K', 'FileKey', 'PicUrl', 'Title']
      .map((field) => textOf(message[field]))
      .filter((ref) => ref !== ''),
  };
}

function titled(type: string, ...details: string[]): string {
  return labelled(lookUp(TYPE_NAMES, type) ?? unknownType(type), ...details);
}
