import { canonicalContent } from '../documents/canonical-content.ts';
import { severalFormats } from '../documents/several-formats.ts';
import { lookUp } from '../fields/look-up.ts';
import { platformError } from '../fields/platform-error.ts';
import { platformId } from '../fields/platform-id.ts';
import { type Reading, whyNoField } from '../fields/reading.ts';
import { type Draft, type DraftAttachment, type Importer, PLAIN_DRAFT } from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { parseJsonLine } from '../json/json-line.ts';
import { EACH } from '../json/json-spans.ts';
import { isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { readXmlDocuments, type XmlOutcome } from '../xml/xml-documents.ts';
import type { XmlElement } from '../xml/xml-elements.ts';
import { membersOf, wechatTime } from './wechat-push.ts';
import { beginsAsXml } from './wechat-service.ts';

/**
 * 微信客服 (WeChat customer service of WeCom): pages as `POST /cgi-bin/kf/sync_msg` gives them, or single messages of
 * them. Sources: developer.work.weixin.qq.com/document/31078 and /document/path/94699; Wechat-Group/WxJava
 * `WxCpKfMsgListResp.java`. What is sent by the interface itself isn't given back by it.
 *
 * What the platform pushes (`kf_msg_or_event`) only says that there is something to pull, and carries no record.
 */
export const wechatKf: Importer = severalFormats(
  'wechat-kf',
  {
    json: { read: (bytes, from, options) => readJsonDocuments(bytes, from, options, readJson) },
    xml: { read: (bytes, from, options) => readXmlDocuments(bytes, from, options, readCallback) },
  },
  (head) => (beginsAsXml(head) ? 'xml' : 'json'),
);

function* readCallback(root: XmlElement): Generator<XmlOutcome> {
  const callback = membersOf(root);
  if (callback === null) yield { kind: 'rejected', reason: 'duplicate-key' };
  else if (callback['MsgType'] === 'event') yield { kind: 'skipped' };
  else {
    yield {
      kind: 'rejected',
      reason: callback['Encrypt'] === undefined ? 'unknown-shape' : 'encrypted-message',
    };
  }
}

function* readJson(document: JsonDocument): Generator<Outcome> {
  const whole = wholeOf(document);
  const page = whole.value;
  const error = isJsonObject(page) ? platformError(page) : 'not-an-object';
  if (error !== null) {
    yield { kind: 'rejected', reason: error, span: whole.span };
    return;
  }
  const list = isJsonObject(page) ? page['msg_list'] : undefined;
  if (list !== undefined && list !== null && !Array.isArray(list)) {
    yield { kind: 'rejected', reason: 'invalid-field:msg_list', span: whole.span };
    return;
  }
  // A page without news may leave its list out.
  const single = isJsonObject(page) && list === undefined && page['errcode'] === undefined;
  for (const { value, span } of single ? [whole] : elementsAt(document.text, whole, ['msg_list', EACH])) {
    yield outcomeOf(readMessage(value), span);
  }
}

const GUEST = '3';
const SYSTEM = '4';
const STAFF = '5';

function readMessage(message: unknown): Reading {
  if (!isJsonObject(message)) return 'not-an-object';
  const type = platformId(message['msgtype']);
  if (type === '') return whyNoField(message, 'msgtype');
  const event = type === 'event' ? message['event'] : null;
  if (isJsonObject(event)) return readEvent(message, event);
  if (type === 'event') return 'missing-field:event';
  const id = platformId(message['msgid']);
  if (id === '') return whyNoField(message, 'msgid');
  const origin = textOf(message['origin']);
  if (origin === '') return 'missing-field:origin';
  const common = commonOf(message, message);
  if (typeof common === 'string') return common;
  const servicer = platformId(message['servicer_userid']);
  const knownOrigin = [GUEST, SYSTEM, STAFF].includes(origin);
  const body = message[type];
  if (type === 'text' && !(isJsonObject(body) && typeof body['content'] === 'string')) {
    return 'missing-field:text.content';
  }
  return {
    ...common,
    sourceMessageId: id,
    from: {
      role: origin === GUEST ? 'guest' : origin === STAFF ? 'staff' : 'system',
      id:
        origin === GUEST
          ? platformId(message['external_userid'])
          : origin === STAFF
            ? servicer || null
            : null,
      name: null,
    },
    ...(isKnownType(type)
      ? readable(type, isJsonObject(body) ? body : {})
      : {
          text: [titled(type), ...readableFields(message, ENVELOPE)].join('\n'),
          attachments: [],
        }),
    sourceType: type,
    typeKnown: isKnownType(type) && knownOrigin,
  };
}

/** Fields around what a message says. */
const ENVELOPE = ['msgid', 'open_kfid', 'external_userid', 'send_time', 'origin', 'msgtype'];

/** Of events, one that takes a message back is kept (`user_recall_msg`, `servicer_recall_msg`). */
function readEvent(message: JsonObject, event: JsonObject): Reading {
  const type = platformId(event['event_type']);
  const recalled = platformId(event['recall_msgid']);
  if (recalled === '') return type.endsWith('recall_msg') ? whyNoField(event, 'recall_msgid') : null;
  // Ids stand beside the event, in it, or in both places.
  const common = commonOf(message, { ...message, ...event });
  if (typeof common === 'string') return common;
  const servicer = platformId(event['servicer_userid'] ?? message['servicer_userid']);
  const guest = platformId(event['external_userid'] ?? message['external_userid']);
  const id = platformId(message['msgid']);
  return {
    ...common,
    sourceMessageId: id === '' ? null : id,
    recalls: recalled,
    from:
      type === 'servicer_recall_msg'
        ? { role: 'staff', id: servicer || null, name: null }
        : { role: 'guest', id: guest, name: null },
    text: '[撤回消息 message recalled]',
    sourceType: type === '' ? 'recall' : type,
  };
}

type Common = Omit<Draft, 'from' | 'text' | 'sourceType' | 'sourceMessageId'>;

function commonOf(message: JsonObject, ids: JsonObject): Common | string {
  const guest = platformId(ids['external_userid']);
  if (guest === '') return whyNoField(ids, 'external_userid');
  const account = platformId(ids['open_kfid']);
  if (account === '') return whyNoField(ids, 'open_kfid');
  const time = message['send_time'] === undefined ? TIME_LEFT_OUT : wechatTime(message['send_time']);
  if (time === null) return 'invalid-field:send_time';
  const servicer = platformId(ids['servicer_userid']);
  return {
    ...PLAIN_DRAFT,
    placements: [
      {
        conversation: JSON.stringify([guest, account]),
        identifiers: [{ kind: 'wecom', value: guest }],
      },
    ],
    // An employee who serves here does so with the account of WeCom.
    staff: servicer === '' ? [] : [`wechat-kf:${servicer}`, `wecom:${servicer}`],
    ...time,
    content: canonicalContent(message),
  };
}

const TIME_LEFT_OUT = { at: new Date(0), timeKnown: false };

const TYPE_NAMES: Readonly<Record<string, string>> = {
  image: '图片 image',
  voice: '语音 voice',
  video: '视频 video',
  file: '文件 file',
  location: '位置 location',
  link: '链接 link',
  business_card: '名片 card',
  miniprogram: '小程序 mini program',
  msgmenu: '菜单 menu',
  channels_shop_product: '视频号商品 channels product',
  channels_shop_order: '视频号订单 channels order',
  merged_msg: '聊天记录 forwarded chat',
  channels: '视频号 channels post',
  meeting: '会议 meeting',
  schedule: '日程 calendar entry',
  note: '笔记 note',
};

const MEDIA_TYPES: Readonly<Record<string, string | null>> = {
  image: 'image/*',
  voice: 'audio/*',
  video: 'video/*',
  file: null,
};

function isKnownType(type: string): boolean {
  return type === 'text' || Object.hasOwn(TYPE_NAMES, type);
}

function readable(type: string, body: JsonObject): Pick<Draft, 'text' | 'attachments'> {
  if (type === 'text') return { text: textOf(body['content']), attachments: [] };
  if (type === 'merged_msg') return forwarded(body);
  if (Object.hasOwn(MEDIA_TYPES, type)) {
    const name = textOf(body['file_name'] ?? body['filename']);
    const attachment: DraftAttachment = {
      name: name === '' ? null : name,
      mediaType: MEDIA_TYPES[type] ?? null,
      bytes: null,
      digest: null,
      refs: [textOf(body['media_id']), name].filter((ref) => ref !== ''),
    };
    return { text: titled(type, name), attachments: [attachment] };
  }
  if (type === 'location') {
    const point = `(${textOf(body['latitude'])}, ${textOf(body['longitude'])})`;
    return {
      text: titled(type, textOf(body['name']), textOf(body['address']), point),
      attachments: [],
    };
  }
  return {
    text: [
      titled(type),
      ...readableFields(body, ['pic_url', 'thumb_media_id', 'head_img', 'image_url']),
    ].join('\n'),
    attachments: [],
  };
}

/** Each entry's content is JSON again, as a string. */
function forwarded(body: JsonObject): Pick<Draft, 'text' | 'attachments'> {
  const title = textOf(body['title']);
  const entries = listOf(body['item']).flatMap((item) => {
    if (!isJsonObject(item)) return [];
    const type = textOf(item['msgtype']);
    const content = textOf(item['msg_content']);
    const parsed = parseJsonLine(content);
    const value = parsed.ok && isJsonObject(parsed.value) ? parsed.value : null;
    const inner = value === null ? null : value[type];
    const said =
      value === null
        ? { text: content, attachments: [] }
        : readable(isKnownType(type) ? type : 'unknown', isJsonObject(inner) ? inner : value);
    return [{ ...said, text: `${textOf(item['sender_name'])}: ${said.text}` }];
  });
  return {
    text: [titled('merged_msg', title.trimEnd()), ...entries.map(({ text }) => text)].join('\n'),
    attachments: entries.flatMap(({ attachments }) => attachments),
  };
}

function titled(type: string, ...details: string[]): string {
  return labelled(lookUp(TYPE_NAMES, type) ?? unknownType(type), ...details);
}
