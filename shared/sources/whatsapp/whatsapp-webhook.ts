import type { Identifier } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import type { Format } from '../documents/several-formats.ts';
import { exactId } from '../fields/platform-id.ts';
import { type Draft, type DraftAttachment, PLAIN_DRAFT } from '../importer.ts';
import { type DocumentElement, elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH } from '../json/json-spans.ts';
import { byteCountOf, isGiven, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { oncePerObject } from '../json/once-per-object.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { unixTime } from '../time/unix-time.ts';

/**
 * Webhooks of the WhatsApp Cloud API. Sources: developers.facebook.com …/whatsapp/webhooks/reference/messages (and
 * `messages/edit`, `messages/revoke`, `smb_message_echoes` for what the hotel itself wrote in its app), docs.kapso.ai for
 * users without a number: their conversation is known by `user_id`. Receipts (`statuses`) carry no message and are passed.
 */
export const whatsappWebhook: Format = {
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

const CHANGES = ['entry', EACH, 'changes', EACH, 'value'] as const;

function* outcomesOf(document: JsonDocument): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const { value, span } = whole;
  if (!isJsonObject(value)) {
    yield { kind: 'rejected', reason: 'not-an-object', span };
    return;
  }
  if (!Array.isArray(value['entry'])) {
    yield { kind: 'rejected', reason: 'missing-field:entry', span };
    return;
  }
  const found = [
    ...elementsAt(text, whole, [...CHANGES, 'messages', EACH]).map((element) => ({ element, echo: false })),
    ...elementsAt(text, whole, [...CHANGES, 'message_echoes', EACH]).map((element) => ({
      element,
      echo: true,
    })),
  ].sort((a, b) => a.element.span.start - b.element.span.start);
  for (const { element, echo } of found) yield outcomeOf(draftOf(element, echo), element.span);
  if (found.length === 0) yield { kind: 'skipped' };
}

function draftOf({ value: message, within }: DocumentElement, echo: boolean): Draft | string {
  if (!isJsonObject(message)) return 'not-an-object';
  const id = exactId(message['id']);
  if (id === null) return isGiven(message['id']) ? 'invalid-field:id' : 'missing-field:id';
  if (!isGiven(message['timestamp'])) return 'missing-field:timestamp';
  const at = unixTime(message['timestamp'], 'seconds');
  if (at === null) return 'invalid-field:timestamp';
  const type = textOf(message['type']);
  if (type === '') return 'missing-field:type';

  const change = within.filter(isJsonObject).at(-1) ?? {};
  const guest = guestOf(message, change, echo);
  if (guest === null) return 'no-guest';
  const body = bodyOf(message, type);
  const original = exactId(body['original_message_id']);
  if ((type === 'revoke' || type === 'edit') && original === null)
    return `missing-field:${type}.original_message_id`;
  const read = readable(type, message, 0);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id,
    recalls: type === 'revoke' ? original : null,
    edits: type === 'edit' ? original : null,
    edited: type === 'edit',
    placements: [{ conversation: guest.conversation, identifiers: guest.identifiers }],
    at,
    from: {
      role: echo ? 'staff' : 'guest',
      id: echo ? exactId(message['from']) : guest.id,
      name: echo ? null : guest.name,
    },
    text: [...contextOf(message), read.text].join('\n'),
    attachments: read.attachments,
    sourceType: type,
    typeKnown: read.known,
    content: canonicalContent(message),
  };
}

type Guest = {
  conversation: string;
  identifiers: Identifier[];
  id: string;
  name: string | null;
};

/** The contacts that stand beside the messages of a change, by number and by user id; the first of each counts. */
const contactsOf = oncePerObject((change) => {
  const contacts = listOf(change['contacts']).filter(isJsonObject);
  const byNumber = new Map<string, JsonObject>();
  const byUser = new Map<string, JsonObject>();
  for (const contact of contacts) {
    const [number, user] = [exactId(contact['wa_id']), exactId(contact['user_id'])];
    if (number !== null && !byNumber.has(number)) byNumber.set(number, contact);
    if (user !== null && !byUser.has(user)) byUser.set(user, contact);
  }
  return { byNumber, byUser, only: contacts.length === 1 ? contacts[0] : undefined };
});

/** The user of the conversation: by number where WhatsApp gives it, else by the id that the business knows the user by. */
function guestOf(message: JsonObject, change: JsonObject, echo: boolean): Guest | null {
  const contacts = contactsOf(change);
  const number = exactId(echo ? message['to'] : message['from']);
  const userId = exactId(echo ? message['to_user_id'] : message['from_user_id']);
  const contact =
    (number === null ? undefined : contacts.byNumber.get(number)) ??
    (userId === null ? undefined : contacts.byUser.get(userId)) ??
    contacts.only ??
    {};
  const profile = isJsonObject(contact['profile']) ? contact['profile'] : {};
  const name = textOf(profile['name']) || textOf(profile['username']) || null;
  const phone = [number, exactId(contact['wa_id'])].find(
    (value) => value !== null && /^\+?\d{5,20}$/.test(value),
  );
  if (phone !== undefined && phone !== null) {
    const value = `+${phone.replace(/^\+/, '')}`;
    return { conversation: value, identifiers: [{ kind: 'phone', value }], id: phone, name };
  }
  const user = userId ?? exactId(contact['user_id']) ?? number;
  return user === null ? null : { conversation: user, identifiers: [], id: user, name };
}

