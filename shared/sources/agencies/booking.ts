import type { Identifier, StoredRecord } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { lookUp } from '../fields/look-up.ts';
import { exactId } from '../fields/platform-id.ts';
import {
  type Draft,
  type DraftAttachment,
  type Importer,
  type ImportOptions,
  PLAIN_DRAFT,
  zoneOf,
} from '../importer.ts';
import { type DocumentElement, elementsAt, wholeOf } from '../json/document-elements.ts';
import { type JsonDocument, type Outcome, outcomeOf, readJsonDocuments } from '../json/json-documents.ts';
import { EACH, type Step } from '../json/json-spans.ts';
import { isGiven, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { oncePerObject } from '../json/once-per-object.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { parseInstant } from '../time/instant.ts';

/**
 * Messages of Booking.com: pages of the Connectivity Messaging API (`messages/latest`, a conversation), of the Demand API
 * 3.1 and 3.2, notifications of the Connectivity Notification Service, and Channex's one form for several channels.
 * Sources: connect.booking.com/user_guide/site/en-US/messaging-api/managing-messages,
 * developers.booking.com/connectivity/docs/messaging-api/version-history, developers.booking.com/demand/docs/messaging
 * (its use case writes `data.conversations`, its schema `data.conversation`), docs.channex.io messages-collection.
 *
 * A conversation belongs to a reservation, whose number finds the guest. Channex's times have no zone.
 */
export const booking: Importer = {
  source: 'booking',
  read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf),
};

/** Where messages stand in a document; the first place that holds any is meant. */
const PLACES: readonly (readonly Step[])[] = [
  ['data', 'messages', EACH],
  ['data', 'conversation', 'messages', EACH],
  ['data', 'conversations', 'messages', EACH],
  ['data', 'conversations', EACH, 'messages', EACH],
  ['data', 'conversation', EACH, 'messages', EACH],
  ['payload', 'data', 'messages', EACH],
  ['payload', 'messages', EACH],
  ['payload', 'message'],
  ['payload'],
  ['messages', EACH],
  ['message'],
  ['data', EACH],
  ['data'],
  [],
];

/** A page of any of these is one without messages, and not a strange document. */
const EMPTY_PAGES = ['data', 'payload', 'messages', 'meta', 'metadata', 'warnings'];

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const whole = wholeOf(document);
  const { value, span } = whole;
  if (!isJsonObject(value)) {
    yield { kind: 'rejected', reason: 'not-an-object', span };
    return;
  }
  // A page's list may hold what is no message; a single place is one only where it looks like one.
  const found = PLACES.map((path) => ({ path, elements: elementsAt(document.text, whole, path) })).find(
    ({ path, elements }) =>
      elements.length > 0 && (path.at(-1) === EACH || elements.every((element) => isMessage(element.value))),
  );
  if (found !== undefined) {
    for (const element of found.elements) yield outcomeOf(draftOf(element, options), element.span);
    return;
  }
  const failed = listOf(value['errors']).length > 0 || isJsonObject(value['errors']);
  if (failed) yield { kind: 'rejected', reason: 'platform-error', span };
  else if (EMPTY_PAGES.some((name) => Object.hasOwn(value, name))) yield { kind: 'skipped' };
  else yield { kind: 'rejected', reason: 'unknown-shape', span };
}

/** Whether a value is a message, in whichever of the three forms. */
function isMessage(value: unknown): boolean {
  const message = fieldsOf(value);
  if (message === null) return false;
  const named = (names: string[]) => names.some((name) => Object.hasOwn(message, name));
  return (
    named(['message_id', 'content', 'message']) && named(['timestamp', 'inserted_at', 'sender', 'sender_id'])
  );
}

/** A message's own fields: Channex keeps them under `attributes`, with its relations beside them. */
function fieldsOf(value: unknown): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const { attributes, ...outer } = value;
  return isJsonObject(attributes) &&
    (Object.hasOwn(attributes, 'inserted_at') || Object.hasOwn(attributes, 'message'))
    ? { ...outer, ...attributes }
    : value;
}

