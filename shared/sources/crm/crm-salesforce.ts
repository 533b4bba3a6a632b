import type { Identifier } from '../../domain/record.ts';
import { canonicalContent } from '../documents/canonical-content.ts';
import { severalFormats } from '../documents/several-formats.ts';
import { platformId } from '../fields/platform-id.ts';
import { type Draft, type DraftAttachment, type ImportOptions, PLAIN_DRAFT } from '../importer.ts';
import { type DocumentElement, elementsAt, wholeOf } from '../json/document-elements.ts';
import {
  type JsonDocument,
  type Outcome,
  outcomeOf,
  readJsonDocuments,
  type Span,
} from '../json/json-documents.ts';
import { parseJsonLine } from '../json/json-line.ts';
import { EACH } from '../json/json-spans.ts';
import { byteCountOf, isJsonObject, type JsonObject, listOf, textOf } from '../json/json-value.ts';
import { type CsvObject, readCsvObjects } from '../table/csv-objects.ts';
import { hasMarkup, htmlText } from '../text/html-lines.ts';
import { labelled, unknownType } from '../text/labelled.ts';
import { readableFields } from '../text/readable-fields.ts';
import { platformTime } from '../time/platform-time.ts';
import { readTranscript, type TranscriptLine } from './chat-transcript.ts';
import { offsetsInCsv, offsetsInJson, type WrittenOffsets } from './written-offsets.ts';

/**
 * Salesforce: LiveChatTranscript, MessagingSession and ConversationEntry as query results (`{records: […]}`), NDJSON or CSV
 * (Data Loader: a header of API names), and the entries of enhanced channels (`entry_type`, `entry_payload`,
 * `transcripted_timestamp`) of the Conversation Transcript Export. Sources: Salesforce object reference
 * (LiveChatTranscript, MessagingSession, ConversationEntry), messaging object model (ConversationEntry and its payloads).
 *
 * A transcript gives a record for the chat itself, its bytes the row or object whole, and one for each line of its Body,
 * whose bytes are exactly those in which the file holds that line (JSON's or CSV's escapes and markup included). A line has
 * no id: `Id#n` is derived, and its time is the chat's start and the line's offset from it. The same transcript from CSV
 * and from JSON gives the same records.
 */
