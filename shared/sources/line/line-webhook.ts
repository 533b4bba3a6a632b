import { canonicalContent } from '../documents/canonical-content.ts';
import type { Format } from '../documents/several-formats.ts';
import { exactId } from '../fields/platform-id.ts';
import { type Draft, type DraftAttachment, PLAIN_DRAFT } from '../importer.ts';
import { elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { byteCountOf, isGiven, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { unixTime } from '../time/unix-time.ts';

/**
 * Webhooks of LINE's Messaging API: `{destination, events[]}`, or events as they are. Source: line/line-openapi
 * `webhook.yml` (Apache-2.0). They bring what users wrote, never what the account answered. An unsend is a recall; joins,
 * follows, beacons and the like carry no message and are passed. A redelivered event is the same event.
 */
export const lineWebhook: Format = {
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

function* outcomesOf(document: JsonDocument): Generator<Outcome> {
  const whole = wholeOf(document);
  const { value } = whole;
  if (!isJsonObject(value)) {
    yield { kind: 'rejected', reason: 'not-an-object', span: whole.span };
    return;
  }
  const bare = !Object.hasOwn(value, 'events') && Object.hasOwn(value, 'type');
  if (!bare && !Array.isArray(value['events'])) {
    yield { kind: 'rejected', reason: 'missing-field:events', span: whole.span };
    return;
  }
  const events = bare ? [whole] : elementsAt(document.text, whole, ['events', EACH]);
  for (const { value: event, span } of events) yield outcomeOf(draftOf(event), span);
  // A webhook without events is LINE's test of the address.
  if (events.length === 0) yield { kind: 'skipped' };
}

/** Events that carry what a user said or chose; others are passed. */
const CARRYING = ['message', 'unsend', 'postback'];

/** Events that `webhook.yml` knows and that carry no message. */
const PASSED = [
  'follow',
  'unfollow',
  'join',
  'leave',
  'memberJoined',
  'memberLeft',
  'beacon',
  'accountLink',
  'things',
  'videoPlayComplete',
  'module',
  'activated',
  'deactivated',
  'botSuspended',
  'botResumed',
  'delivery',
  'membership',
];

function draftOf(event: unknown): Draft | string | null {
  if (!isJsonObject(event)) return 'not-an-object';
  const type = textOf(event['type']);
  if (type === '') return 'missing-field:type';
  if (PASSED.includes(type)) return null;
  const at = unixTime(event['timestamp'], 'milliseconds');
  if (at === null) return isGiven(event['timestamp']) ? 'invalid-field:timestamp' : 'missing-field:timestamp';
  const source = isJsonObject(event['source']) ? event['source'] : {};
  const user = exactId(source['userId']);
  const room = exactId(source['groupId']) ?? exactId(source['roomId']);
  const conversation = room ?? user;
  if (conversation === null) return 'missing-field:source';
  const eventId = exactId(event['webhookEventId']);
  const message = isJsonObject(event['message']) ? event['message'] : {};
  const messageId = exactId(message['id']);
  if (type === 'message' && messageId === null)
    return isGiven(message['id']) ? 'invalid-field:message.id' : 'missing-field:message.id';
  const unsend = isJsonObject(event['unsend']) ? event['unsend'] : {};
  const recalled = exactId(unsend['messageId']);
  if (type === 'unsend' && recalled === null) return 'missing-field:unsend.messageId';

  const messageType = textOf(message['type']);
  const read = readable(type, messageType, message, event);
  // Where an event came from and how often it was tried is not what it says.
  const { deliveryContext: _, replyToken: __, mode: ___, webhookEventId: ____, ...said } = event;
  return {
    ...PLAIN_DRAFT,
    sourceMessageId:
      type === 'message' ? messageId : (eventId ?? (type === 'unsend' ? `unsend:${recalled}` : null)),
    recalls: type === 'unsend' ? recalled : null,
    placements: [
      {
        // In a group, each user's own words are kept under that user.
        conversation: room === null || user === null ? conversation : JSON.stringify([user, room]),
        identifiers: user === null ? [] : [{ kind: 'line', value: user }],
      },
    ],
    at,
    from: { role: 'guest', id: user, name: null },
    text: read.text,
    attachments: read.attachments,
    sourceType: type === 'message' ? messageType || 'message' : type,
    typeKnown: read.known,
    content: canonicalContent(withoutTokens(said)),
  };
}

/** Tokens by which the message may be answered or marked as read: they are given anew. */
function withoutTokens(event: JsonObject): JsonObject {
  if (!isJsonObject(event['message'])) return event;
  const { quoteToken: _, markAsReadToken: __, ...message } = event['message'];
  return { ...event, message };
}

type Read = { text: string; attachments: DraftAttachment[]; known: boolean };

const MEDIA: Readonly<Record<string, string>> = {
  image: '图片 image',
  video: '视频 video',
  audio: '语音 audio',
  file: '文件 file',
};

/** Fields that only a machine reads. */
const OPAQUE = ['quoteToken', 'markAsReadToken', 'replyToken', 'webhookEventId', 'deliveryContext'];

function readable(type: string, messageType: string, message: JsonObject, event: JsonObject): Read {
  const plain = (text: string): Read => ({ text, attachments: [], known: true });
  if (type === 'unsend') return plain('[撤回消息 message recalled]');
  if (type === 'postback') {
    const postback = isJsonObject(event['postback']) ? event['postback'] : {};
    return plain(['[选择 postback]', ...readableFields(postback)].join('\n'));
  }
  if (!CARRYING.includes(type)) return unknown(type, event);
  const quoted = exactId(message['quotedMessageId']);
  const before = quoted === null ? [] : [`[引用 quotes ${quoted}]`];
  switch (messageType) {
    case 'text':
      return plain([...before, textOf(message['text'])].join('\n'));
    case 'image':
    case 'video':
    case 'audio':
    case 'file': {
      const name = textOf(message['fileName']) || null;
      const length = message['duration'];
      const text = [
        `[${MEDIA[messageType]}]`,
        name ?? '',
        typeof length === 'number' ? `${length / 1000} s` : '',
      ].filter((part) => part !== '');
      const refs = [textOf(message['id']), contentUrl(message), name ?? ''].filter((ref) => ref !== '');
      return {
        text: [...before, text.join(' ')].join('\n'),
        attachments: [
          {
            name,
            mediaType: messageType === 'file' ? null : `${messageType}/*`,
            bytes: byteCountOf(message['fileSize']),
            digest: null,
            refs,
          },
        ],
        known: true,
      };
    }
    case 'location':
      return plain(
        [
          ...before,
          [
            '[位置 location]',
            textOf(message['title']),
            textOf(message['address']),
            `(${textOf(message['latitude'])}, ${textOf(message['longitude'])})`,
          ]
            .filter((part) => part !== '')
            .join(' '),
        ].join('\n'),
      );
    case 'sticker': {
      const keywords = listOf(message['keywords']).map(textOf).join(', ');
      const ids = `${textOf(message['packageId'])}/${textOf(message['stickerId'])}`;
      const words = [textOf(message['text']), keywords].filter((part) => part !== '').join(' ');
      return plain(
        [...before, ['[贴图 sticker]', ids, words].filter((part) => part !== '').join(' ')].join('\n'),
      );
    }
    default:
      return unknown(messageType || 'message', event);
  }
}

/** Where the content lies that another service provides. */
function contentUrl(message: JsonObject): string {
  const provider = message['contentProvider'];
  return isJsonObject(provider) ? textOf(provider['originalContentUrl']) : '';
}

function unknown(type: string, event: JsonObject): Read {
  return {
    text: [labelled(unknownType(type)), ...readableFields(event, OPAQUE)].join('\n'),
    attachments: [],
    known: false,
  };
}