function draftOf({ value, within }: DocumentElement, options: ImportOptions): Draft | string {
  const message = fieldsOf(value);
  if (message === null) return 'not-an-object';
  const unified = Object.hasOwn(message, 'inserted_at');
  const idField = unified ? 'id' : ['message_id', 'id'].find((name) => isGiven(message[name]));
  if (idField === undefined) return 'missing-field:message_id';
  const id = exactId(message[idField]);
  if (id === null && isGiven(message[idField])) return `invalid-field:${idField}`;

  const timeField = unified ? 'inserted_at' : 'timestamp';
  if (!isGiven(message[timeField])) return `missing-field:${timeField}`;
  const zone = zoneOf(options);
  const instant = parseInstant(textOf(message[timeField]), zone);
  if ('reason' in instant) return instant.reason;

  const told = options.profile?.guest ?? null;
  const conversation = conversationOf(message, within) ?? told?.value ?? null;
  if (conversation === null) return 'missing-field:conversation_id';
  const reference = referenceOf(message, within);
  const given: Identifier[] = told === null ? [] : [told];
  const identifiers: Identifier[] = reference === null ? given : [{ kind: 'booking', value: reference }];
  const type = textOf(message['message_type']);
  const typeKnown = type === '' || Object.hasOwn(TYPE_NAMES, type);
  const attachments = attachmentsOf(message);
  const from = senderOf(message, within);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id,
    placements: [{ conversation, identifiers }],
    at: instant.at,
    from,
    text: readable(message, type, typeKnown, attachments),
    attachments,
    edited:
      unified && isGiven(message['updated_at']) && changed(message['inserted_at'], message['updated_at']),
    sourceType: type || 'message',
    typeKnown,
    content: canonicalContent({
      at: instant.at.toISOString(),
      // The sender's id stands in some pages only, the role in all of them.
      role: from.role,
      content: wordsOf(message),
      attachments: attachments.map(({ refs }) => refs),
      attributes: attributesOf(message),
    }),
  };
}

/** Fractions of a second are written in several lengths. */
function changed(inserted: unknown, updated: unknown): boolean {
  const plain = (time: unknown) => {
    const [, base = '', fraction = ''] = /^([^.]*)(?:\.(\d*))?/.exec(textOf(time)) ?? [];
    return `${base.replace(/Z$/i, '')}.${fraction.padEnd(9, '0')}`;
  };
  return plain(inserted) !== plain(updated);
}

/** The objects in which a conversation's facts may stand, the nearest first. */
function contexts(message: JsonObject, within: readonly unknown[]): JsonObject[] {
  const around = within.filter(isJsonObject).reverse();
  return [message['conversation'], message['message_thread'], ...around.map((outer) => outer['conversation'])]
    .filter(isJsonObject)
    .concat(message, around);
}

function conversationOf(message: JsonObject, within: readonly unknown[]): string | null {
  const plain = ['conversation_id', 'message_thread_id', 'conversation'].map((name) => message[name]);
  const related = isJsonObject(message['relationships']) ? message['relationships']['message_thread'] : null;
  const thread = isJsonObject(related) && isJsonObject(related['data']) ? related['data']['id'] : null;
  const candidates = [
    ...plain,
    thread,
    ...contexts(message, within).flatMap((context) => [
      context['conversation_id'],
      context['message_thread_id'],
      // An id beside messages is the conversation's; a message's own is not.
      context === message ? null : context['id'],
    ]),
  ];
  for (const candidate of candidates) {
    const id = isJsonObject(candidate) ? null : exactId(candidate);
    if (id !== null) return id;
  }
  // Where nothing else names the conversation, the reservation does: there is one for each.
  // A thread's title is the guest's name as a rule, and so no one guest's.
  return referenceOf(message, within);
}

const REFERENCES = [
  'conversation_reference',
  'reservation_id',
  'reservation',
  'booking_id',
  'ota_reservation_code',
  'booking',
];

function referenceOf(message: JsonObject, within: readonly unknown[]): string | null {
  for (const context of contexts(message, within)) {
    const relations = isJsonObject(context['relationships']) ? context['relationships'] : {};
    for (const place of [context, relations]) {
      for (const name of REFERENCES) {
        const value = place[name];
        const inner = isJsonObject(value) ? (isJsonObject(value['data']) ? value['data'] : value) : null;
        const id = inner === null ? exactId(value) : exactId(inner['id']);
        if (id !== null) return id;
      }
    }
  }
  return null;
}