export const crmSalesforce = severalFormats(
  'crm-salesforce',
  {
    json: { read: (bytes, from, options) => readJsonDocuments(bytes, from, options, outcomesOf) },
    csv: {
      read: (bytes, from, options) =>
        readCsvObjects(bytes, from, options, { known: CSV_FIELDS, needed: missingColumn }, rowOutcomes),
    },
  },
  (head) => (/^[\s\uFEFF]*[[{]/.test(Buffer.from(head.subarray(0, 1024)).toString('utf8')) ? 'json' : 'csv'),
);

/** Fields of the three objects that are read from CSV, and those of related objects that exports bring along. */
const TRANSCRIPT_FIELDS = [
  ...['Id', 'Name', 'ChatKey', 'Body', 'CaseId', 'ContactId', 'AccountId', 'LiveChatVisitorId', 'VisitorId'],
  ...['StartTime', 'EndTime', 'CreatedDate', 'EndedBy', 'IpAddress', 'Status', 'OwnerId', 'Owner.Name'],
  ...[
    'Contact.Name',
    'Contact.Email',
    'Contact.Phone',
    'Contact.MobilePhone',
    'ContactEmail',
    'ContactPhone',
  ],
] as const;
const CSV_FIELDS: readonly string[] = [
  ...TRANSCRIPT_FIELDS,
  ...['AgentType', 'ChannelType', 'AcceptTime', 'MessagingEndUserId', 'MessagingEndUser.Name'],
  ...[
    'ActorType',
    'ActorName',
    'ActorId',
    'ConversationId',
    'EntryTime',
    'EntryType',
    'Message',
    'HasAttachments',
  ],
  ...['MessageIdentifier', 'Seq', 'EntryTimeMilliSecs'],
  ...[
    'identifier',
    'conversation_identifier',
    'entry_type',
    'entry_payload',
    'sender',
    'transcripted_timestamp',
  ],
];

/** What is written of a field, and how to find its characters there. */
type Row = { object: JsonObject; span: Span; body: { start: number; offsets: WrittenOffsets } | null };

function missingColumn(names: ReadonlySet<string>): string | null {
  if (names.has('Body')) return names.has('Id') || names.has('ChatKey') ? null : 'Id';
  const isEntry = names.has('EntryTime') || names.has('entry_payload') || names.has('ChannelType');
  return isEntry ? null : 'Body';
}

function* rowOutcomes({ text, fields, cells }: CsvObject, options: ImportOptions): Generator<Outcome> {
  const cell = cells.get('Body');
  const body =
    cell === undefined
      ? null
      : { start: cell.start, offsets: offsetsInCsv(text.slice(cell.start, cell.end)) };
  yield* objectOutcomes({ object: fields, span: { start: 0, end: text.length }, body }, options);
}

function* outcomesOf(document: JsonDocument, options: ImportOptions): Generator<Outcome> {
  const { text } = document;
  const whole = wholeOf(document);
  const lists = ['records', 'conversationEntries', 'entries'];
  const list = isJsonObject(whole.value)
    ? lists.find((name) => isJsonObject(whole.value) && Array.isArray(whole.value[name]))
    : undefined;
  for (const element of list === undefined ? [whole] : elementsAt(text, whole, [list, EACH])) {
    if (!isJsonObject(element.value)) {
      yield { kind: 'rejected', reason: 'not-an-object', span: element.span };
      continue;
    }
    yield* objectOutcomes(
      { object: element.value, span: element.span, body: bodyOf(text, element) },
      options,
    );
  }
}

function bodyOf(text: string, element: DocumentElement): Row['body'] {
  const [body] = elementsAt(text, element, ['Body']);
  if (body === undefined || typeof body.value !== 'string') return null;
  return { start: body.span.start, offsets: offsetsInJson(text.slice(body.span.start, body.span.end)) };
}

function* objectOutcomes(row: Row, options: ImportOptions): Generator<Outcome> {
  const { object, span } = row;
  if (object['entry_type'] !== undefined || object['entry_payload'] !== undefined) {
    yield outcomeOf(enhancedEntry(object, options), span);
  } else if (textOf(object['EntryTime']) !== '' || textOf(object['ActorType']) !== '') {
    yield outcomeOf(conversationEntry(object, options), span);
  } else if (textOf(object['Body']) !== '' || textOf(object['ChatKey']) !== '') {
    yield* transcriptOutcomes(row, options);
  } else if (textOf(object['ChannelType']) !== '' || textOf(object['AgentType']) !== '') {
    yield outcomeOf(messagingSession(object, options), span);
  } else {
    yield { kind: 'rejected', reason: 'missing-field:Body', span };
  }
}

function* transcriptOutcomes({ object, span, body }: Row, options: ImportOptions): Generator<Outcome> {
  const id = platformId(object['Id']) || platformId(object['ChatKey']);
  if (id === '') {
    yield { kind: 'rejected', reason: 'missing-field:Id', span };
    return;
  }
  const transcript = readTranscript(textOf(object['Body']));
  const written = ['StartTime', 'CreatedDate'].map((name) => timeOf(object[name], options));
  const start = transcript.started ?? written.find((time) => time instanceof Date);
  if (start === undefined) {
    const faults = written.filter((time) => typeof time === 'string');
    yield { kind: 'rejected', reason: faults[0] ?? 'missing-field:StartTime', span };
    return;
  }
  const placement: Draft['placements'][number] = {
    conversation: JSON.stringify(['transcript', id]),
    identifiers: identifiersOf(object, id),
  };
  const facts = Object.fromEntries(
    TRANSCRIPT_FIELDS.flatMap((name) => {
      const value = name === 'Body' ? '' : fieldOf(object, name);
      return value === '' ? [] : [[name, /(?:Time|Date)$/.test(name) ? sameTime(value, options) : value]];
    }),
  );
  yield outcomeOf(
    {
      ...PLAIN_DRAFT,
      sourceMessageId: id,
      placements: [placement],
      staff: staffOf(object['OwnerId']),
      at: start,
      from: { role: 'system', id: null, name: null },
      text: ['[聊天记录 chat transcript]', ...readableFields(withoutOwnIds(facts))].join('\n'),
      sourceType: 'LiveChatTranscript',
      content: canonicalContent(facts),
    },
    span,
  );
  // A notice in the midst of a chat has no offset: it is as late as the message before it.
  let after = 0;
  for (const [index, line] of transcript.lines.entries()) {
    after = line.after ?? after;
    const place = body === null ? span : placeOf(line, body);
    const at = new Date(start.getTime() + after);
    const role = roleOf(line, transcript, object, options);
    yield outcomeOf(
      {
        ...PLAIN_DRAFT,
        sourceMessageId: `${id}#${index + 1}`,
        placements: [placement],
        staff: role === 'staff' ? staffOf(object['OwnerId']) : [],
        at,
        from: { role, id: null, name: line.speaker },
        // A date in words reads as a number that goes on.
        text: line.startsAt === null ? line.text : `Chat Started: ${line.startsAt.toISOString()}`,
        sourceType: line.kind,
        content: canonicalContent({
          transcript: id,
          speaker: line.speaker,
          after: line.after,
          text: line.text,
        }),
      },
      place,
    );
  }
}

function placeOf({ start, end }: TranscriptLine, body: NonNullable<Row['body']>): Span {
  return {
    start: body.start + (body.offsets[start] ?? 0),
    end: body.start + (body.offsets[end] ?? 0),
  };
}

/**
 * A transcript names speakers alone. Agents and bots are those announced in it, the owner and the hotel's own names; the
 * guest is `Visitor`, the contact, or whoever is left where an agent was announced. Nobody is guessed to be the guest.
 */
function roleOf(
  { kind, speaker }: TranscriptLine,
  { agents, bots }: { agents: string[]; bots: string[] },
  object: JsonObject,
  { ownNames }: ImportOptions,
): Draft['from']['role'] {
  if (kind === 'notice' || speaker === null || speaker === 'System') return 'system';
  const isNamed = (names: readonly string[]) =>
    names.some((name) => name === speaker || name.startsWith(`${speaker} `));
  if (isNamed(bots)) return 'robot';
  if (isNamed([...agents, ...ownNames, fieldOf(object, 'Owner.Name')])) return 'staff';
  const guests = ['Visitor', fieldOf(object, 'Contact.Name')];
  return guests.includes(speaker) || agents.length > 0 ? 'guest' : 'system';
}

const ACTORS: Readonly<Record<string, Draft['from']['role']>> = {
  agent: 'staff',
  supervisor: 'staff',
  bot: 'robot',
  chatbot: 'robot',
  enduser: 'guest',
  system: 'system',
};

function conversationEntry(object: JsonObject, options: ImportOptions): Draft | string {
  const conversation = platformId(object['ConversationId']);
  if (conversation === '') return 'missing-field:ConversationId';
  const at = timeOf(object['EntryTime'], options) ?? 'missing-field:EntryTime';
  if (typeof at === 'string') return at;
  const actor = textOf(object['ActorType']);
  const role = ACTORS[actor.toLowerCase()];
  const id = platformId(object['Id']) || platformId(object['MessageIdentifier']);
  const type = textOf(object['EntryType']) || 'Text';
  const message = textOf(object['Message']);
  const hasAttachments = textOf(object['HasAttachments']).toLowerCase() === 'true';
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id || null,
    placements: [
      {
        conversation: JSON.stringify(['conversation', conversation]),
        identifiers: identifiersOf(withEndUser(object, role, object['ActorId']), conversation),
      },
    ],
    staff: role === 'staff' ? staffOf(object['ActorId']) : [],
    at,
    from: {
      role: role ?? 'system',
      id: platformId(object['ActorId']) || null,
      name: textOf(object['ActorName']) || null,
    },
    text: [
      ...(type === 'Text' ? [] : [`[${type}]`]),
      message,
      ...(hasAttachments ? ['[附件 attachment]'] : []),
    ]
      .filter((part) => part !== '')
      .join('\n'),
    // The object says that there are attachments, not which.
    attachments: hasAttachments
      ? [{ name: null, mediaType: null, bytes: null, digest: null, refs: id === '' ? [] : [id] }]
      : [],
    sourceType: type,
    typeKnown: role !== undefined,
    content: canonicalContent({ id, conversation, actor, type, message, hasAttachments }),
  };
}

function messagingSession(object: JsonObject, options: ImportOptions): Draft | string {
  const id = platformId(object['Id']);
  if (id === '') return 'missing-field:Id';
  const times = ['StartTime', 'AcceptTime', 'CreatedDate'].map((name) => timeOf(object[name], options));
  const at = times.find((time) => time instanceof Date) ?? times.find((time) => time !== null);
  if (at === undefined || at === null) return 'missing-field:StartTime';
  if (typeof at === 'string') return at;
  const facts = readableFields(object, ['attributes', 'url']);
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id,
    placements: [
      { conversation: JSON.stringify(['conversation', id]), identifiers: identifiersOf(object, id) },
    ],
    staff: staffOf(object['OwnerId']),
    at,
    from: { role: 'system', id: null, name: null },
    text: [
      '[消息会话 messaging session]',
      ...readableFields(withoutOwnIds(object), ['attributes', 'url']),
    ].join('\n'),
    sourceType: 'MessagingSession',
    content: canonicalContent({ facts }),
  };
}