function bodyOf(message: JsonObject, type: string): JsonObject {
  const body = Object.hasOwn(message, type) ? message[type] : undefined;
  return isJsonObject(body) ? body : {};
}

type Read = { text: string; attachments: DraftAttachment[]; known: boolean };

const MEDIA: Readonly<Record<string, string>> = {
  image: '图片 image',
  video: '视频 video',
  audio: '语音 audio',
  document: '文件 document',
  sticker: '表情 sticker',
};

/** Edits hold a message; no message holds one that holds another. */
const DEEPEST_EDIT = 2;

function readable(type: string, message: JsonObject, depth: number): Read {
  const body = bodyOf(message, type);
  const plain = (text: string): Read => ({ text, attachments: [], known: true });
  switch (type) {
    case 'text':
      return plain(textOf(body['body']));
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return media(type, body);
    case 'location':
      return plain(
        labelled(
          '位置 location',
          textOf(body['name']),
          textOf(body['address']),
          `(${textOf(body['latitude'])}, ${textOf(body['longitude'])})`,
        ),
      );
    case 'contacts':
      return plain(['[名片 contacts]', ...readableFields(message['contacts'])].join('\n'));
    case 'button':
      return plain(textOf(body['text']) || textOf(body['payload']));
    case 'interactive':
      return plain(interactive(body));
    case 'reaction': {
      const emoji = textOf(body['emoji']);
      return plain(emoji === '' ? '[撤回表情回应 reaction removed]' : labelled('表情回应 reaction', emoji));
    }
    case 'order':
    case 'system':
    case 'request_welcome':
      return plain(textOf(body['body']) || [`[${type}]`, ...readableFields(body)].join('\n'));
    case 'unsupported':
      return plain(['[不支持的消息 unsupported message]', ...readableFields(message['errors'])].join('\n'));
    case 'revoke':
      return plain('[撤回消息 message recalled]');
    case 'edit': {
      const inner = isJsonObject(body['message']) ? body['message'] : {};
      const innerType =
        textOf(inner['type']) ||
        (['text', ...Object.keys(MEDIA)].find((name) => Object.hasOwn(inner, name)) ?? '');
      return depth >= DEEPEST_EDIT ? unknown(type, message) : readable(innerType, inner, depth + 1);
    }
    default:
      return unknown(type, message);
  }
}

function unknown(type: string, message: JsonObject): Read {
  return {
    text: [labelled(unknownType(type)), ...readableFields(message)].join('\n'),
    attachments: [],
    known: false,
  };
}

function media(type: string, body: JsonObject): Read {
  const name = textOf(body['filename']) || null;
  const digest = textOf(body['sha256']);
  const refs = [textOf(body['id']), name ?? ''].filter((ref) => ref !== '');
  const caption = textOf(body['caption']);
  return {
    text: [labelled(MEDIA[type] ?? type, name ?? ''), ...(caption === '' ? [] : [caption])].join('\n'),
    attachments: [
      {
        name,
        mediaType: textOf(body['mime_type']) || null,
        bytes: byteCountOf(body['file_size']),
        digest: digestOf(digest),
        refs,
      },
    ],
    known: true,
  };
}

/** WhatsApp declares SHA-256 in base64. */
function digestOf(declared: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(declared)) return `sha256:${declared.toLowerCase()}`;
  const bytes = Buffer.from(declared, 'base64');
  return bytes.length === 32 ? `sha256:${bytes.toString('hex')}` : null;
}

/** What the guest chose of what was offered, or the form that was filled in. */
function interactive(body: JsonObject): string {
  const reply = bodyOf(body, textOf(body['type']));
  const title = textOf(reply['title']);
  const description = textOf(reply['description']);
  if (title !== '') return [title, description].filter((part) => part !== '').join('\n');
  return ['[互动消息 interactive]', ...readableFields(body)].join('\n');
}

/** That a message answers another, or was passed on. */
function contextOf(message: JsonObject): string[] {
  const context = message['context'];
  if (!isJsonObject(context)) return [];
  const answered = exactId(context['id']);
  return [
    ...(context['forwarded'] === true || context['frequently_forwarded'] === true
      ? ['[转发 forwarded]']
      : []),
    ...(answered === null ? [] : [`[回复 reply to ${answered}]`]),
  ];
}