type From = StoredRecord['from'];

const ROLES: Readonly<Record<string, From['role']>> = {
  guest: 'guest',
  hotel: 'staff',
  property: 'staff',
};

/** Who wrote it. A sender of whom no page says whether it is the guest or the property is the platform itself. */
function senderOf(message: JsonObject, within: readonly unknown[]): From {
  const sender = message['sender'];
  const told = isJsonObject(sender) ? sender : {};
  const id = isJsonObject(sender)
    ? exactId(sender['participant_id'] ?? sender['participant'])
    : exactId(message['sender_id'] ?? sender);
  const metadata = metadataOf(told);
  const own = roleOf(metadata) ?? (isJsonObject(sender) ? null : namedRole(sender));
  const listed =
    id === null
      ? undefined
      : contexts(message, within)
          .map((context) => participantsOf(context).get(id))
          .find((participant) => participant !== undefined);
  const role =
    own ?? (listed === undefined ? null : (roleOf(metadataOf(listed)) ?? roleOf(listed))) ?? 'system';
  const name = textOf(metadata['name']) || textOf(listed === undefined ? '' : metadataOf(listed)['name']);
  // Channex says the role where others have an id.
  return { role, id: namedRole(sender) === null ? id : null, name: name || null };
}

/** Who takes part in a conversation, by id; the first of each counts. */
const participantsOf = oncePerObject((context) => {
  const participants = new Map<string, JsonObject>();
  for (const participant of listOf(context['participants']).filter(isJsonObject)) {
    const id = exactId(participant['participant_id'] ?? participant['id']);
    if (id !== null && !participants.has(id)) participants.set(id, participant);
  }
  return participants;
});

function metadataOf(participant: JsonObject): JsonObject {
  return isJsonObject(participant['metadata']) ? participant['metadata'] : {};
}

function roleOf(metadata: JsonObject): From['role'] | null {
  return namedRole(metadata['participant_type']) ?? namedRole(metadata['type']);
}

function namedRole(value: unknown): From['role'] | null {
  const name = textOf(value).toLowerCase();
  return lookUp(ROLES, name);
}

function attachmentsOf(message: JsonObject): DraftAttachment[] {
  return [...listOf(message['attachment_ids']), ...listOf(message['attachments'])].flatMap((attachment) => {
    const described = isJsonObject(attachment) ? attachment : { id: attachment };
    const name = textOf(described['name'] ?? described['file_name']) || null;
    const refs = [described['id'], described['attachment_id'], described['url'], name]
      .map(textOf)
      .filter((ref) => ref !== '');
    if (refs.length === 0) return [];
    const mediaType = textOf(described['media_type'] ?? described['mime_type']) || null;
    return [{ name, mediaType, bytes: null, digest: null, refs }];
  });
}

/** `message_type`, version 1.2. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  free_text: '消息 message',
  email: '邮件 email',
  automatically_sent_template: '自动发送的模板 template sent automatically',
  self_service_event: '自助服务请求 self-service request',
  request_to_book_event: '预订请求 request to book',
};

function wordsOf(message: JsonObject): string {
  return textOf(message['content'] ?? message['message']);
}

function attributesOf(message: JsonObject): JsonObject {
  return isJsonObject(message['attributes']) ? message['attributes'] : {};
}

function readable(
  message: JsonObject,
  type: string,
  typeKnown: boolean,
  attachments: readonly DraftAttachment[],
): string {
  const words = wordsOf(message);
  if (!typeKnown) return [labelled(unknownType(type.toWellFormed())), ...readableFields(message)].join('\n');
  if (words !== '') return words;
  const name = type === '' ? '消息 message' : (TYPE_NAMES[type] ?? type);
  const attributes = readableFields(attributesOf(message));
  if (attributes.length > 0) return [`[${name}]`, ...attributes].join('\n');
  return attachments.length > 0 ? '[附件 attachment]' : `[${name}]`;
}