/** Types of the messaging object model; the others are kept whole. */
const ENTRY_TYPES: Readonly<Record<string, string>> = {
  MESSAGE: '',
  PARTICIPANT_CHANGED: '[参与者变动 participant changed]',
  MESSAGE_DELIVERY_FAILED: '[未送达 delivery failed]',
  ROUTING_RESULT: '[路由 routing]',
  ROUTING_WORK_RESULT: '[路由 routing]',
  NOTE: '[备注 note]',
  FLAG_RAISE: '[求助 flag raised]',
  FLAG_LOWER: '[求助解除 flag lowered]',
  CLIENT_MENU: '[菜单 menu]',
  END_USER_CONSENT_UPDATED: '[客人同意变更 consent updated]',
  SESSION_STATUS_CHANGED: '[会话状态 session status]',
  CONSULT_CONVERSATION_INFO: '[内部咨询 consultation]',
  SESSION_CONTEXT: '[会话背景 session context]',
  SESSION_OWNER_CHANGED: '[会话转交 session owner changed]',
};
/** What staff write to staff. */
const INTERNAL_TYPES: readonly string[] = ['NOTE', 'FLAG_RAISE', 'FLAG_LOWER', 'CONSULT_CONVERSATION_INFO'];

function enhancedEntry(object: JsonObject, options: ImportOptions): Draft | string {
  const payload = parsedObject(object['entry_payload']);
  if (payload === null) return 'invalid-field:entry_payload';
  const sender = parsedObject(object['sender']) ?? { subject: object['sender'] };
  // The vendor's documentation writes `conversation_identifer`.
  const conversation =
    platformId(object['conversation_identifier']) ||
    platformId(object['conversation_identifer']) ||
    platformId(object['conversationIdentifier']) ||
    platformId(object['ConversationId']);
  if (conversation === '') return 'missing-field:conversation_identifier';
  const at = timeOf(object['transcripted_timestamp'], options) ?? 'missing-field:transcripted_timestamp';
  if (typeof at === 'string') return at;
  const type = textOf(object['entry_type']) || textOf(payload['entryType']);
  const name = type.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
  const known = Object.hasOwn(ENTRY_TYPES, name);
  const actor = textOf(sender['role']) || textOf(sender['actorType']);
  const role = ACTORS[actor.toLowerCase()] ?? 'system';
  const id = platformId(object['identifier']) || platformId(payload['id']);
  const senderId = platformId(sender['subject']) || platformId(sender['id']);
  const internal = INTERNAL_TYPES.includes(name);
  const said = name === 'MESSAGE' ? messageIn(payload) : null;
  return {
    ...PLAIN_DRAFT,
    sourceMessageId: id || null,
    placements: [
      {
        conversation: JSON.stringify(['conversation', conversation]),
        identifiers: identifiersOf(withEndUser(object, role, senderId), conversation),
      },
    ],
    staff: role === 'staff' ? staffOf(senderId) : [],
    at,
    category: internal ? 'complaint-plan' : null,
    from: {
      role: internal ? 'staff' : role,
      id: senderId || null,
      name: textOf(sender['displayName']) || textOf(object['senderDisplayName']) || null,
    },
    text:
      said?.text ??
      [
        known ? ENTRY_TYPES[name] : labelled(unknownType(type)),
        ...readableFields(payload, ['entryType', 'id']),
      ]
        .filter((part) => part !== undefined && part !== '')
        .join('\n'),
    attachments: said?.attachments ?? [],
    internal,
    sourceType: name === '' ? 'entry' : name,
    typeKnown: known,
    content: canonicalContent({ id, conversation, type: name, sender: senderId, payload }),
  };
}

