import { DateTime } from 'luxon';
import { decodeText } from '../bytes/decode-text.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { withholdTalk } from '../documents/withheld-talk.ts';
import { platformError } from '../fields/platform-error.ts';
import { platformId } from '../fields/platform-id.ts';
import { type Reading, whyNoField } from '../fields/reading.ts';
import {
  type Draft,
  type DraftAttachment,
  type Importer,
  type ImportOptions,
  PLAIN_DRAFT,
  writtenOwnNames,
} from '../importer.ts';
import { wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { parseJsonLine } from '../json/json-line.ts';
import { isJsonObject, type JsonObject, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';

/**
 * Weibo 微博 private messages as 粉丝服务 pushes them, JSON. Source: open.weibo.com/wiki 消息推送服务 and
 * Receive_General_Message. They have no id: the same message pushed again is known by being the same.
 *
 * The receiver of a pushed message is the hotel's account. Where `ownNames` gives the ids of the hotel's accounts,
 * messages in both directions are told apart by them.
 */
export const weibo: Importer = {
  source: 'weibo',
  read: (bytes, from, options) =>
    withholdTalk(readJsonDocuments(bytes, from, options, readPush), (original) =>
      fanTakesPart(original, options),
    ),
};

/** Whether one of those named is none of the hotel's own accounts. */
function fanTakesPart(original: Uint8Array, options: ImportOptions): boolean {
  const text = decodeText(original, true);
  const parsed = text === null ? null : parseJsonLine(text);
  if (parsed?.ok !== true || !isJsonObject(parsed.value)) return false;
  const own = new Set(writtenOwnNames(options));
  const { sender_id: sender, receiver_id: receiver } = parsed.value;
  return [sender, receiver].map(platformId).some((id) => id !== '' && !own.has(id));
}

function* readPush(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const { value, span } = wholeOf(document);
  yield outcomeOf(isJsonObject(value) ? readMessage(value, options) : 'not-an-object', span);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  position: '位置 location',
  voice: '语音 voice',
  image: '图片 image',
};

/** Types whose words stand in `text` and nowhere else. */
const WORDS = ['text', 'mention'];

function readMessage(message: JsonObject, options: ImportOptions): Reading {
  const error = platformError(message);
  if (error !== null) return error;
  const sender = platformId(message['sender_id']);
  const receiver = platformId(message['receiver_id']);
  const own = new Set(writtenOwnNames(options));
  if (own.has(sender) && own.has(receiver)) return 'no-guest';
  const type = platformId(message['type']);
  if (type === '') return whyNoField(message, 'type');
  if (sender === '') return whyNoField(message, 'sender_id');
  if (receiver === '') return whyNoField(message, 'receiver_id');
  const at = timeOf(textOf(message['created_at']));
  if (at === null) return whyNoField(message, 'created_at');
  if (type === 'text' && message['text'] === undefined) return 'missing-field:text';
  const said = type === 'event' ? wordsOfEvent(message) : readable(type, message);
  if (said === null || (type === 'mention' && said.text === '')) return null;
  const outgoing = own.has(sender);
  const [guest, hotel] = outgoing ? [receiver, sender] : [sender, receiver];
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: null,
    placements: [
      { conversation: JSON.stringify([guest, hotel]), identifiers: [{ kind: 'weibo', value: guest }] },
    ],
    staff: [`weibo:${hotel}`],
    at,
    from: { role: outgoing ? 'staff' : 'guest', id: sender, name: null },
    ...said,
    sourceType: type,
    typeKnown: type === 'event' || WORDS.includes(type) || Object.hasOwn(TYPE_NAMES, type),
    content: canonicalContent(message),
  };
}

/** `Mon Jul 16 18:09:20 +0800 2012`; the name of the weekday says nothing more. */
function timeOf(text: string): Date | null {
  const parts =
    /^(?:[A-Za-z]{3},?\s+)?([A-Za-z]{3}\s+\d{1,2}\s+\d{1,2}:\d{2}:\d{2}\s+[+-]\d{4}\s+\d{4})$/.exec(
      text.trim(),
    );
  if (parts?.[1] === undefined) {
    const other = platformTime(text, null);
    return 'at' in other ? other.at : null;
  }
  const time = DateTime.fromFormat(parts[1].replaceAll(/\s+/g, ' '), 'MMM d H:mm:ss ZZZ yyyy', {
    locale: 'en',
  });
  return time.isValid && time.toMillis() >= 0 ? time.toJSDate() : null;
}

type Said = Pick<Draft, 'text' | 'attachments'>;

function readable(type: string, message: JsonObject): Said {
  const text = textOf(message['text']);
  if (WORDS.includes(type)) return { text, attachments: [] };
  const data = isJsonObject(message['data']) ? message['data'] : {};
  switch (type) {
    case 'position': {
      const place = `(${textOf(data['latitude'])}, ${textOf(data['longitude'])})`;
      return {
        text: [`[${TYPE_NAMES[type]}]`, text, place].filter((part) => part !== '').join(' '),
        attachments: [],
      };
    }
    case 'voice':
    case 'image':
      return {
        text: [`[${TYPE_NAMES[type]}]`, text].filter((part) => part !== '').join(' '),
        attachments: [medium(data, type === 'voice' ? 'audio/*' : 'image/*')],
      };
    default:
      return {
        text: [
          labelled(unknownType(type)),
          ...readableFields(message, ['type', 'receiver_id', 'sender_id', 'created_at']),
        ].join('\n'),
        attachments: [],
      };
  }
}

/** The id by which the sender finds a medium, and the one by which the receiver does. */
function medium(data: JsonObject, mediaType: string): DraftAttachment {
  return {
    name: null,
    mediaType,
    bytes: null,
    digest: null,
    refs: [textOf(data['vfid']), textOf(data['tovfid'])].filter((ref) => ref !== ''),
  };
}

/**
 * What a fan said by an event: the entry of a menu that was chosen, or the words that subscribed or unsubscribed; where
 * there were none the platform writes `订阅事件消息` and the like. Null where nothing was said.
 */
function wordsOfEvent(message: JsonObject): Said | null {
  const data = isJsonObject(message['data']) ? message['data'] : {};
  const subtype = textOf(data['subtype']);
  const text = textOf(message['text']);
  const key = textOf(data['key']);
  if (subtype === 'click' && key !== '')
    return { text: `[点击菜单 menu entry chosen] ${key}`, attachments: [] };
  const typed = (subtype === 'subscribe' || subtype === 'unsubscribe') && !text.endsWith('事件消息');
  return typed && text !== '' ? { text, attachments: [] } : null;
}