/** The words of a message; every field of it where it has another form than text. */
function messageIn(payload: JsonObject): { text: string; attachments: DraftAttachment[] } {
  const message = isJsonObject(payload['abstractMessage']) ? payload['abstractMessage'] : payload;
  const content = isJsonObject(message['staticContent']) ? message['staticContent'] : {};
  const attachments = listOf(content['attachments']).flatMap(attachmentOf);
  const words = textOf(content['text']) || textOf(message['text']);
  const text = textOf(content['formatType']) === 'RichText' && hasMarkup(words) ? htmlText(words) : words;
  const shown = attachments.map(({ name }) => `[附件 attachment] ${name ?? ''}`.trim());
  const parts = [text, ...shown].filter((part) => part !== '');
  return {
    text:
      parts.length > 0
        ? parts.join('\n')
        : readableFields(message, ['id', 'messageType', 'formatType', 'inReplyToMessageId']).join('\n'),
    attachments,
  };
}

function attachmentOf(value: unknown): DraftAttachment[] {
  if (!isJsonObject(value)) return [];
  const name = textOf(value['name']) || null;
  return [
    {
      name,
      mediaType: textOf(value['mimeType']) || null,
      bytes: byteCountOf(value['contentLength'] ?? value['size']),
      digest: null,
      refs: [platformId(value['id']), platformId(value['referenceId']), name ?? ''].filter(
        (ref) => ref !== '',
      ),
    },
  ];
}

/** A JSON string, or the object that an exporter made of it. */
function parsedObject(value: unknown): JsonObject | null {
  if (isJsonObject(value)) return value;
  const parsed = typeof value === 'string' ? parseJsonLine(value) : null;
  return parsed?.ok === true && isJsonObject(parsed.value) ? parsed.value : null;
}

/** What an end user writes says who the end user is. */
function withEndUser(
  object: JsonObject,
  role: Draft['from']['role'] | undefined,
  author: unknown,
): JsonObject {
  const known = platformId(object['MessagingEndUserId']);
  return { ...object, MessagingEndUserId: known || (role === 'guest' ? author : '') };
}

/**
 * The contact, or whom the messages are with; then mail, telephone and case where the export has them. The conversation is
 * a ticket too: it holds together what names no guest.
 */
function identifiersOf(object: JsonObject, conversation: string): Identifier[] {
  const crm = ['ContactId', 'LiveChatVisitorId', 'VisitorId', 'MessagingEndUserId']
    .map((name) => platformId(object[name]))
    .find((id) => id !== '');
  const emails = ['Contact.Email', 'ContactEmail'].map((name) => fieldOf(object, name));
  const phones = ['Contact.MobilePhone', 'Contact.Phone', 'ContactPhone'].map((name) =>
    fieldOf(object, name),
  );
  const identifiers: Identifier[] = [
    { kind: 'crm', value: crm ?? '' },
    { kind: 'email', value: emails.find((value) => value !== '') ?? '' },
    { kind: 'phone', value: phones.find((value) => value !== '') ?? '' },
    { kind: 'ticket', value: platformId(object['CaseId']) },
    { kind: 'ticket', value: conversation },
  ];
  return identifiers.filter(({ value }) => value !== '');
}

/** A field by its API name; a related object's stands within it in JSON, under the whole name in CSV. */
function fieldOf(object: JsonObject, name: string): string {
  const [outer = '', inner] = name.split('.');
  const related = object[outer];
  const value = inner !== undefined && isJsonObject(related) ? related[inner] : object[name];
  return textOf(value).trim();
}

/** User ids (005…) are staff. */
function staffOf(id: unknown): string[] {
  const user = platformId(id);
  return user.startsWith('005') ? [`crm-salesforce:${user}`] : [];
}

function timeOf(value: unknown, { timezone }: ImportOptions): Date | string | null {
  if (textOf(value) === '') return null;
  const instant = platformTime(value, timezone);
  return 'reason' in instant ? instant.reason : instant.at;
}

function sameTime(value: string, options: ImportOptions): string {
  const time = timeOf(value, options);
  return time instanceof Date ? time.toISOString() : value;
}

/**
 * The fields without Salesforce's own ids of its objects (15 characters, or 18 with their check), which say nothing to a
 * reader and look like numbers of documents: they stand in the original and in what the record is found by.
 */
function withoutOwnIds(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name, value]) =>
        !(
          (/Id$/.test(name) && /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(textOf(value))) ||
          (name === 'ChatKey' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(textOf(value)))
        ),
    ),
  );
}
